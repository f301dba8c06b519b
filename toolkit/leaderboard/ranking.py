"""Runs ordered by one metric with its direction: each by its best epoch, all its columns at that epoch.

What may be ranked together is decided in `comparable`; everything else stands in a table of its own.
Stopped, interrupted and running runs compete with the epochs they got, failed ones do not.
"""

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from toolkit.errors import NotFoundError
from toolkit.leaderboard.comparable import Yardstick, yardstick_of
from toolkit.leaderboard.lineage import commit_of, seconds_of, training_data_of
from toolkit.leaderboard.parameters import parameters_of, parameters_to_show
from toolkit.runs import Point, Run, Search, Status


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
        running: names of searches that have not ended.
        reason: why the table stands apart from the first one; empty for the first.
        forced: why some of its searches should not stand in it, each in a sentence; empty unless forced.
    """

    yardstick: Yardstick
    rows: Sequence[Row]
    params: Sequence[str]
    counts: Mapping[str, int]
    running: Sequence[str] = ()
    reason: str = ""
    forced: Sequence[str] = ()

    @property
    def ranked(self) -> list[Row]:
        return [row for row in self.rows if row.rank is not None]

    @property
    def unranked(self) -> list[Row]:
        return [row for row in self.rows if row.rank is None]

    def top(self, count: int) -> "Table":
        """The first `count` ranked rows, and every baseline below them with its true rank."""
        ranked = self.ranked
        kept = ranked[:count] + [row for row in ranked[count:] if row.job == "baseline"]
        return replace(self, rows=kept)


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


def rank(
    searches: Iterable[Search], metric: str | None = None, mode: str | None = None, *, force: bool = False
) -> list[Table]:
    """Leaderboards over the searches: one table for all that can be compared, more where they cannot.

    Args:
        metric: rank by this one instead of the metric that each search declares.
        mode: `min` or `max`; by default the declared one, or what the metric's name says.
        force: let validation data and labels differ within a table, which then says so.

    Raises:
        NotFoundError: no run reports `metric`; the message lists the metrics there are.
        ConfigurationError: the direction of `metric` is not known.
    """
    searches = list(searches)
    if metric is not None:
        _check_reported(metric, searches)
    groups: dict[Yardstick, list[Search]] = {}
    for search in searches:
        groups.setdefault(yardstick_of(search, metric, mode), []).append(search)
    first = next(iter(groups), None)
    if force:
        return [_forced_table(parts, first) for parts in _by_metric(groups)]
    return [
        _table(yardstick, members, "" if first is None or yardstick is first else yardstick.difference(first))
        for yardstick, members in groups.items()
    ]


def _by_metric(groups: Mapping[Yardstick, list[Search]]) -> Iterable[Mapping[Yardstick, list[Search]]]:
    """The groups whose values can at least be put in one order: same metric and direction."""
    found: dict[tuple[str, str], dict[Yardstick, list[Search]]] = {}
    for yardstick, members in groups.items():
        found.setdefault((yardstick.metric, yardstick.mode), {})[yardstick] = members
    return found.values()


def _forced_table(parts: Mapping[Yardstick, list[Search]], first: Yardstick | None) -> Table:
    """One table of searches with the same metric; what else differs from the first of them stands in it."""
    main, *others = parts
    members = [search for searches in parts.values() for search in searches]
    forced = tuple(
        f"{', '.join(f'{s.experiment}@{s.id}' for s in parts[other])}: {other.difference(main)}"
        for other in others
    )
    reason = "" if first is None or main is first else main.difference(first)
    return replace(_table(main, members, reason), forced=forced)


def _check_reported(metric: str, searches: Sequence[Search]) -> None:
    points = (point for search in searches for run in search.runs.values() for point in run.points)
    known = list(dict.fromkeys(name for point in points for name in point.metrics))
    if metric in known:
        return
    if not known:
        raise NotFoundError(f"no run has reported anything yet: there is nothing to rank by {metric!r}")
    near = difflib.get_close_matches(metric, known, n=1)
    hint = f", did you mean {near[0]!r}? There are: " if near else "; there are: "
    listed = ", ".join(name for name in known if "__" not in name)
    raise NotFoundError(f"no run reports the metric {metric!r}{hint}{listed}")


def _table(yardstick: Yardstick, searches: Sequence[Search], reason: str) -> Table:
    entrants = [(search, search.runs[trial]) for search in searches for trial in sorted(search.runs)]
    params = parameters_to_show([run for _, run in entrants])
    rows = [_row(search, run, yardstick, params) for search, run in entrants]
    return Table(
        yardstick=yardstick,
        rows=_in_order(rows, yardstick),
        params=params,
        counts=Counter(row.status for row in rows),
        running=[f"{s.experiment}@{s.id}" for s in searches if s.status is Status.RUNNING],
        reason=reason,
    )


def _row(search: Search, run: Run, yardstick: Yardstick, params: Sequence[str]) -> Row:
    point = best_point(run, yardstick.metric, yardstick.mode)
    return Row(
        rank=None,
        experiment=search.experiment,
        search=search.id,
        trial=run.trial,
        run_id=run.run_id,
        status=run.status.value,
        rung=run.rung,
        epoch=None if point is None else point.epoch,
        epochs=len(run.points),
        metrics={} if point is None else point.metrics,
        params=parameters_of(run, params),
        job=search.header.job,
        reason=why_unranked(run, yardstick.metric),
        training=training_data_of(search),
        commit=commit_of(search, run),
        seconds=seconds_of(run),
    )


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


def _in_order(rows: Sequence[Row], yardstick: Yardstick) -> list[Row]:
    """Ranked rows by value, then the others; equals by experiment, search and trial."""
    sign = 1.0 if yardstick.mode == "min" else -1.0
    by_name = sorted(rows, key=lambda row: (row.experiment, row.search, row.trial))
    competing = [row for row in by_name if row.reason is None]
    competing.sort(key=lambda row: sign * row.metrics[yardstick.metric])
    ranked: list[Row] = []
    for place, row in enumerate(competing, start=1):
        tied = ranked and ranked[-1].metrics[yardstick.metric] == row.metrics[yardstick.metric]
        ranked.append(replace(row, rank=ranked[-1].rank if tied else place))
    return ranked + [row for row in by_name if row.reason is not None]
