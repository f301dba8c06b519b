"""Where the metrics of two trainings differ: of a run as recorded, and as trained again.

Equal means the same value, not a near one; NaN equals NaN. A metric that one side lacks differs.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Epochs = Mapping[int, Mapping[str, Any]]
"""Number of an epoch, from 0 -> its metrics by name."""


@dataclass(frozen=True)
class Difference:
    """How far a metric is off, at the epoch where it is farthest.

    Attributes:
        epoch: from 0; the first of those that are equally far.
        recorded, replayed: the values there; None where that side lacks the metric.
        size: absolute difference; None where there is no number for it (a side is missing, NaN or text),
            which counts as farther than any number.
    """

    epoch: int
    recorded: Any
    replayed: Any
    size: float | None

    @property
    def rank(self) -> float:
        """Orders differences by how far they are."""
        return math.inf if self.size is None else self.size


def differences(recorded: Epochs, replayed: Epochs) -> dict[str, Difference | None]:
    """Every metric of either side -> where it is farthest off, None where it is nowhere."""
    farthest: dict[str, Difference | None] = {}
    for epoch in sorted(recorded.keys() | replayed.keys()):
        one, other = recorded.get(epoch, {}), replayed.get(epoch, {})
        for name in {**one, **other}:
            here, before = _difference(epoch, name, one, other), farthest.get(name)
            is_farther = here is not None and (before is None or here.rank > before.rank)
            farthest[name] = here if is_farther else before
    return farthest


def _difference(
    epoch: int, name: str, recorded: Mapping[str, Any], replayed: Mapping[str, Any]
) -> Difference | None:
    one, other = recorded.get(name), replayed.get(name)
    if name in recorded and name in replayed and (one == other or (_is_nan(one) and _is_nan(other))):
        return None
    return Difference(epoch, one, other, _size(one, other))


def _size(one: Any, other: Any) -> float | None:
    if not (isinstance(one, int | float) and isinstance(other, int | float)):
        return None
    size = abs(one - other)
    return None if math.isnan(size) else size


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
