"""`Dataset`: the rows that a model is trained, evaluated or searched on, a thin layer over pandas."""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.data.normalise import clean
from toolkit.data.problems import Problems
from toolkit.data.reader import REQUIRED, nearest, read_csv
from toolkit.data.writer import csv_bytes
from toolkit.errors import DataError


class Dataset:
    """Rows with named columns; `text` and `label` are what a text classifier trains on.

    Made by `from_csv`, `from_pandas` or `from_dict`, never changed afterwards. Texts and labels are
    in Unicode form NFC and never blank. Pickles, so that it can travel to a worker.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        path: str | None = None,
        sha256: str | None = None,
        lines: list[int] | None = None,
    ) -> None:
        self._frame = frame
        self._sha256 = sha256
        self._lines = lines
        self.path = path

    @classmethod
    def from_csv(cls, path: str | Path, *, require: tuple[str, ...] = REQUIRED) -> "Dataset":
        """Read a comma-separated UTF-8 file; every value is text, `NA` and `007` too.

        Args:
            path: the file; its header must name the columns in `require`, others are kept.
            require: `("text",)` reads a file without labels.

        Raises:
            DataError: the first ten problems of the file, each with its line.

        Labels that differ only by case or spaces are a `UserWarning`.
        """
        rows = read_csv(path, require=require)
        for warning in rows.warnings:
            warnings.warn(warning, UserWarning, stacklevel=2)
        by_column = zip(*rows.rows, strict=True)
        frame = pd.DataFrame(dict(zip(rows.columns, map(list, by_column), strict=True)))
        return cls(frame, path=str(path), sha256=rows.sha256, lines=rows.lines)

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame) -> "Dataset":
        """Take the rows of a DataFrame; its index is dropped, the frame itself is not changed.

        Raises:
            DataError: a `text` or `label` is not a string, or blank; or a column name appears twice.
        """
        repeated = sorted(map(str, frame.columns[frame.columns.duplicated()]))
        if repeated:
            raise DataError(f"the data names the columns {repeated} more than once")
        copy = frame.reset_index(drop=True).copy()
        problems = Problems()
        for column in REQUIRED:
            if column in copy.columns:
                copy[column] = _clean_column(column, copy[column].tolist(), problems)
        problems.raise_if_any()
        return cls(copy)

    @classmethod
    def from_dict(cls, columns: Mapping[str, Sequence[Any]]) -> "Dataset":
        """Take columns of equal length: `Dataset.from_dict({"text": [...], "label": [...]})`.

        Raises:
            DataError: the columns have different lengths, or a `text` or `label` is not a string or blank.
        """
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise DataError(f"all columns must have the same length, got {lengths}")
        return cls.from_pandas(pd.DataFrame({name: list(values) for name, values in columns.items()}))

    def __len__(self) -> int:
        return len(self._frame)

    def __getitem__(self, column: str) -> list[Any]:
        """The values of a column, in the order of the rows."""
        if column not in self._frame.columns:
            raise DataError(
                f"{self.path or 'the data'}: there is no column {column!r}, the columns are "
                f"{', '.join(map(repr, self.columns))}{nearest(column, self.columns)}"
            )
        return self._frame[column].tolist()

    def __repr__(self) -> str:
        origin = f" from {self.path}" if self.path is not None else ""
        return f"Dataset({len(self)} rows of {', '.join(self.columns)}{origin})"

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in the order of the file."""
        return [str(column) for column in self._frame.columns]

    @property
    def texts(self) -> list[str]:
        """The column `text`."""
        return self["text"]

    @property
    def labels(self) -> list[str]:
        """The column `label`."""
        return self["label"]

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal: of the file's bytes, or of the bytes the rows would have as a file."""
        if self._sha256 is not None:
            return self._sha256
        rows = self._frame.itertuples(index=False, name=None)
        return hashlib.sha256(csv_bytes(self.columns, rows)).hexdigest()

    def head(self, n: int | None = 5) -> pd.DataFrame:
        """The first `n` rows, or all of them with None, as a DataFrame of its own."""
        return (self._frame if n is None else self._frame.head(n)).copy()

    def to_pandas(self) -> pd.DataFrame:
        """All rows as a DataFrame of its own."""
        return self._frame.copy()

    def unique(self, column: str) -> list[Any]:
        """The distinct values of a column, sorted."""
        return sorted(set(self[column]))

    def where(self, index: int) -> str:
        """How a message names a row: `train.csv:7` by file and line, or `row 5` counted from 0."""
        return f"row {index}" if self._lines is None else f"{self.path}:{self._lines[index]}"


def _clean_column(column: str, values: list[Any], problems: Problems) -> list[str]:
    cleaned = []
    for index, value in enumerate(values):
        if not isinstance(value, str):
            problems.add(f"row {index}", f"{column!r} must be a string, got {value!r}")
            continue
        text = clean(column, value)
        if text is None:
            problems.add(f"row {index}", f"{column!r} is blank: fill it in or drop the row")
            continue
        cleaned.append(text)
    problems.raise_if_any()
    return cleaned
