"""Runs ordered by one metric, across searches: ranking, its formats, and the files of `results/`."""

from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.export import export
from toolkit.leaderboard.ranking import Row, Table, best_point, best_run, rank
from toolkit.leaderboard.results import find_results

__all__ = ["Row", "Table", "best_point", "best_run", "export", "find_results", "rank", "row_as_json"]
