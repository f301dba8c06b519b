"""The machine's clock is set back in the middle of a search."""

import os
import time
from pathlib import Path

import pytest

from tests.faults.matrix import count_all, hold_all
from tests.faults.processes import WAYS, kill_search
from tests.faults.searches import ALL_TRACKERS, SmallSearch, finish
from tests.newcomer import ROOT
from toolkit.runs import Project
from toolkit.testing.toy import ToyJournal, toy_header
from toolkit.trackers import mirror
from toolkit.trackers.memory import MemoryStore
from toolkit.trackers.mirror import Pace

HOUR = 3600
# Found by every Python process of the search, its driver, its workers and its follower, before anything else.
CLOCK = f"""
import os, time

_time, _time_ns = time.time, time.time_ns


def _set_back():
    return {HOUR} if os.path.exists(os.environ["TEST_CLOCK"]) else 0


time.time = lambda: _time() - _set_back()
time.time_ns = lambda: _time_ns() - _set_back() * 10**9
"""


@pytest.mark.timeout(30)
def test_a_follower_leaves_a_search_that_nobody_writes_though_its_journal_is_from_the_future(
    project: Path,
) -> None:
    header = toy_header()
    journal = ToyJournal(project / "runs" / "toy names" / header.id, header)
    journal.trial(0)
    journal.writer.close()
    later = time.time() + HOUR
    os.utime(journal.folder.journal, (later, later))
    pace = Pace(poll=0.01, orphan=0.05, quiet=0.05)
    store = MemoryStore()
    trackers = {"memory": {"store": store}}
    mirror(journal.folder, Project.here(), follow=True, pace=pace, trackers=trackers)
    assert {run.status for run in store.runs.values()} == {"INTERRUPTED"}


@pytest.mark.slow
def test_times_never_go_back_and_nothing_is_lost_or_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = SmallSearch.make(tmp_path / "project", trials=6, tracking=ALL_TRACKERS)
    monkeypatch.chdir(search.folder)
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK)
    set_back = tmp_path / "set back"
    environment = {
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "clock"), str(ROOT)]),
        "TEST_CLOCK": str(set_back),
    }
    process = search.start(environment=environment)
    deadline = time.monotonic() + 120
    while points_of(search) < 2:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    set_back.touch()
    while points_of(search) < 4:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    kill_search(process, search.folder, WAYS[0])
    finish(search.start(environment=environment))
    search.assert_exact()
    found = search.found()
    times = [point.t for run in found.runs.values() for point in run.points]
    # The journal's clock stood still meanwhile, and did not go back.
    assert max(times) > (time.time() - HOUR / 2) * 1000
    assert times.count(max(times)) > len(times) / 2
    assert {outcome.error for outcome in mirror(found.folder, Project.here())} == {None}
    hold_all("clock set back by an hour, driver killed and resumed", count_all(found.folder))


def points_of(search: SmallSearch) -> int:
    return 0 if search.size == 0 else sum(len(run.points) for run in search.found().runs.values())
