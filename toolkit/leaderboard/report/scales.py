"""Whether an axis is logarithmic, and what a value is to a chart."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.leaderboard.ranking import is_usable

_DECADES = 2
_DIGITS = 5
_RATES = frozenset({"lr", "learning_rate", "weight_decay"})


def is_log(path: str, values: Iterable[Any], sampled: Mapping[str, bool]) -> bool:
    """Whether the values of a hyperparameter belong on a logarithmic axis.

    They do where the search samples them so. Where its space is not known, they do if they span more than
    two decades, or if the name is that of a learning rate. Never where one of them is not above 0.
    """
    numbers = [value for value in values if is_usable(value)]
    if not numbers or min(numbers) <= 0:
        return False
    if path in sampled:
        return sampled[path]
    decades = math.log10(max(numbers)) - math.log10(min(numbers))
    return decades > _DECADES or path.rpartition(".")[2] in _RATES


def for_chart(value: Any) -> float | None:
    """A number with the five digits that a chart can show; None for what cannot be drawn."""
    if not is_usable(value):
        return None
    try:
        return float(f"{value:.{_DIGITS}g}")
    except OverflowError:  # an integer of more than 308 digits
        return None
