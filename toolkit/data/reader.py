"""Reads a CSV file of texts and labels strictly: what could be wrong is an error with its line.

`csv` and pandas read most broken files without a word: they drop rows, take `NA` for missing, shift
columns. Here every field is text, every row has every column, and the file is UTF-8.
"""

import difflib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.data.decoding import decode
from toolkit.data.normalise import clean, is_blank
from toolkit.data.opening import read_bytes
from toolkit.data.problems import Problems
from toolkit.data.records import read_records
from toolkit.data.suspicions import swallowed_rows, twin_labels
from toolkit.errors import DataError

REQUIRED = ("label", "text")


@dataclass(frozen=True)
class Limits:
    """What is refused as too large to be meant: a wrong file, or a quote left open."""

    bytes: int = 1 << 29  # of the file, checked before it is read
    rows: int = 2_000_000
    characters: int = 10_000  # of one field


@dataclass(frozen=True)
class Rows:
    """A CSV file as read: text and label in NFC, label without spaces around it, all else verbatim."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    lines: list[int]  # the line on which each row begins
    warnings: list[str]
    sha256: str  # of the file's bytes


def read_csv(path: str | Path, *, require: tuple[str, ...] = REQUIRED, limits: Limits | None = None) -> Rows:
    """Read a comma-separated UTF-8 file with a header.

    `require` names the columns that must be there; others are kept. A byte order mark, CRLF, CR,
    line breaks inside quotes and blank lines at the end are read as what they are.

    Raises:
        DataError: the first ten problems, one a line, each with file and line.
    """
    source, limits = str(path), limits or Limits()
    data = read_bytes(Path(path), limits.bytes)
    problems = Problems()
    records = read_records(decode(data, source), source, problems)
    _, header = next(records, (1, []))
    problems.raise_if_any()
    columns = _check_header(header, require, source)

    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    spellings: dict[str, int] = {}
    for line, fields in _without_blank_end(records, source, problems):
        if len(rows) == limits.rows:
            raise DataError(f"{source}:{line}: the file has more than {limits.rows:,} rows: split it")
        row = _check_row(fields, columns, f"{source}:{line}", limits.characters, problems)
        if row is None:
            continue
        rows.append(row)
        lines.append(line)
        if "label" in columns:
            spellings.setdefault(fields[columns.index("label")], line)
    problems.raise_if_any()
    if not rows:
        raise DataError(f"{source}:1: has no data rows below its header")
    warnings = [*twin_labels(spellings, source), *swallowed_rows(columns, rows, lines, source)]
    return Rows(columns, rows, lines, warnings, hashlib.sha256(data).hexdigest())


def nearest(name: str, known: list[str]) -> str:
    """`; did you mean 'label'?` when a known name is near, else nothing."""
    stripped = {other.strip().casefold(): other for other in reversed(known)}
    near = difflib.get_close_matches(name.strip().casefold(), stripped, n=1)
    return f"; did you mean {stripped[near[0]]!r}?" if near else ""


def _without_blank_end(
    records: Iterable[tuple[int, list[str]]], source: str, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """The records but for blank lines: at the end they mean nothing, between rows they are a problem."""
    blank_lines: list[int] = []
    for line, fields in records:
        if not fields or (len(fields) == 1 and is_blank(fields[0])):
            blank_lines.append(line)
            continue
        for blank in blank_lines:
            problems.add(f"{source}:{blank}", "is a blank line between rows: delete it")
        blank_lines.clear()
        yield line, fields


def _check_header(header: list[str], require: tuple[str, ...], source: str) -> tuple[str, ...]:
    named = ", ".join(repr(column) for column in header) or "nothing"
    wanted = ",".join(require)
    if len(header) == 1 and any(separator in header[0] for separator in ";\t"):
        kind = "semicolons" if ";" in header[0] else "tabs"
        raise DataError(f"{source}:1: the columns are separated by {kind}, expected commas: {wanted}")
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise DataError(
            f"{source}:1: the header names {', '.join(map(repr, repeated))} more than once: {named}"
        )
    missing = [name for name in require if name not in header]
    if missing:
        hints = "".join(nearest(name, header) for name in missing)
        raise DataError(
            f"{source}:1: the header must name {' and '.join(map(repr, missing))}, "
            f"it has {named}{hints or f'; is the first line a header such as {wanted}?'}"
        )
    return tuple(header)


def _check_row(
    fields: list[str], columns: tuple[str, ...], where: str, limit: int, problems: Problems
) -> tuple[str, ...] | None:
    if len(fields) != len(columns):
        problems.add(where, _explain_width(fields, columns))
        return None
    row = []
    for column, value in zip(columns, fields, strict=True):
        if len(value) > limit:
            problems.add(
                where, f"{column!r} has {len(value):,} characters, at most {limit:,}; is a quote left open?"
            )
            return None
        checked = clean(column, value)
        if checked is None:
            problems.add(where, f"{column!r} is blank: fill it in or delete the row")
            return None
        row.append(checked)
    return tuple(row)


def _explain_width(fields: list[str], columns: tuple[str, ...]) -> str:
    plural = "field" if len(fields) == 1 else "fields"
    what = f"has {len(fields)} {plural}, the header has {len(columns)} ({','.join(columns)})"
    if len(fields) > len(columns):
        return f'{what}: put a text with a comma in quotes, "Müller, Bau Gmbh"'
    for separator, name in ((";", "semicolon"), ("\t", "tab")):
        if any(separator in field for field in fields):
            return f"{what}: separate fields by a comma instead of a {name}"
    return f"{what}: every row needs a value for each column"
