"""The rules by which runs are ordered: each by its best epoch, all its columns at that epoch.

What may be ranked together is decided in `comparable`; everything else stands in a table of its own.
Stopped, interrupted and running runs compete with the epochs they got, failed ones do not.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from toolkit.leaderboard.comparable import Yardstick
from toolkit.runs import Point, Run, Search, Status

BESTS = 20
"""Of how many experiments the best run is told for every data set."""


@dataclass(frozen=True)
class Row:
    """One run in a leaderboard.

    Attributes:
        rank: from 1, equal values share it (1, 2, 2, 4); None when the run competes for no rank.
        rung: the epoch (counted from 1) at which the scheduler stopped it.
        epoch: its best epoch, from 0; None when no epoch has a usable value.
        epochs: how many epochs it was trained.
        metrics: name -> value, all at `epoch`.
        params: dotted path -> value, of the table's paths that the run has.
        job: what made it: tune, train or baseline.
        reason: why it has no rank; None when it has one.
        training: the first eight hex digits of the training data's SHA-256; None where not recorded.
        commit: of the code, seven digits, `+` behind it where the code was changed; None where not recorded.
        seconds: wall time of its epochs; None where not known.
        source: where the run was found; empty unless several sources were asked.
    """

    rank: int | None
    experiment: str
    search: str
    trial: int
    run_id: str
    status: str
    rung: int | None
    epoch: int | None
    epochs: int
    metrics: Mapping[str, Any]
    params: Mapping[str, Any]
    job: str = "tune"
    reason: str | None = None
    training: str | None = None
    commit: str | None = None
    seconds: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Table:
    """Runs that can be ranked together, best first; those without a rank stand at the end.

    Attributes:
        yardstick: metric, direction, validation data and labels that all rows share.
        params: the dotted paths that the rows' params hold, in the order to show them.
        counts: status -> number of runs, of all runs even where `rows` was cut.
        more_ranked, more_unranked: how many were cut off.
        running: names of searches that have not ended.
        reason: why the table stands apart from the first one; empty for the first.
        forced: why some of its searches should not stand in it, each in a sentence; empty unless forced.
        bests: the best run of each experiment, with its rank here, where there are other validation data too;
            the first `BESTS` experiments.
        scope: the epoch that each run stands by: `best` or `last`.
        columns: full names of the columns to show, in their order; None where nobody chose (`choosing`).
        dropped: full names of columns that are not shown.
    """

    yardstick: Yardstick
    rows: Sequence[Row]
    params: Sequence[str]
    counts: Mapping[str, int]
    running: Sequence[str] = ()
    reason: str = ""
    more_ranked: int = 0
    more_unranked: int = 0
    forced: Sequence[str] = ()
    bests: Sequence[Row] = ()
    scope: str = "best"
    columns: Sequence[str] | None = None
    dropped: Collection[str] = frozenset()

    def shows(self, column: str) -> bool:
        """Whether the column of that full name is wanted."""
        return column not in self.dropped and (self.columns is None or column in self.columns)

    def first(self, count: int | None) -> "Table":
        """The table with only so many rows, ranked ones first; the whole one for None."""
        return self if count is None else replace(self, rows=self.rows[:count])

    @property
    def ranked(self) -> list[Row]:
        return [row for row in self.rows if row.rank is not None]

    @property
    def unranked(self) -> list[Row]:
        return [row for row in self.rows if row.rank is None]


def best_point(run: Run, metric: str, mode: str) -> Point | None:
    """The run's point with the best value of the metric, the first one of equals.

    NaN and infinite values never win, nor does anything that is no number; None when nothing is left.
    """
    usable = [point for point in run.points if is_usable(point.metrics.get(metric))]
    if not usable:
        return None
    choose = min if mode == "min" else max
    return choose(usable, key=lambda point: float(point.metrics[metric]))


def best_run(search: Search) -> Run | None:
    """The run on rank 1 by the search's own metric, the lowest trial of equals; None while there is none."""
    metric, mode = search.header.metric, search.header.mode
    best: tuple[float, Run] | None = None
    for _, run in sorted(search.runs.items()):
        if why_unranked(run, metric) is not None:
            continue
        point = best_point(run, metric, mode)
        assert point is not None  # a run that competes has one
        value = point.metrics[metric] if mode == "min" else -point.metrics[metric]
        if best is None or value < best[0]:
            best = value, run
    return None if best is None else best[1]


def is_usable(value: object) -> TypeGuard[int | float]:
    """Whether a metric's value can win: a finite number, and no boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False


def why_unranked(run: Run, metric: str) -> str | None:
    """One line that says why the run competes for no rank; None when it does."""
    if run.status is Status.FAILED:
        return run.reason or _last_line(run.error) or "failed without saying why"
    if not run.points:
        return "no epoch has ended yet" if run.status is Status.RUNNING else "it ended before its first epoch"
    if all(metric not in point.metrics for point in run.points):
        return f"it does not report {metric}"
    if best_point(run, metric, "min") is None:
        return f"{metric} is never a finite number"
    return None


def _last_line(error: str | None) -> str:
    lines = (error or "").strip().splitlines()
    return lines[-1].strip() if lines else ""
