"""Leaderboards and their runs, put together into the file that a browser opens."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolkit.leaderboard.files import write_whole
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.report.column_data import column_data
from toolkit.leaderboard.report.confusion_data import confusion_data
from toolkit.leaderboard.report.curve_data import curve_data
from toolkit.leaderboard.report.importance import importance
from toolkit.leaderboard.report.page import page
from toolkit.leaderboard.report.progress_data import progress_data
from toolkit.leaderboard.report.report_run import ReportRun


def write_report(
    path: Path,
    tables: Sequence[Table],
    runs: Mapping[str, ReportRun],
    *,
    title: str,
    scales: Mapping[str, bool] | None = None,
) -> Path:
    """Write the report of these leaderboards to `path`, whole or not at all.

    Args:
        runs: run id -> the course of the run; a row without one has no curve.
        title: what the page is called.
        scales: dotted path -> whether its search space is logarithmic, where the space is known.
    """
    return write_whole(path, page(title, report_data(tables, runs, title=title, scales=scales)))


def report_data(
    tables: Sequence[Table],
    runs: Mapping[str, ReportRun],
    *,
    title: str,
    scales: Mapping[str, bool] | None = None,
) -> dict[str, Any]:
    """Everything that the page shows, as JSON can hold it."""
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return {
        "title": title,
        "made": made,
        "tables": [_table(table, runs, scales or {}) for table in tables if table.rows],
    }


def _table(table: Table, runs: Mapping[str, ReportRun], scales: Mapping[str, bool]) -> dict[str, Any]:
    yardstick = table.yardstick
    return {
        "metric": yardstick.metric,
        "mode": yardstick.mode,
        "validation": yardstick.path,
        "digest": yardstick.validation,
        "reason": table.reason,
        "counts": dict(table.counts),
        "running": list(table.running),
        "size": len(table.rows),
        "columns": column_data(table, runs, scales),
        "curves": curve_data(table, runs),
        "progress": progress_data(table, runs),
        "importance": importance(table, scales),
        "confusion": confusion_data(table, runs),
    }
