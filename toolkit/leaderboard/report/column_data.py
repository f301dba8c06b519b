"""A leaderboard as the page reads it: columns, not rows, so that 20,000 runs are a few megabytes."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.cells import are_same
from toolkit.leaderboard.comparable import direction_of
from toolkit.leaderboard.parameters import short_names
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.report.report_run import ReportRun
from toolkit.leaderboard.report.scales import is_log
from toolkit.leaderboard.results import overall

_PLAIN = ("rank", "experiment", "trial", "status", "reason", "rung", "epoch", "epochs", "search", "run_id")
_ALWAYS_SHOWN = ("validation_loss", "validation_accuracy")
_HIDDEN = frozenset({"rung", "search", "run_id", "epochs"})
_EXACT = 2**53
"""Beyond it a browser rounds an integer: such a value travels as text."""

_ABSENT = object()


def column_data(
    table: Table, runs: Mapping[str, ReportRun], scales: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """Every column of the table with its cells in the order of the rows.

    A column of numbers has `values`, null where a row has none. Any other has `levels`, its different
    values, and `codes`, which count in them, -1 where a row has none.
    """
    rows = [row_as_json(row) for row in table.rows]
    columns = [_plain(name, [row.get(name) for row in rows]) for name in _PLAIN]
    return [
        *columns,
        *_metrics(table, [row["metrics"] for row in rows]),
        *_seconds([runs.get(row.run_id) for row in table.rows]),
        *_params(table, [row["params"] for row in rows], scales),
    ]


def _plain(name: str, cells: list[Any]) -> dict[str, Any]:
    cells = [_ABSENT if cell is None else cell for cell in cells]
    has_cells = any(cell is not _ABSENT for cell in cells)
    return {
        "key": name,
        "title": name,
        "kind": "plain",
        "shown": has_cells and name not in _HIDDEN,
        **_packed(cells),
    }


def _metrics(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The ranking metric first, then what was measured on the validation data, then the rest."""
    main = table.yardstick.metric
    names = dict.fromkeys([main, *(name for row in table.rows for name in overall(row.metrics))])
    ordered = sorted(names, key=lambda name: (name != main, not name.startswith("validation_")))
    return [
        {
            "key": f"metrics.{name}",
            "title": name,
            "kind": "metric",
            "shown": name in {main, *_ALWAYS_SHOWN},
            "direction": table.yardstick.mode if name == main else _direction(name),
            **_packed([_ABSENT if row.get(name) is None else row[name] for row in rows]),
        }
        for name in ordered
    ]


def _direction(metric: str) -> str | None:
    try:
        return direction_of(metric)
    except ConfigurationError:
        return None


def _seconds(runs: Sequence[ReportRun | None]) -> list[dict[str, Any]]:
    """One column with the seconds of training; none where no run was timed."""
    spent = [None if run is None else run.seconds for run in runs]
    if all(each is None for each in spent):
        return []
    values = [None if each is None else round(each, 3) for each in spent]
    about = {"key": "seconds", "title": "training seconds", "kind": "time", "shown": True}
    return [{**about, "direction": "min", "values": values}]


def _params(
    table: Table, rows: Sequence[Mapping[str, Any]], scales: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """Hyperparameters under their short names; those that all runs share are there, and not shown."""
    titles = short_names(table.params)
    columns = []
    for path in table.params:
        cells = [row.get(path, _ABSENT) for row in rows]
        packed = _packed(cells)
        about = {"key": f"params.{path}", "title": titles[path], "kind": "param", "shown": _differs(cells)}
        columns.append({**about, "log": "values" in packed and is_log(path, cells, scales), **packed})
    return columns


def _differs(cells: Sequence[Any]) -> bool:
    present = [cell for cell in cells if cell is not _ABSENT]
    return not all(are_same(cell, present[0]) for cell in present)


def _packed(cells: Sequence[Any]) -> dict[str, Any]:
    """The cells in few bytes."""
    if all(cell is _ABSENT or _is_number(cell) for cell in cells):
        return {"values": [None if cell is _ABSENT else cell for cell in cells]}
    levels: dict[str, int] = {}
    codes = []
    for cell in cells:
        text = None if cell is _ABSENT else json.dumps(_travelling(cell), sort_keys=True)
        codes.append(-1 if text is None else levels.setdefault(text, len(levels)))
    return {"levels": [json.loads(text) for text in levels], "codes": codes}


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return math.isfinite(cell) if isinstance(cell, float) else abs(cell) <= _EXACT


def _travelling(cell: Any) -> Any:
    """The value as JSON and a browser keep it: no NaN inside lists and mappings, long integers as text."""
    if isinstance(cell, list | tuple):
        return [_travelling(inner) for inner in cell]
    if isinstance(cell, dict):
        return {str(key): _travelling(inner) for key, inner in cell.items()}
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    is_long = isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) > _EXACT
    return str(cell) if is_long else cell
