"""Values as sqlite holds them, without loss: numbers and texts as they are, everything else as JSON.

sqlite has no booleans and no NaN, and NULL stands here for what a run does not have. So `True`, `None`,
NaN, lists, dictionaries and integers of more than 64 bits are kept as the bytes of their JSON: a BLOB,
which equals no number and no text.
"""

import math
from typing import Any

from toolkit.runs.values import dumps, is_unicode, loads

Cell = int | float | str | bytes | None
"""What stands in a column; None (NULL) where the run has no such value."""

_BITS = 63


def to_cell(value: Any) -> int | float | str | bytes:
    """The value as a column keeps it."""
    if type(value) is float and not math.isnan(value):
        return value
    if type(value) is int and value.bit_length() <= _BITS:
        return value
    if type(value) is str and (value.isascii() or is_unicode(value)):
        return value
    return dumps({"": value}).encode()


def from_cell(cell: int | float | str | bytes) -> Any:
    """The value of a column that is not NULL."""
    return loads(cell)[""] if isinstance(cell, bytes) else cell


def are_same(one: Any, other: Any) -> bool:
    """Whether two values are one: 1 is 1.0 and NaN is NaN, but True is not 1."""
    return to_cell(one) == to_cell(other)
