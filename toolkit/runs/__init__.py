"""The record of trainings: journals on disk, what they say, where files lie, where code came from.

The journal of a search is the truth; every tracker and every leaderboard is made from it. This room
knows no tracker and trains nothing.

The names below are resolved when they are first used (PEP 562), so that who reads journals loads no more.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.runs.find import find_run as find_run
    from toolkit.runs.find import find_searches as find_searches
    from toolkit.runs.journal import JournalWriter as JournalWriter
    from toolkit.runs.layout import Project as Project
    from toolkit.runs.layout import SearchFolder as SearchFolder
    from toolkit.runs.layout import check_name as check_name
    from toolkit.runs.lineage import provenance as provenance
    from toolkit.runs.records import Record as Record
    from toolkit.runs.records import has_begun as has_begun
    from toolkit.runs.records import read_journal as read_journal
    from toolkit.runs.revision import Revision as Revision
    from toolkit.runs.search import Artifact as Artifact
    from toolkit.runs.search import ParamChange as ParamChange
    from toolkit.runs.search import Point as Point
    from toolkit.runs.search import Run as Run
    from toolkit.runs.search import Search as Search
    from toolkit.runs.search import SearchHeader as SearchHeader
    from toolkit.runs.search import load_search as load_search
    from toolkit.runs.status import Status as Status

_HOMES = {
    "Artifact": "toolkit.runs.search",
    "JournalWriter": "toolkit.runs.journal",
    "ParamChange": "toolkit.runs.search",
    "Point": "toolkit.runs.search",
    "Project": "toolkit.runs.layout",
    "Record": "toolkit.runs.records",
    "Revision": "toolkit.runs.revision",
    "Run": "toolkit.runs.search",
    "Search": "toolkit.runs.search",
    "SearchFolder": "toolkit.runs.layout",
    "SearchHeader": "toolkit.runs.search",
    "Status": "toolkit.runs.status",
    "check_name": "toolkit.runs.layout",
    "find_run": "toolkit.runs.find",
    "find_searches": "toolkit.runs.find",
    "has_begun": "toolkit.runs.records",
    "load_search": "toolkit.runs.search",
    "provenance": "toolkit.runs.lineage",
    "read_journal": "toolkit.runs.records",
}
__all__ = [
    "Artifact",
    "JournalWriter",
    "ParamChange",
    "Point",
    "Project",
    "Record",
    "Revision",
    "Run",
    "Search",
    "SearchFolder",
    "SearchHeader",
    "Status",
    "check_name",
    "find_run",
    "find_searches",
    "has_begun",
    "load_search",
    "provenance",
    "read_journal",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'toolkit.runs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
