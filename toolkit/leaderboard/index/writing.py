"""How a search becomes rows: its own, one a run, one a point."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.leaderboard.cells import Cell, are_same, to_cell
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.schema import ABSENT, run_number
from toolkit.leaderboard.lineage import commit_of, seconds_of, training_data_of
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.ranking import best_point, is_usable, why_unranked
from toolkit.runs import ParamChange, Point, Run, Search
from toolkit.runs.layout import run_id
from toolkit.runs.values import dumps

_SCALARS = frozenset({int, float, str, bool})
Columns = dict[str, Cell]
"""Name of a column -> what stands in it."""


@dataclass
class Summary:
    """What the index keeps of a search as a whole, beside its header.

    Attributes:
        shared: hyperparameters of its first run: dotted path -> value; None while it has no run.
        sampled, varying, others, metrics: names in the order in which they came: what was sampled; what
            differs from `shared` all the same; what is not in `shared`; what was reported.
        counts: status -> number of runs.
    """

    shared: dict[str, Any] | None = None
    sampled: dict[str, None] = field(default_factory=dict)
    varying: dict[str, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)
    metrics: dict[str, None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class Change:
    """A run that is to be written.

    Attributes:
        run: as it is now.
        known: how many of its points the index has; None where it lacks its hyperparameters too.
        status: under which the index counts it; None where it does not yet.
    """

    run: Run
    known: int | None = None
    status: str | None = None


def write_runs(
    index: Index, search: Search, number: int, summary: Summary, changes: Sequence[Change]
) -> None:
    """Write these runs of a search with their points, and take them into its summary."""
    new: list[Columns] = []
    points: list[Columns] = []
    for change in changes:
        run, key = change.run, run_number(number, change.run.trial)
        summary.counts[run.status.value] += 1
        if change.status is not None:
            summary.counts[change.status] -= 1
            if change.known is None:  # it began again
                index.database.execute("DELETE FROM point WHERE run = ?", (key,))
        points += [_point(index, key, point) for point in run.points[change.known or 0 :]]
        for point in run.points[change.known or 0 :]:
            summary.metrics.update(dict.fromkeys(point.metrics))
        standing = _standing(index, search, summary, run)
        if change.known is None:
            new.append({"number": key, **standing, **_beginning(index, search, number, summary, run)})
        else:
            _update(index, key, standing)
    _insert(index, "run", new)
    _insert(index, "point", points)


def _beginning(index: Index, search: Search, number: int, summary: Summary, run: Run) -> Columns:
    """What is settled when a run begins: its hyperparameters, and where code and data came from."""
    columns: Columns = {
        "search": number,
        "trial": run.trial,
        "run_id": None if run.run_id == run_id(search.id, run.trial) else run.run_id,
        "started": run.started,
        "commit": commit_of(search, run),
        "training": training_data_of(search),
    }
    beyond: dict[str, Any] = {}
    for path, value in _own_parameters(summary, run).items():
        column = index.fields.param(path)
        if column is None:
            beyond[path] = {"absent": True} if value is ABSENT else {"value": value}
        else:
            columns[column] = value if value is ABSENT else to_cell(value)
    return {**columns, "more": dumps(beyond) if beyond else None}


def _own_parameters(summary: Summary, run: Run) -> dict[str, Any]:
    """What is not as in the search's first run: dotted path -> value, ABSENT for what only that one has."""
    config = flat(run.config)
    summary.sampled.update(dict.fromkeys(run.params))
    if summary.shared is None:
        summary.shared = {path: value for path, value in config.items() if path not in run.params}
    shared = summary.shared
    own = {
        path: value
        for path, value in config.items()
        if path not in shared or not _is_same(shared[path], value)
    }
    summary.varying.update(
        {path: None for path in own if path in shared and not are_same(shared[path], own[path])}
    )
    summary.others.update({path: None for path in own if path not in shared})
    own |= {path: ABSENT for path in shared if path not in config}
    return own | run.params


def _is_same(one: object, other: object) -> bool:
    """Whether nobody could tell the values apart: 1, 1.0 and True are three, NaN is itself."""
    kind = type(one)
    if kind is not type(other):
        return False
    return (kind in _SCALARS and one == other) or to_cell(one) == to_cell(other)


def _standing(index: Index, search: Search, summary: Summary, run: Run) -> Columns:
    """What changes while a run trains."""
    metric, mode = search.header.metric, search.header.mode
    best = best_point(run, metric, mode)
    unranked = why_unranked(run, metric)
    score = None
    if unranked is None and best is not None:
        score = float(best.metrics[metric]) * (1 if mode == "min" else -1)
    columns: Columns = {
        "status": run.status.value,
        "score": score,
        "epoch": None if best is None else best.epoch,
        "epochs": len(run.points),
        "rung": run.rung,
        "unranked": unranked,
        "seconds": seconds_of(run),
        "ended": run.ended,
        "state": dumps(_state(run)),
    }
    at_best = {} if best is None else best.metrics
    for name in summary.metrics:
        column = index.fields.metric(name)
        if column is not None:
            columns[column] = _measured(at_best[name]) if name in at_best else None
    return columns


def _state(run: Run) -> dict[str, Any]:
    """What the next lines of the journal need of a run, beside its columns and points."""
    state = {
        "reason": run.reason,
        "error": run.error,
        "provisional": [vars(point) for point in run.provisional],
        "changes": [vars(change) for change in run.changes],
    }
    return {name: value for name, value in state.items() if value}


def state_into(run: Run, state: dict[str, Any]) -> None:
    """Give a run back what `_state` said of it."""
    run.reason, run.error = state.get("reason"), state.get("error")
    run.provisional = [Point(**point) for point in state.get("provisional", ())]
    run.changes = [ParamChange(**change) for change in state.get("changes", ())]


def _point(index: Index, run: int, point: Point) -> Columns:
    columns: Columns = {
        "run": run,
        "epoch": point.epoch,
        "step": point.step,
        "t": point.t,
        "seconds": point.seconds,
        "last": int(point.last),
    }
    beyond: dict[str, Any] = {}
    for name, value in point.metrics.items():
        column = index.fields.metric(name)
        if column is None:
            beyond[name] = value
        else:
            columns[column] = _measured(value)
    return {**columns, "more": dumps(beyond) if beyond else None}


def _measured(value: Any) -> Cell:
    """A metric's value as its column keeps it: beyond 64 bits the nearest float, which has an order."""
    cell = to_cell(value)
    return float(value) if isinstance(cell, bytes) and is_usable(value) else cell


def _insert(index: Index, table: str, rows: Sequence[Columns]) -> None:
    """Write the rows, those with the same columns in one go; a row with the same key is replaced."""
    alike: dict[tuple[str, ...], list[tuple[Cell, ...]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(tuple(row.values()))
    for columns, values in alike.items():
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        index.database.executemany(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", values)


def _update(index: Index, run: int, columns: Columns) -> None:
    assignments = ", ".join(f'"{column}" = ?' for column in columns)
    index.database.execute(f"UPDATE run SET {assignments} WHERE number = ?", (*columns.values(), run))
