"""The Trackio plug-in, through its entry point and with the real library."""

import subprocess
import sys
from datetime import datetime
from importlib import metadata, util
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import skip
from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, load_search
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.testing.tracker_contract import TrackerContract
from toolkit.trackers import make_reader, make_tracker, mirror, registry
from toolkit_trackio import TrackioReader, TrackioTracker

# A process that runs this ends with 9 at the first touch of the network.
_REFUSE = """
import os, sys

def refuse(event, details):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        os.write(2, f"{event} {details}".encode())
        os._exit(9)

sys.addaudithook(refuse)
"""


@pytest.fixture(scope="session")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trackio keeps one folder a process."""
    return tmp_path_factory.mktemp("trackio's folder")


@pytest.fixture
def _installed(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if util.find_spec("trackio") is None:
        skip("Trackio is not installed: make test-slow brings it")
    if not metadata.entry_points(group=registry.ENTRY_POINT_GROUP, name="trackio"):
        skip("toolkit is not installed, so its plug-in has no entry point: make setup")
    monkeypatch.setenv("TRACKIO_DIR", str(_folder))


@pytest.mark.slow
@pytest.mark.usefixtures("_installed")
class TestTrackio(TrackerContract):
    tracker = "trackio"


@pytest.mark.slow
@pytest.mark.usefixtures("_installed")
def test_it_comes_through_the_door(project: Path) -> None:
    assert "trackio" not in registry._OURS | registry._READERS
    header = toy_header()
    assert isinstance(make_tracker("trackio", Project.here(), header, {}), TrackioTracker)
    reader = make_reader("trackio", Project.here(), SearchFolder(project), header, {})
    assert isinstance(reader, TrackioReader)


@pytest.mark.slow
@pytest.mark.usefixtures("_installed")
def test_names_and_values_that_trackio_cannot_hold_are_kept_otherwise(project: Path) -> None:
    journal = ToyJournal(project / "runs" / "toy names" / "abcdef012345", toy_header("abcdef012345"))
    journal.trial(0)
    odd: dict[str, Any] = {"step": 7, "timestamp": "noon", "__x": 1.5, "big": 2**70, "nest": {"_type": "x"}}
    journal.points(0, range(1), extra=odd)
    journal.end(0)
    journal.close()
    (outcome,) = mirror(journal.folder, Project.here(), trackers={"trackio": {"project": "odd"}})
    assert (outcome.error, outcome.remaining) == (None, 0)
    header = load_search(journal.folder).header
    (run,) = make_reader("trackio", Project.here(), journal.folder, header, {"project": "odd"}).runs()
    stored = {name: value for _, name, value in run.points}
    expected = {"__step": 7, "__timestamp": "noon", "____x": 1.5, "big": str(2**70), "nest": '{"_type": "x"}'}
    assert expected.items() <= stored.items()


@pytest.mark.slow
@pytest.mark.usefixtures("_installed")
def test_points_have_the_journals_time_and_runs_their_group(project: Path) -> None:
    from trackio.sqlite_storage import SQLiteStorage

    folder = write_toy_journal(
        project / "runs" / "timed" / "fedcba543210", toy_header("fedcba543210", "timed")
    )
    mirror(folder, Project.here(), trackers={"trackio": {}})
    run = load_search(folder).runs[1]
    _, row = SQLiteStorage.get_logs("timed", run_id=run.run_id)
    assert datetime.fromisoformat(row["timestamp"]).timestamp() == run.points[0].t / 1000
    config = SQLiteStorage.get_run_config("timed", run_id=run.run_id)
    assert (config["_Group"], config["toolkit.rung"]) == ("fedcba543210", 1)
    assert config["toolkit.reason"] == "worse than the others at rung 1"


@pytest.mark.slow
@pytest.mark.usefixtures("_installed")
def test_nothing_is_connected_to_and_nothing_listens(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As typed, in a process in which a socket of the network is an error; into the project's own folder."""
    monkeypatch.delenv("TRACKIO_DIR")
    write_toy_journal(project / "runs" / "toy names" / "0123456789ab", toy_header(tracking={"trackio": {}}))
    code = _REFUSE + "from toolkit.cli import main; sys.argv[1:] = ['sync', '--to', 'trackio']; main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "toy names@0123456789ab  trackio: 6 points shipped\n"
    assert (project / "trackio" / "toynames.db").is_file()


def test_without_the_library_one_line_says_what_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trackio", None)
    monkeypatch.setitem(sys.modules, "trackio.sqlite_storage", None)
    with pytest.raises(TrackerError, match=r"^Trackio cannot .*: pip install 'mlops-toolkit\[trackio\]'$"):
        TrackioTracker(Project.here(), toy_header(), {})


def test_the_hub_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKIO_BUCKET_ID", "somebody/bucket")
    with pytest.raises(TrackerError, match="local folder only: unset TRACKIO_BUCKET_ID"):
        TrackioTracker(Project.here(), toy_header(), {})


def test_an_option_that_it_does_not_know_is_refused(project: Path) -> None:
    with pytest.raises(TrackerError, match=r"tracking\.trackio has no option 'proyect'; it knows project"):
        TrackioTracker(Project.here(), toy_header(), {"proyect": "x"})
