"""Leaderboards for programs: a JSON list with one object a run, one run a line."""

import json
import math
from collections.abc import Iterable
from typing import Any

from toolkit.leaderboard.ranking import Row, Table


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
        "metrics": {name: _finite(value) for name, value in row.metrics.items()},
        "params": {path: _finite(value) for path, value in row.params.items()},
    }
    return record if row.reason is None else {**record, "reason": row.reason}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_json(tables: Iterable[Table]) -> str:
    """All rows of all tables, table after table, as one JSON list with a line feed at its end."""
    lines = [json.dumps(row_as_json(row), ensure_ascii=False) for table in tables for row in table.rows]
    return "[" + ",\n ".join(lines) + "]\n"
