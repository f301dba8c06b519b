"""How far apart two versions of a CSV, JSON or YAML file are, value by value.

Only floating-point numbers may differ a little. A whole number is a count, an epoch or a seed, and a
text an id, a label or a status: those are equal or not. In CSV a cell is a float only where it is written
as one, with a point or a signed exponent, so that an id of digits and an `e` stays an id.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

TOLERANCE = 1e-6
"""The largest relative difference of two floats that counts as last digits.

Weights are float32, which keeps 6e-8 of a number. Another processor or another version of torch adds in
another order, and a sum over an epoch loses about one digit by that. What moves more was computed from
other numbers.
"""

MISSING = object()
"""Stands for the value of a place that only one of the two files has."""

Place = tuple[Any, ...]

_FLOAT = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?=[eE][+-]))(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Change:
    """A value that is not the same in both files.

    Attributes:
        place: line, number and name of the column in CSV; keys, and numbers from 0, in JSON and YAML.
        before, after: the values; MISSING where the file has no such place.
        relative: the difference by the larger of the two; None where they are not two finite floats.
    """

    place: Place
    before: Any
    after: Any
    relative: float | None

    @property
    def is_small(self) -> bool:
        return self.relative is not None and self.relative <= TOLERANCE


def changes(before: bytes, after: bytes, name: str) -> list[Change] | None:
    """The values that are not the same, in the order of the files; None where they cannot be read as values.

    Args:
        name: of the file; its ending says how to read it.
    """
    try:
        old, new = _values(before, name), _values(after, name)
    except (ValueError, csv.Error, YAMLError, RecursionError):
        return None
    if old is None or new is None:
        return None
    found = []
    for place in dict.fromkeys([*old, *new]):
        one, other = old.get(place, MISSING), new.get(place, MISSING)
        if not is_same(one, other):
            found.append(Change(place, one, other, _relative(one, other)))
    return found


def _values(content: bytes, name: str) -> dict[Place, Any] | None:
    """Place -> value; None for a file of another kind."""
    kind, text = PurePosixPath(name).suffix.lower(), content.decode("utf-8")
    if kind == ".csv":
        return dict(_cells(text))
    if kind == ".json":
        return dict(_leaves(json.loads(text)))
    if kind in (".yaml", ".yml"):
        return dict(_leaves(YAML(typ="safe", pure=True).load(text)))
    return None


def _cells(text: str) -> Iterator[tuple[Place, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    yield ("columns",), tuple(header)
    for row in reader:
        for number, (column, cell) in enumerate(zip_longest(header, row), start=1):
            yield (f"line {reader.line_num}", number, column or f"cell {number}"), _cell(cell)


def _cell(text: str | None) -> Any:
    return float(text) if text is not None and _FLOAT.fullmatch(text) else text


def _leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Everything that is no mapping and no list; empty ones stand for themselves."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*place, key))
    else:
        yield place, value


def is_same(one: Any, other: Any) -> bool:
    """Whether the two are of one type and equal; NaN is equal to NaN."""
    if type(one) is not type(other):
        return False
    return bool(one == other) or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


def _relative(one: Any, other: Any) -> float | None:
    if not (isinstance(one, float) and isinstance(other, float)):
        return None
    if not (math.isfinite(one) and math.isfinite(other)):
        return None
    return abs(one - other) / max(abs(one), abs(other))


def place_in_words(place: Place) -> str:
    """`line 3, training_loss` in CSV, `runs[2].points[0].metrics.validation_loss` in JSON and YAML."""
    if len(place) == 3 and str(place[0]).startswith("line "):
        return f"{place[0]}, {place[2]}"
    words = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return words.removeprefix(".") or "the whole file"


def pair_in_words(before: Any, after: Any) -> tuple[str, str]:
    """Two values as a person reads them: floats with as many digits, four at least, as tell them apart."""
    if isinstance(before, float) and isinstance(after, float):
        for digits in range(4, 17):
            pair = f"{before:.{digits}g}", f"{after:.{digits}g}"
            if pair[0] != pair[1]:
                return pair
    return _in_words(before), _in_words(after)


def _in_words(value: Any) -> str:
    if value is MISSING or value == "":
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."
