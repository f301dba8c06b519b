"""One HTML file that shows leaderboards with their charts, and opens from `file://` without a network."""

from toolkit.leaderboard.report.report_run import ReportRun, report_runs, sampled_scales
from toolkit.leaderboard.report.writing import write_report

__all__ = ["ReportRun", "report_runs", "sampled_scales", "write_report"]
