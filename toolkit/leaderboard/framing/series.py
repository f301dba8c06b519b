"""A column's values as a pandas Series of the narrowest type that holds them as they are."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toolkit.runs import Status

_MAY_BE_MISSING = ("rank", "rung", "epoch")
_LARGEST_EXACT = 2**53
_BEYOND_INT64 = 2**63


def series_of(name: str, values: Sequence[Any]) -> pd.Series:
    """The column under its name in the CSV; None is a missing value.

    Whole numbers are `int64`, or `Int64` where some are missing; numbers with a fraction among them
    `float64`, in which a missing value and NaN are one. Lists, dictionaries, and values of several kinds
    stay the objects they are.
    """
    if name == "status":
        return pd.Series(pd.Categorical(values, categories=[status.value for status in Status]))
    if name in _MAY_BE_MISSING:
        return pd.Series(values, dtype="Int64")
    given = [value for value in values if value is not None]
    kinds = {type(value) for value in given}
    is_whole = len(given) == len(values)
    if kinds == {bool}:
        return pd.Series(values, dtype="bool" if is_whole else "boolean")
    if kinds == {int} and all(-_BEYOND_INT64 <= value < _BEYOND_INT64 for value in given):
        return pd.Series(values, dtype="int64" if is_whole else "Int64")
    if float in kinds and kinds <= {int, float} and all(map(_is_exact, given)):
        return pd.Series(values, dtype="float64")
    if kinds == {str}:
        return pd.Series(values)
    return pd.Series(values, dtype="object")


def _is_exact(value: int | float) -> bool:
    """Whether a float64 holds it as it is."""
    return isinstance(value, float) or abs(value) <= _LARGEST_EXACT
