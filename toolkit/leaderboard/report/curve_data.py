"""The learning curves of a leaderboard: every epoch of every run, of every metric but those per label.

All runs stand behind one another in one array a metric; `lengths` says where each begins. A curve of more
than 200 epochs is thinned, for a screen has no more pixels; its last epoch always stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.report.report_run import ReportRun
from toolkit.leaderboard.report.scales import for_chart, is_number
from toolkit.runs import Point

_LONGEST = 200


def curve_data(table: Table, runs: Mapping[str, ReportRun]) -> dict[str, Any]:
    """{"lengths": points a row, "epochs": [...], "metrics": {name: [...]}}; null where there is no number."""
    curves = [_thinned(runs[row.run_id].points) if row.run_id in runs else [] for row in table.rows]
    points = [point for curve in curves for point in curve]
    names = dict.fromkeys(
        name
        for point in points
        for name, value in point.metrics.items()
        if "__" not in name and is_number(value)
    )
    return {
        "lengths": [len(curve) for curve in curves],
        "epochs": [point.epoch for point in points],
        "metrics": {name: [for_chart(point.metrics.get(name)) for point in points] for name in names},
    }


def _thinned(points: Sequence[Point]) -> list[Point]:
    step = -(-len(points) // _LONGEST)
    return list(points[::-1][::step][::-1]) if step > 1 else list(points)
