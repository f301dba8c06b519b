"""The follower killed in the middle of a search: `toolkit sync` finishes, and every count is exact."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from toolkit.runs import Project, SearchFolder, Status, load_search
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import mirror, start_follower, unmirrored
from toolkit.trackers._mlflow_reader import MlflowReader
from toolkit.trackers._tensorboard_reader import TensorboardReader
from toolkit.trackers._wandb_reader import WandbReader
from toolkit.trackers.stored import Reader

READERS: dict[str, type[Reader]] = {
    "mlflow": MlflowReader,
    "wandb": WandbReader,
    "tensorboard": TensorboardReader,
}
TRIALS, EPOCHS, METRICS = 6, 10, 3


@pytest.mark.slow
@pytest.mark.parametrize("shipped_before", [17, 40])
def test_a_killed_follower_loses_and_doubles_nothing(project: Path, shipped_before: int) -> None:
    header = toy_header(tracking={"mlflow": {}, "wandb": {"mode": "offline"}, "tensorboard": {}})
    journal = ToyJournal(project / "runs" / "toy names" / header.id, header)
    follower = start_follower(journal.folder)
    for number in range(TRIALS):
        journal.trial(number)
    for epoch in range(EPOCHS):
        for number in range(TRIALS):
            journal.points(number, range(epoch, epoch + 1))
        if epoch * TRIALS >= shipped_before:
            _wait_until_shipped(journal.folder, shipped_before, follower)
            follower.send_signal(signal.SIGKILL)
    follower.wait(timeout=20)
    journal.end(0, Status.STOPPED, rung=10, reason="worse than the others at rung 10")
    for number in range(1, TRIALS):
        journal.end(number)
    journal.close()
    for _ in range(2):
        outcomes = mirror(journal.folder, Project.here())
        assert [outcome.error for outcome in outcomes] == [None, None, None]
        for tracker in READERS:
            assert assert_exact(tracker, journal.folder, Project.here()) == TRIALS * EPOCHS * METRICS


def assert_exact(tracker: str, folder: SearchFolder, project: Project) -> int:
    """Hold what a tracker has stored against the journal, point by point; how many points there are."""
    search, points = load_search(folder), 0
    service = READERS[tracker](project, folder, search.header, {})
    stored = {run.run_id: run for run in service.runs()}
    assert len(stored) == len(service.runs()) == len(search.runs), tracker
    for run in search.runs.values():
        wanted = sorted(
            (point.epoch, *service.as_metric(name, value))
            for point in run.points
            for name, value in point.metrics.items()
        )
        assert sorted(stored[run.run_id].points) == wanted, tracker
        assert stored[run.run_id].status == service.as_status(run.status), tracker
        points += len(wanted)
    return points


def _wait_until_shipped(folder: SearchFolder, points: int, follower: subprocess.Popen[bytes]) -> None:
    """Until every tracker has taken so many points; at once when the follower has been killed."""
    total = sum(len(run.points) for run in load_search(folder).runs.values())
    deadline = time.monotonic() + 60
    while max(unmirrored(folder).values()) > total - points:
        if follower.poll() is not None:
            return
        assert time.monotonic() < deadline, folder.follower_log.read_text()
        time.sleep(0.02)


@pytest.mark.slow
def test_two_followers_at_once_into_one_fresh_store(project: Path) -> None:
    headers = [
        toy_header(search_id, tracking={"mlflow": {}}) for search_id in ("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    ]
    folders = [write_toy_journal(project / "runs" / "toy names" / header.id, header) for header in headers]
    followers = [start_follower(folder) for folder in folders]
    assert [follower.wait(timeout=120) for follower in followers] == [0, 0]
    for folder, header in zip(folders, headers, strict=True):
        assert unmirrored(folder) == {"mlflow": 0}
        assert "trying again" not in folder.follower_log.read_text()
        stored = MlflowReader(Project.here(), folder, header, {}).runs()
        assert sorted(run.run_id[-5:] for run in stored) == ["00000", "00001", "00002", "00003"]
