"""Runs ordered by one metric, across searches: ranking, its formats, the files of `results/`, and whether
those are the committed ones.

The names below are resolved when they are first used (PEP 562), so that who reads journals loads no more.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.leaderboard.as_json import row_as_json as row_as_json
    from toolkit.leaderboard.exporting import export as export
    from toolkit.leaderboard.index import rank as rank
    from toolkit.leaderboard.ranking import Row as Row
    from toolkit.leaderboard.ranking import Table as Table
    from toolkit.leaderboard.ranking import best_point as best_point
    from toolkit.leaderboard.ranking import best_run as best_run
    from toolkit.leaderboard.reproduced import Reproduction as Reproduction
    from toolkit.leaderboard.reproduced import verify as verify
    from toolkit.leaderboard.results import find_results as find_results

_HOMES = {
    "Reproduction": "toolkit.leaderboard.reproduced",
    "Row": "toolkit.leaderboard.ranking",
    "Table": "toolkit.leaderboard.ranking",
    "best_point": "toolkit.leaderboard.ranking",
    "best_run": "toolkit.leaderboard.ranking",
    "export": "toolkit.leaderboard.exporting",
    "find_results": "toolkit.leaderboard.results",
    "rank": "toolkit.leaderboard.index",
    "row_as_json": "toolkit.leaderboard.as_json",
    "verify": "toolkit.leaderboard.reproduced",
}
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


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'toolkit.leaderboard' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
