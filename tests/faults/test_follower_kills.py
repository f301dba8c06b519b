"""The follower killed in the middle of a search: `toolkit sync` finishes, and every count is exact."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.matrix import count_all, hold_all
from tests.faults.processes import kill_followers
from tests.faults.searches import ALL_TRACKERS, SmallSearch
from tests.faults.superseded import torn_event_files, torn_wandb_runs
from toolkit.runs import Project, SearchFolder, Status, load_search
from toolkit.testing.toy import ToyJournal, toy_header
from toolkit.trackers import mirror, start_follower, unmirrored

pytestmark = pytest.mark.slow
TRIALS, EPOCHS = 6, 10
TRACKING = {"mlflow": {}, "wandb": {"mode": "offline"}, "tensorboard": {}}


@pytest.mark.parametrize("shipped_before", [17, 40])
def test_a_killed_follower_loses_and_doubles_nothing(project: Path, shipped_before: int) -> None:
    header = toy_header(tracking=TRACKING)
    journal = ToyJournal(project / "runs" / "toy names" / header.id, header)
    follower = start_follower(journal.folder)
    for number in range(TRIALS):
        journal.trial(number)
    for epoch in range(EPOCHS):
        for number in range(TRIALS):
            journal.points(number, range(epoch, epoch + 1))
        if epoch * TRIALS >= shipped_before and follower.poll() is None:
            wait_until_shipped(journal.folder, shipped_before, follower)
            follower.send_signal(signal.SIGKILL)
            follower.wait(timeout=20)
    journal.end(0, Status.STOPPED, rung=10, reason="worse than the others at rung 10")
    for number in range(1, TRIALS):
        journal.end(number)
    journal.close()
    assert torn_wandb_runs(project) == torn_event_files(journal.folder) == []
    for _ in range(2):
        outcomes = mirror(journal.folder, Project.here())
        assert [outcome.error for outcome in outcomes] == [None, None, None]
        hold_all("follower killed in the middle of its runs", count_all(journal.folder))
        # What the killed one had begun of each run is set aside, once.
        assert len(torn_wandb_runs(project)) == len(torn_event_files(journal.folder)) == TRIALS


def wait_until_shipped(folder: SearchFolder, points: int, follower: subprocess.Popen[bytes]) -> None:
    """Until every tracker has taken so many points."""
    total = sum(len(run.points) for run in load_search(folder).runs.values())
    deadline = time.monotonic() + 60
    while max(unmirrored(folder).values()) > total - points:
        assert follower.poll() is None and time.monotonic() < deadline, folder.follower_log.read_text()
        time.sleep(0.02)


def test_killed_while_it_makes_the_store_it_leaves_none_that_cannot_be_opened(project: Path) -> None:
    header = toy_header(tracking={"mlflow": {}})
    journal = ToyJournal(project / "runs" / "toy names" / header.id, header)
    journal.trial(0)
    journal.points(0, range(3))
    follower = start_follower(journal.folder)
    deadline = time.monotonic() + 60
    while not any((project / name).exists() for name in ("mlflow.db", "mlflow.db.new")):
        assert follower.poll() is None and time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(0.2)  # some of its dozens of steps
    follower.send_signal(signal.SIGKILL)
    follower.wait(timeout=20)
    assert not (project / "mlflow.db").exists()  # else the kill came too late to show anything
    journal.end(0)
    journal.close()
    (outcome,) = mirror(journal.folder, Project.here())
    assert (outcome.error, outcome.remaining) == (None, 0)


def test_killed_while_its_search_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search = SmallSearch.make(tmp_path, trials=3, epochs=80, tracking=ALL_TRACKERS)
    monkeypatch.chdir(tmp_path)
    process = search.start()
    deadline = time.monotonic() + 120
    while not has_shipped(search):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    assert kill_followers(tmp_path) == 1
    was_training = search.found().status is Status.RUNNING
    _, told = process.communicate(timeout=200)
    assert process.returncode == 0, told[-3000:]
    assert "to send them: toolkit sync" in told
    assert was_training
    search.assert_exact()
    folder = search.found().folder
    assert [outcome.error for outcome in mirror(folder, Project.here())] == [None, None, None]
    hold_all("follower killed while its search goes on", count_all(folder))
    assert torn_wandb_runs(tmp_path) and torn_event_files(folder)


def has_shipped(search: SmallSearch) -> bool:
    """Whether every tracker has a point of it."""
    if search.journal is None or search.size == 0:
        return False
    found = search.found()
    points = sum(len(run.points) for run in found.runs.values())
    return points > 0 and all(left < points for left in unmirrored(found.folder).values())
