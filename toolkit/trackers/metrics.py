"""What the services make of a metric: which values are numbers to them, and what TensorBoard calls them.

MLflow and W&B keep the journal's names; TensorBoard groups its charts by what stands before a slash.
"""

import hashlib
import math
import re
from typing import Any

_SPLITS = ("training", "validation", "test")
_MADE_APART = re.compile(r"-[0-9a-f]{8}$")
TAKEN_TAGS = ("lineage", "params", "end")
"""TensorBoard's texts about a run itself, beside those that are metrics."""


def as_number(value: Any) -> float | None:
    """The value as a service's float: numbers and booleans, NaN and infinities too; None otherwise."""
    if not isinstance(value, bool | int | float):
        return None
    try:
        return float(value)
    except OverflowError:  # an integer of more than 308 digits
        return None


def is_exact(value: Any) -> bool:
    """Whether a float in a database says all of the value.

    False for text, None, lists, infinities, integers that a float rounds, and the negative zero.
    """
    number = as_number(value)
    if number is None or math.isinf(number):
        return False
    is_minus_zero = number == 0 and math.copysign(1.0, number) < 0
    return math.isnan(number) or (number == value and not is_minus_zero)


def tensorboard_tag(name: str) -> str:
    """`training_loss` -> `training/loss`, `validation_fscore__Hotels` -> `validation/fscore/Hotels`.

    A name that begins with none of the splits stays as it is: `best_validation_loss`, `train/loss`. One that
    would take the tag of another name, or one of ours, gets eight hex digits of its SHA-256 behind it:
    `training/loss` is `training/loss-2cda6e78`.
    """
    split, _, rest = name.partition("_")
    measure, behind, label = rest.partition("__")
    if split in _SPLITS and measure:
        tag = f"{split}/{measure}/{label}" if label else f"{split}/{measure}{behind}"
    else:
        tag = name
    return tag if _name_of(tag) == name and not _is_taken(tag) else f"{tag}-{_digits(name)}"


def _name_of(tag: str) -> str:
    """The name that has this tag by right, where another one would come to the same tag."""
    split, slash, rest = tag.partition("/")
    if split not in _SPLITS or not slash:
        return tag
    measure, slash, label = rest.partition("/")
    return f"{split}_{measure}__{label}" if slash else f"{split}_{measure}"


def _is_taken(tag: str) -> bool:
    """Whether the tag is one of ours, of the HPARAMS page, or reads like one that was made apart."""
    return (
        tag in TAKEN_TAGS
        or tag.startswith("_hparams_/")
        or tag.endswith("/text_summary")
        or _MADE_APART.search(tag) is not None
    )


def _digits(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]
