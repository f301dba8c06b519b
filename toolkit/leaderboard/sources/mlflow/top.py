"""The leaders of an MLflow store in a database, with as little read of it as that takes.

One statement finds every run's best value; whole records are read of the runs that are shown. Those are
ranked as any others are, so that what stands in a row cannot differ.
"""

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from toolkit.leaderboard.comparable import Yardstick, yardstick_of
from toolkit.leaderboard.index import rank
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.sources.mlflow.database import DatabaseStore, Reading
from toolkit.leaderboard.sources.mlflow.grouping import Group
from toolkit.leaderboard.sources.mlflow.plan import Talk, check_metric, planned
from toolkit.leaderboard.sources.mlflow.searches import search_of
from toolkit.runs import SearchHeader, Status

Plan = Sequence[tuple[Group, SearchHeader]]
Read = Callable[[str, str], Reading]
"""Takes metric and mode."""
_BASELINE = "baseline"


@dataclass
class _Board:
    """What will be a table.

    Attributes:
        groups: whose runs it ranks, with their headers.
        costs: of all runs that compete, turned so that less is better; ascending.
        shown: the runs whose records are needed.
        promised: their costs, ascending.
        counts: status -> number of runs, of all.
    """

    groups: list[tuple[Group, SearchHeader]] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    promised: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def top(
    store: DatabaseStore, identity: str, count: int, metric: str | None, mode: str | None, warn: Talk
) -> list[Table]:
    """What `rank` says of everything in the store, cut to the first `count` ranks and the baselines.

    Columns of hyperparameters are those of the runs that are shown; how many were cut off is not counted.

    Raises:
        NotFoundError: no run reports `metric`.
        ConfigurationError: no run declares a metric, or the direction of `metric` is not known.
    """
    every = planned(store, store.sketches(), identity, metric, mode, warn)
    plan = [(group, header) for group, header in every if not header.confirms]
    for read in _readings(store, plan):
        tables = _tables(store, plan, count, metric, mode, read)
        if tables is not None:
            return tables
    raise AssertionError("exact values keep what they promise")


def _readings(store: DatabaseStore, plan: Plan) -> Iterator[Read]:
    """How values are read, the quickest way first, those after it for where it does not do.

    Only exact values give a baseline beyond the top its true rank among runs that may have several values at
    a step. Of runs that toolkit wrote, every step is there once.
    """
    if not (
        any(group.parent is None for group, _ in plan) and any(header.job == _BASELINE for _, header in plan)
    ):
        yield store.leaders
        yield store.bounds
    yield store.best


def _tables(
    store: DatabaseStore, plan: Plan, count: int, metric: str | None, mode: str | None, read: Read
) -> list[Table] | None:
    """None where the values do not reach as far as is asked, or a run has another best than they promise."""
    boards = _boards(plan, metric, mode)
    several = len({yardstick.validation for yardstick in boards}) > 1
    readings: dict[tuple[str, str], Reading] = {}
    for yardstick, board in boards.items():
        measure = yardstick.metric, yardstick.mode
        if measure not in readings:
            readings[measure] = read(*measure)
        if not _choose(board, yardstick, readings[measure], count, several=several):
            return None
    if metric is not None and not any(reading.values for reading in readings.values()):
        check_metric(metric, store.metric_names(), store.name)
    runs = {sketch.id: sketch for group, _ in plan for sketch in group.runs}
    shown = dict.fromkeys(run for board in boards.values() for run in board.shown)
    if metric is not None and not shown:  # no run competes, yet some report it
        reporting = (run for reading in readings.values() for run in reading.values if run in runs)
        shown = dict.fromkeys(itertools.islice(reporting, 1))
    records = {record.sketch.id: record for record in store.records([runs[run] for run in shown])}
    searches = [
        search_of(group, header, [records[run.id] for run in group.runs if run.id in records], store.name)
        for group, header in plan
    ]
    tables = rank(searches, metric, mode)
    if not all(_is_kept(table, boards[table.yardstick]) for table in tables):
        return None
    return [_whole(table, boards[table.yardstick], count) for table in tables]


def _is_kept(table: Table, board: _Board) -> bool:
    """Whether the ranked rows have just the values that brought them here."""
    sign = 1.0 if table.yardstick.mode == "min" else -1.0
    found = sorted(sign * row.metrics[table.yardstick.metric] for row in table.ranked)
    return found == board.promised


def _boards(plan: Plan, metric: str | None, mode: str | None) -> dict[Yardstick, _Board]:
    boards: dict[Yardstick, _Board] = {}
    for group, header in plan:
        boards.setdefault(yardstick_of(header, metric, mode), _Board()).groups.append((group, header))
    return boards


def _choose(board: _Board, yardstick: Yardstick, reading: Reading, count: int, *, several: bool) -> bool:
    """Find who competes, and who is shown: the first `count`, all on the last place, the baselines.

    Args:
        several: the best of each experiment are shown too, to be set beside those on other data.

    Returns:
        Whether the values that were read suffice for that.
    """
    sign, values = (1.0 if yardstick.mode == "min" else -1.0), reading.values
    entrants: list[tuple[float, str]] = []
    bests: dict[str, list[tuple[float, str]]] = {}
    for group, header in board.groups:
        board.counts.update([sketch.status for sketch in group.runs])
        competing = [sketch.id for sketch in group.runs if sketch.status is not Status.FAILED]
        found = [(sign * values[run], run) for run in competing if run in values]
        entrants += found
        if header.job == _BASELINE:
            board.shown |= {run for _, run in found}
            if reading.last is not None and len(found) < len(competing):
                return False
        if several and competing:
            bests.setdefault(header.experiment, []).extend(found)
    if reading.last is not None and not all(bests.values()):
        return False
    for found in filter(None, bests.values()):
        lowest = min(found)[0]
        if reading.last is not None and lowest >= sign * reading.last:
            return False
        board.shown |= {run for cost, run in found if cost == lowest}
    entrants.sort()
    board.costs = [cost for cost, _ in entrants]
    if reading.last is not None and (len(entrants) < count or board.costs[count - 1] >= sign * reading.last):
        return False
    if entrants:
        board.shown |= {run for _, run in entrants[: bisect_right(board.costs, board.costs[:count][-1])]}
    board.promised = [cost for cost, run in entrants if run in board.shown]
    return True


def _whole(table: Table, board: _Board, count: int) -> Table:
    """The first rows of the table as if all of its runs were in it: with their numbers and true ranks."""
    sign = 1.0 if table.yardstick.mode == "min" else -1.0

    def placed(row: Row) -> Row:
        return replace(row, rank=1 + bisect_left(board.costs, sign * row.metrics[table.yardstick.metric]))

    ranked = [placed(row) for row in table.ranked]
    rows = ranked[:count] + [row for row in ranked[count:] if row.job == _BASELINE]
    return replace(
        table,
        rows=rows,
        bests=[placed(row) for row in table.bests],
        counts=board.counts,
    )
