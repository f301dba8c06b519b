"""Values without a column of their own, as SQL out of the JSON in `more`, in the form of `to_cell`.

Numbers and texts sqlite reads by itself. True (1 to it), null, NaN, lists and dictionaries are left to
Python, as is a name with a `"` in it, which no path of sqlite finds.
"""

import sqlite3
from typing import Any

from toolkit.leaderboard.cells import Cell, to_cell
from toolkit.leaderboard.index.schema import ABSENT
from toolkit.runs.values import loads


def add_functions(database: sqlite3.Connection) -> None:
    """Give the connection what the SQL of this file calls."""
    database.create_function("metric_beyond", 2, _metric, deterministic=True)
    database.create_function("param_beyond", 2, _param, deterministic=True)


def metric_beyond(more: str, name: str) -> str:
    """SQL of a metric that has no column; NULL where it was not reported.

    Args:
        more: SQL of the JSON.
    """
    return _quickly(more, name, "", f"metric_beyond({more}, {literal(name)})")


def param_beyond(more: str, path: str) -> str:
    """SQL of a hyperparameter that has no column; NULL and ABSENT as in one.

    Args:
        more: SQL of the JSON.
    """
    return _quickly(more, path, ".value", f"param_beyond({more}, {literal(path)})")


def literal(text: str) -> str:
    """The text as SQL."""
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _quickly(more: str, name: str, rest: str, otherwise: str) -> str:
    if '"' in name:
        return otherwise
    key, path = literal(f'$."{name}"'), literal(f'$."{name}"{rest}')
    is_plain = f"json_type({more}, {path}) IN ('integer', 'real', 'text')"
    return (
        f"CASE WHEN {is_plain} THEN json_extract({more}, {path}) "
        f"WHEN json_type({more}, {key}) IS NOT NULL THEN {otherwise} END"
    )


def _metric(more: str | None, name: str) -> Cell:
    values = _loaded(more)
    return to_cell(values[name]) if name in values else None


def _param(more: str | None, path: str) -> Cell:
    values = _loaded(more)
    if path not in values:
        return None
    return to_cell(values[path]["value"]) if "value" in values[path] else ABSENT


def _loaded(more: str | None) -> dict[str, Any]:
    return {} if more is None else loads(more)
