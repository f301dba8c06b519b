"""Two runs side by side: what they were made with, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.comparable import direction_of, yardstick_of
from toolkit.leaderboard.differing.changes import MISSING, Change, changes
from toolkit.leaderboard.differing.records import code_changes, data_changes
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.ranking import best_point, is_usable
from toolkit.runs import Run, Search


@dataclass(frozen=True)
class MetricPair:
    """One metric at the best epoch of each run.

    Attributes:
        a, b: its values; None where a run does not report it there.
        difference: b - a; None where one of them is no finite number.
        better: `a`, `b`, or None where they are equal, cannot be compared, or the name tells no direction.
    """

    name: str
    a: Any
    b: Any
    difference: int | float | None
    better: str | None


@dataclass(frozen=True)
class RunPair:
    """Two runs and all in which they differ.

    Attributes:
        incomparable: why their metrics cannot be held against each other; empty where they can.
        best: epoch of each run, by the metric that its own search declares; None without one.
        metric: of `curves`: the one that the first run's search declares.
        curves: epoch -> value of that metric in each run, MISSING where it has no such epoch.
    """

    a: tuple[Search, Run]
    b: tuple[Search, Run]
    incomparable: str
    best: tuple[int | None, int | None]
    configuration: Sequence[Change]
    data: Sequence[Change]
    code: Sequence[Change]
    metrics: Sequence[MetricPair]
    metric: str
    curves: Mapping[int, tuple[Any, Any]]


def pair_of_runs(a: tuple[Search, Run], b: tuple[Search, Run]) -> RunPair:
    """Hold two runs together, of one search or of two."""
    (search_a, run_a), (search_b, run_b) = a, b
    one, other = search_a.header, search_b.header
    metrics_a, epoch_a = _at_best(search_a, run_a)
    metrics_b, epoch_b = _at_best(search_b, run_b)
    apart = incomparable(search_a, search_b)
    return RunPair(
        a=a,
        b=b,
        incomparable=apart,
        best=(epoch_a, epoch_b),
        configuration=changes(configuration_of(run_a), configuration_of(run_b)),
        data=data_changes(one, other),
        code=code_changes(one, other, run_a.origin or one.provenance, run_b.origin or other.provenance),
        metrics=_metrics(search_a, metrics_a, metrics_b, comparable=not apart),
        metric=one.metric,
        curves=_curves(run_a, run_b, one.metric),
    )


def incomparable(a: Search, b: Search) -> str:
    """Why runs of the two cannot be ranked together; empty where they can."""
    if a.id == b.id:
        return ""
    one, other = yardstick_of(a.header), yardstick_of(b.header)
    return "" if one == other else one.difference(other)


def configuration_of(run: Run) -> dict[str, Any]:
    """Dotted path -> value; what was sampled wins, and labels stand with the data."""
    known = {**flat(run.config), **run.params}
    return {path: value for path, value in known.items() if path != "pipeline.head.labels"}


def _at_best(search: Search, run: Run) -> tuple[dict[str, Any], int | None]:
    best = best_point(run, search.header.metric, search.header.mode)
    return ({}, None) if best is None else (best.metrics, best.epoch)


def _metrics(
    search: Search, a: Mapping[str, Any], b: Mapping[str, Any], *, comparable: bool
) -> list[MetricPair]:
    main = search.header.metric
    names = sorted(
        dict.fromkeys((*a, *b)),
        key=lambda name: (name != main, "__" in name, not name.startswith("validation_")),
    )
    return [_metric(search, name, a.get(name), b.get(name), comparable) for name in names]


def _metric(search: Search, name: str, a: Any, b: Any, comparable: bool) -> MetricPair:
    if not (is_usable(a) and is_usable(b)):
        return MetricPair(name, a, b, None, None)
    better = None
    mode = _mode(search, name)
    if comparable and mode is not None and a != b:
        better = "a" if (a < b) is (mode == "min") else "b"
    return MetricPair(name, a, b, b - a, better)


def _mode(search: Search, name: str) -> str | None:
    if name == search.header.metric:
        return search.header.mode
    try:
        return direction_of(name)
    except ConfigurationError:
        return None


def _curves(a: Run, b: Run, metric: str) -> dict[int, tuple[Any, Any]]:
    one = {point.epoch: point.metrics.get(metric, MISSING) for point in a.points}
    other = {point.epoch: point.metrics.get(metric, MISSING) for point in b.points}
    return {epoch: (one.get(epoch, MISSING), other.get(epoch, MISSING)) for epoch in sorted({*one, *other})}
