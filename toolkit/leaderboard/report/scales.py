"""Whether an axis is logarithmic, and what a value is to a chart."""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low
from typing import Any, TypeGuard

_DECADES = 2
_DIGITS = 5
_RATES = frozenset({"lr", "learning_rate", "weight_decay"})


def is_log(path: str, values: Iterable[Any], sampled: Mapping[str, bool]) -> bool:
    """Whether the values of a hyperparameter belong on a logarithmic axis.

    They do where the search samples them so. Where its space is not known, they do if they span more than
    two decades, and not by a few small ones alone, or if the name is that of a learning rate. Never where one
    of them is not above 0.
    """
    numbers = [value for value in values if is_number(value)]
    if not numbers or min(numbers) <= 0:
        return False
    if path in sampled:
        return sampled[path]
    return path.rpartition(".")[2] in _RATES or _spreads_over_decades(numbers)


def _spreads_over_decades(numbers: Sequence[float]) -> bool:
    """Whether half of the numbers would not be squeezed into the upper quarter of a logarithmic axis.

    Evenly drawn numbers begin as near to 0 as chance has it, and yet half of them lie within a factor of 2.
    """
    low, middle, high = (math.log10(each) for each in (min(numbers), median_low(numbers), max(numbers)))
    return high - low > _DECADES and middle - low < 0.75 * (high - low)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a chart can place it: a finite number that a float can hold, and no boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False


def for_chart(value: Any) -> float | None:
    """A number with the five digits that a chart can show; None for what cannot be drawn."""
    return float(f"{value:.{_DIGITS}g}") if is_number(value) else None
