"""Leaderboards for programs: a JSON list with one object a run, one run a line."""

import json
import math
from collections.abc import Iterable
from typing import Any

from toolkit.leaderboard.choosing import value_of
from toolkit.leaderboard.ranking import Row, Table

_GROUPS = ("metrics", "params")


def row_as_json(row: Row) -> dict[str, Any]:
    """The row as JSON holds it: NaN and infinities are None; `reason` only where there is no rank.

    `source` stands in it only where several were asked. Commit and seconds do not: the same search twice
    gives the same text.
    """
    record: dict[str, Any] = {
        "rank": row.rank,
        "experiment": row.experiment,
        "search": row.search,
        "trial": row.trial,
        "run_id": row.run_id,
        **({"source": row.source} if row.source else {}),
        "status": row.status,
        "rung": row.rung,
        "epoch": row.epoch,
        "epochs": row.epochs,
        "metrics": {name: finite(value) for name, value in row.metrics.items()},
        "params": {path: finite(value) for path, value in row.params.items()},
    }
    return record if row.reason is None else {**record, "reason": row.reason}


def _record(table: Table, row: Row) -> dict[str, Any]:
    """The object with the columns that are wanted; metrics and hyperparameters stand where they always do."""
    record = row_as_json(row)
    if table.columns is None and not table.dropped:
        return record
    groups = {
        group: {name: record[group][name] for name in record[group] if table.shows(f"{group}.{name}")}
        for group in _GROUPS
    }
    if table.columns is None:
        return {name: groups.get(name, value) for name, value in record.items() if _wanted(table, name)}
    names = [name for name in table.columns if name.partition(".")[0] not in _GROUPS]
    plain = {name: finite(value_of(row, name)) for name in names}
    return {**plain, **{group: values for group, values in groups.items() if values}}


def _wanted(table: Table, name: str) -> bool:
    return name in _GROUPS or table.shows(name)


def finite(value: Any) -> Any:
    """The value, None for NaN and infinities."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_json(tables: Iterable[Table]) -> str:
    """All rows of all tables, table after table, as one JSON list with a line feed at its end."""
    lines = [json.dumps(_record(table, row), ensure_ascii=False) for table in tables for row in table.rows]
    return "[" + ",\n ".join(lines) + "]\n"
