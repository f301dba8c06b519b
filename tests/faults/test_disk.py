"""A full disk behind the services: what they could not write is told, and arrives once there is room."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.matrix import OF_TRACKER
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.toy_search import Followers, ToySearch, assert_finished, has_failed, run_sync, told, until
from toolkit.trackers import unmirrored

pytestmark = pytest.mark.slow
FAULT = "full disk behind the store"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small disk", megabytes=16) as disk:
        yield disk


@pytest.fixture
def search(project: Path, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> ToySearch:
    """Its journal has room; every service's store lies on the small disk."""
    monkeypatch.setattr(os, "environ", {**os.environ, "WANDB_DIR": str(disk.path)})
    store = {"uri": f"sqlite:///{disk.path / 'mlflow.db'}"}
    made = ToySearch("d15c00000001", {"mlflow": store, "wandb": {}, "tensorboard": {}})
    (disk.path / "tensorboard").mkdir()
    made.folder.tensorboard.symlink_to(disk.path / "tensorboard")
    return made


def test_a_full_disk_in_the_middle(
    search: ToySearch, disk: SmallDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    with Followers() as follower:
        process = follower.start(search.folder)
        search.begin()
        until(lambda: set(unmirrored(search.folder).values()) == {0}, show=search.folder)
        disk.fill()
        search.end()
        until(lambda: has_failed(search.folder, 6), show=search.folder)
        missing = told(search.folder, capsys)
        full = "the disk is full: 0 KiB are free in "
        assert missing[0] == "12 points not yet in mlflow (database or disk is full)"
        assert missing[1].startswith(f"12 points not yet in wandb ({full}")
        assert missing[2].startswith(f"12 points not yet in tensorboard ({full}")
        assert missing[3] == "to send them: toolkit sync 'toys d15c00000001@d15c00000001'"
        assert process.poll() is None
        follower.end()
    disk.empty()
    done = run_sync(search.folder)
    assert done.exit_code == 0, done.output
    for tracker, column in OF_TRACKER.items():
        assert_finished(FAULT, column, search.folder, tracker)


def test_a_follower_outlasts_a_full_disk(search: ToySearch, disk: SmallDisk) -> None:
    disk.fill()
    with Followers() as follower:
        process = follower.start(search.folder)
        search.begin()
        search.end()
        until(lambda: has_failed(search.folder, 6), show=search.folder)
        disk.empty()
        assert process.wait(timeout=60) == 0, search.folder.follower_log.read_text()
    for tracker, column in OF_TRACKER.items():
        assert_finished(FAULT, column, search.folder, tracker)
