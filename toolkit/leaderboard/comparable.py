"""Which searches may stand in one leaderboard: same metric, direction, validation data and labels.

Numbers measured on different rows, or over different labels, cannot be ranked together; training data,
budget and commit may differ, they are part of what is compared.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.errors import ConfigurationError

if TYPE_CHECKING:
    from toolkit.runs import SearchHeader

_LOWER_IS_BETTER = frozenset({"loss", "error", "perplexity"})
_HIGHER_IS_BETTER = frozenset({"accuracy", "precision", "recall", "fscore", "f1", "auc"})


@dataclass(frozen=True)
class Yardstick:
    """What the runs of one leaderboard are measured by.

    Attributes:
        metric, mode: name of the metric; min or max.
        validation: SHA-256 of the validation file; None when it is not recorded.
        labels: the sorted label set.
        path: where the validation file lay; two copies of one file are the same data.
        alone: id of a search that can be compared with no other, since its data are not recorded.
        fresh_seeds: whether the runs are leaders that were trained again on fresh seeds: the best of those
            is chosen by luck, so they are not ranked with what they were chosen from.
    """

    metric: str
    mode: str
    validation: str | None
    labels: tuple[str, ...]
    path: str | None = field(default=None, compare=False)
    alone: str | None = None
    fresh_seeds: bool = False

    def difference(self, other: "Yardstick") -> str:
        """One line that says why runs of the two cannot be ranked together."""
        if self.validation is None or other.validation is None:
            return "the validation data are not recorded"
        reasons = []
        if self.validation != other.validation:
            reasons.append("other validation data")
        if self.labels != other.labels:
            reasons.append(_label_difference(self.labels, other.labels))
        if (self.metric, self.mode) != (other.metric, other.mode):
            reasons.append(f"ranked by {self.metric} ({self.mode}), not by {other.metric} ({other.mode})")
        if self.fresh_seeds != other.fresh_seeds:
            reasons.append("leaders trained again on fresh seeds stand apart from what they were chosen from")
        return ", ".join(reasons)


def yardstick_of(header: "SearchHeader", metric: str | None = None, mode: str | None = None) -> Yardstick:
    """What a search's runs are measured by; its own metric and direction unless others are given.

    Raises:
        ConfigurationError: the direction of the metric is neither declared, nor given, nor plain.
    """
    metric, mode = mode_of(metric, mode, (header.metric, header.mode))
    validation = header.data.get("validation", {})
    sha256 = validation.get("sha256")
    return Yardstick(
        metric=metric,
        mode=mode,
        validation=sha256,
        labels=tuple(header.labels),
        path=validation.get("path"),
        alone=header.id if sha256 is None else None,
        fresh_seeds=bool(header.confirms),
    )


def mode_of(metric: str | None, mode: str | None, declared: tuple[str, str]) -> tuple[str, str]:
    """Metric and direction that a search is ranked by; its own (`declared`) unless others are given.

    Raises:
        ConfigurationError: the direction of the metric is neither declared, nor given, nor plain.
    """
    metric = declared[0] if metric is None else metric
    if mode is None:
        mode = declared[1] if metric == declared[0] else direction_of(metric)
    return metric, mode


def direction_of(metric: str) -> str:
    """`min` or `max` where the metric's name leaves no doubt: a loss is better lower, an accuracy higher.

    Raises:
        ConfigurationError: the name does not say; guessing would turn a leaderboard upside down.
    """
    words = set(metric.partition("__")[0].lower().split("_"))
    lower, higher = bool(words & _LOWER_IS_BETTER), bool(words & _HIGHER_IS_BETTER)
    if lower == higher:
        raise ConfigurationError(
            f"the name {metric!r} does not tell whether lower or higher is better: "
            "add --mode min or --mode max"
        )
    return "min" if lower else "max"


def _label_difference(mine: tuple[str, ...], others: tuple[str, ...]) -> str:
    more, fewer = sorted(set(mine) - set(others)), sorted(set(others) - set(mine))
    named = [f"{sign}{label}" for sign, labels in (("+", more), ("-", fewer)) for label in labels]
    shown = ", ".join(named[:3]) + (", ..." if len(named) > 3 else "")
    return f"other labels ({shown})"
