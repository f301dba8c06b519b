"""A plug-in of somebody else's, installed as pip would, goes the whole way through the entry point."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from toolkit.cli import sync
from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, load_search
from toolkit.testing.toy import toy_header, write_toy_journal
from toolkit.testing.tracker_contract import TrackerContract
from toolkit.trackers import Outcome, check_tracking, make_reader, make_tracker, mirror, tracker_names
from toolkit.trackers.comparison import compare
from toolkit.trackers.mirror import Pace

_POINTS = """[toolkit.trackers]
theirs = their_tracker:TheirTracker
torn = their_torn_tracker:Tracker
"""


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The module and its metadata in a folder on the path, as they lie in site-packages."""
    site = tmp_path / "site"
    about = site / "their_tracker-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: their-tracker\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(_POINTS)
    shutil.copy(Path(__file__).with_name("their_tracker.py"), site)
    (site / "their_torn_tracker.py").write_text("import a_service_that_is_not_installed\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "their_tracker", raising=False)
    monkeypatch.setattr(os, "environ", os.environ.copy())


class TestTheirs(TrackerContract):
    tracker = "theirs"


def journal(project: Path, tracking: dict[str, Any]) -> SearchFolder:
    header = toy_header(tracking=tracking)
    return write_toy_journal(project / "runs" / "toy names" / header.id, header)


def test_it_is_found_mirrored_to_and_verified(project: Path) -> None:
    assert {"theirs", "torn"} <= set(tracker_names())
    folder = journal(project, {"theirs": {"colour": "red"}, "memory": {}})
    for shipped in (6, 0):
        done = CliRunner().invoke(sync.command, ["--to", "theirs"])
        line = f"toy names@0123456789ab  theirs: {shipped} points shipped\n"
        assert (done.exit_code, done.output) == (0, line)
    search = load_search(folder)
    reader = make_reader("theirs", Project.here(), folder, search.header, {})
    found = compare(search, reader)
    assert (found.decided, found.stored, found.differences) == (6, 6, ())


def test_one_whose_library_is_missing_is_named_and_the_other_goes_on(project: Path) -> None:
    folder = journal(project, {"torn": {}, "theirs": {}})
    torn, theirs = mirror(folder, Project.here(), pace=Pace(insist=0.0))
    assert theirs == Outcome("theirs", shipped=6, remaining=0, error=None)
    assert (torn.shipped, torn.remaining) == (0, 6)
    assert torn.error is not None
    assert torn.error.startswith("the tracker 'torn' of their-tracker cannot be loaded (ModuleNotFound")


def test_what_to_do_about_a_missing_library_names_the_package_to_update(project: Path) -> None:
    with pytest.raises(TrackerError) as raised:
        make_tracker("torn", Project.here(), toy_header(), {})
    assert str(raised.value) == (
        "the tracker 'torn' of their-tracker cannot be loaded "
        "(ModuleNotFoundError: No module named 'a_service_that_is_not_installed'); "
        "install what it needs or update it, or switch it off under `tracking`"
    )


def test_its_options_are_its_own(project: Path) -> None:
    check_tracking({"theirs": {"color": "red"}})
    with pytest.raises(TrackerError, match=r"tracking\.theirs has no option 'color'; it knows colour"):
        make_tracker("theirs", Project.here(), toy_header(), {"color": "red"})
