"""The learning curves of a leaderboard: every epoch of every run, of every metric but those per label.

All runs stand behind one another in one array a metric; `lengths` says where each begins. Long curves are
thinned: to 200 epochs, for a screen has no more pixels, and further where the numbers of all runs would
make a file that no browser opens. The last epoch always stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.report.report_run import ReportRun
from toolkit.leaderboard.report.scales import for_chart, is_number
from toolkit.runs import Point

_LONGEST = 200
_SHORTEST = 10
_MOST_NUMBERS = 4_000_000
"""Of all curves together: about 30 MB."""


def curve_data(table: Table, runs: Mapping[str, ReportRun]) -> dict[str, Any]:
    """{"lengths": points a row, "epochs": [...], "metrics": {name: [...]}}; null where there is no number."""
    whole = [runs[row.run_id].points if row.run_id in runs else [] for row in table.rows]
    names = dict.fromkeys(
        name
        for curve in whole
        for point in curve
        for name, value in point.metrics.items()
        if "__" not in name and is_number(value)
    )
    fair = _MOST_NUMBERS // max(1, len(whole) * len(names))
    most = max(_SHORTEST, min(_LONGEST, fair))
    curves = [_thinned(curve, most) for curve in whole]
    points = [point for curve in curves for point in curve]
    return {
        "lengths": [len(curve) for curve in curves],
        "epochs": [point.epoch for point in points],
        "metrics": {name: [for_chart(point.metrics.get(name)) for point in points] for name in names},
    }


def _thinned(points: Sequence[Point], most: int) -> Sequence[Point]:
    """Every second point, every third, ..., counted from the last one."""
    step = -(-len(points) // most)
    return points[::-1][::step][::-1] if step > 1 else points
