"""The record of trainings: journals on disk, what they say, where files lie, where code came from.

The journal of a search is the truth; every tracker and every leaderboard is made from it. This room
knows no tracker and trains nothing.
"""

from toolkit.runs.find import find_run, find_searches
from toolkit.runs.journal import JournalWriter, Record, has_begun, read_journal
from toolkit.runs.layout import Project, SearchFolder, check_name
from toolkit.runs.provenance import provenance
from toolkit.runs.revision import Revision
from toolkit.runs.search import (
    Artifact,
    ParamChange,
    Point,
    Run,
    Search,
    SearchHeader,
    load_search,
)
from toolkit.runs.status import Status

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
