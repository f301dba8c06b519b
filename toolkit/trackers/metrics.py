"""What the services make of a metric: which values are numbers to them, and what TensorBoard calls them.

MLflow and W&B keep the journal's names; TensorBoard groups its charts by what stands before a slash.
"""

import math
from typing import Any

_SPLITS = ("training", "validation", "test")


def as_number(value: Any) -> float | None:
    """The value as a service's float: numbers and booleans, NaN and infinities too; None otherwise."""
    if not isinstance(value, bool | int | float):
        return None
    try:
        return float(value)
    except OverflowError:  # an integer of more than 308 digits
        return None


def is_exact(value: Any) -> bool:
    """Whether a float says all of the value: false for text, None, lists, infinities and huge integers."""
    number = as_number(value)
    return number is not None and not math.isinf(number) and (math.isnan(number) or number == value)


def tensorboard_tag(name: str) -> str:
    """`training_loss` -> `training/loss`, `validation_fscore__Hotels` -> `validation/fscore/Hotels`.

    A name that begins with none of the splits stays in a group of its own: `best_validation_loss`.
    """
    measure, behind, label = name.partition("__")
    split, _, rest = measure.partition("_")
    if split in _SPLITS and rest:
        measure = f"{split}/{rest}"
    return f"{measure}/{label}" if measure and label else measure + behind + label
