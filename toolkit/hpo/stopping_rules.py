"""When a trial does too badly to go on: rules over what earlier trials did at the same epoch.

A rule sees costs, less being better; a cost that is no finite number is worse than every other one. It is a
pure function, so two searches that show it the same costs are told the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Protocol

from toolkit.errors import ConfigurationError

Costs = Sequence[float]
"""What a trial's epochs cost, from its first one on."""


class StoppingRule(Protocol):
    """Decides at its rungs whether a trial goes on."""

    @property
    def rungs(self) -> tuple[int, ...]:
        """The epochs, counted from 1 and rising, after which a trial may be stopped."""

    def stops(self, own: Costs, earlier: Sequence[Costs]) -> bool:
        """Whether a trial ends at a rung.

        Args:
            own: the trial's costs, up to the rung.
            earlier: those of the trials before it that reached the rung, up to the rung.
        """


@dataclass(frozen=True)
class Halving:
    """Successive halving as ASHA has it (Li et al. 2020, arXiv:1810.05934): one in so many goes on.

    A trial ends at a rung if its cost there is above the `1 / reduction_factor` quantile, interpolated
    linearly, of the costs that earlier trials had there; the first one to get there goes on. These are the
    rule and the rungs of Ray's `ASHAScheduler`.

    Attributes:
        max_t: most epochs of any trial; rungs lie below it.
        grace_period: the first rung.
        reduction_factor: each rung is so many times the one before it; above 1.

    Raises:
        ConfigurationError: a grace period below 1, or a reduction factor that is not above 1.
    """

    max_t: int
    grace_period: int = 1
    reduction_factor: float = 4

    def __post_init__(self) -> None:
        _check_grace_period(self.grace_period)
        if self.reduction_factor <= 1:
            raise ConfigurationError(f"reduction_factor: must be above 1, got {self.reduction_factor!r}")

    @property
    def rungs(self) -> tuple[int, ...]:
        found: list[int] = []
        milestone = float(self.grace_period)
        while (rung := math.ceil(milestone)) < self.max_t:
            if rung not in found:
                found.append(rung)
            milestone *= self.reduction_factor
        return tuple(found)

    def stops(self, own: Costs, earlier: Sequence[Costs]) -> bool:
        finite = sorted(costs[-1] for costs in earlier if math.isfinite(costs[-1]))
        if not finite:
            return False
        return not math.isfinite(own[-1]) or own[-1] > _quantile(finite, 1 / self.reduction_factor)


@dataclass(frozen=True)
class MedianStopping:
    """The median stopping rule (Golovin et al. 2017, Google Vizier): the worse half ends.

    A trial ends after an epoch if the best it has had so far is worse than the median of the averages that
    earlier trials had up to that epoch.

    Attributes:
        max_t: most epochs of any trial.
        grace_period: no trial ends before this epoch.
        min_samples: no trial ends while fewer earlier ones got so far; at least 1.

    Raises:
        ConfigurationError: a grace period or a number of samples below 1.
    """

    max_t: int
    grace_period: int = 1
    min_samples: int = 3

    def __post_init__(self) -> None:
        _check_grace_period(self.grace_period)
        if self.min_samples < 1:
            raise ConfigurationError(f"min_samples: must be at least 1, got {self.min_samples!r}")

    @property
    def rungs(self) -> tuple[int, ...]:
        return tuple(range(self.grace_period, self.max_t))

    def stops(self, own: Costs, earlier: Sequence[Costs]) -> bool:
        averages = [fmean(costs) for costs in earlier if all(map(math.isfinite, costs))]
        if len(averages) < self.min_samples:
            return False
        best = min((cost for cost in own if math.isfinite(cost)), default=math.inf)
        return best > median(averages)


def _check_grace_period(epochs: int) -> None:
    if epochs < 1:
        raise ConfigurationError(f"grace_period: must be at least 1, got {epochs!r}")


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
