"""The best value that a search had found, against its trials and against the seconds since it began.

Only the steps are kept, so a search of any length is a few numbers. Seconds are wall time: trials side by
side cost theirs once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.report.report_run import ReportRun
from toolkit.leaderboard.report.scales import for_chart, is_number

_Step = tuple[float, float, str]
"""(where on the axis, value, run id)"""


def progress_data(table: Table, runs: Mapping[str, ReportRun]) -> list[dict[str, Any]]:
    """One entry a search: its name, and the steps against `trials` and `seconds` (null without times)."""
    searches: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        searches.setdefault((row.experiment, row.search), []).append(row)
    return [
        {
            "name": f"{experiment}@{search}",
            "trials": _against_trials(table, sorted(rows, key=lambda row: row.trial)),
            "seconds": _against_seconds(table, rows, runs),
        }
        for (experiment, search), rows in sorted(searches.items())
    ]


def _against_trials(table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    """Trials are counted from 1 in their order, those without a rank too: they cost as much."""
    metric = table.yardstick.metric
    found = [
        (float(place), float(row.metrics[metric]), row.run_id)
        for place, row in enumerate(rows, start=1)
        if row.rank is not None
    ]
    return _steps(found, table.yardstick.mode, len(rows))


def _against_seconds(
    table: Table, rows: Sequence[Row], runs: Mapping[str, ReportRun]
) -> dict[str, Any] | None:
    known = [(row, runs[row.run_id]) for row in rows if row.run_id in runs]
    starts = [run.started for _, run in known if run.started is not None]
    if not starts:
        return None
    begin, metric = min(starts), table.yardstick.metric
    found = sorted(
        ((point.t - begin) / 1000, float(point.metrics[metric]), row.run_id)
        for row, run in known
        if row.rank is not None
        for point in run.points
        if point.t > 0 and is_number(point.metrics.get(metric))
    )
    ends = [run.ended for _, run in known if run.ended is not None]
    last = max([*(place for place, _, _ in found), *((end - begin) / 1000 for end in ends)], default=0.0)
    return _steps(found, table.yardstick.mode, last) if found else None


def _steps(found: Iterable[_Step], mode: str, end: float) -> dict[str, Any]:
    """Where the best value changed; the last one holds until the end."""
    steps: list[_Step] = []
    for place, value, run_id in found:
        if not steps or (value < steps[-1][1] if mode == "min" else value > steps[-1][1]):
            steps.append((place, value, run_id))
    if steps and end > steps[-1][0]:
        steps.append((end, *steps[-1][1:]))
    return {
        "x": [round(place, 3) for place, _, _ in steps],
        "y": [for_chart(value) for _, value, _ in steps],
        "runs": [run_id for _, _, run_id in steps],
    }
