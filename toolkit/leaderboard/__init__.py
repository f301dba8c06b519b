"""Runs ordered by one metric, across searches: ranking, its formats, the files of `results/`, and whether
those are the committed ones."""

from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.export import export
from toolkit.leaderboard.index import rank
from toolkit.leaderboard.ranking import Row, Table, best_point, best_run
from toolkit.leaderboard.reproduced import Reproduction, verify
from toolkit.leaderboard.results import find_results

__all__ = [
    "Reproduction",
    "Row",
    "Table",
    "best_point",
    "best_run",
    "export",
    "find_results",
    "rank",
    "row_as_json",
    "verify",
]
