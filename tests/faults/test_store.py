"""MLflow's sqlite file of an older version, and two searches at once into a fresh one."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.matrix import COLUMNS, OF_TRACKER
from tests.faults.old_store import REVISIONS, make_old_store, revision_of
from tests.faults.toy_search import (
    Followers,
    ToySearch,
    assert_finished,
    has_failed,
    told,
    two_at_once,
    until,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("project")]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `toolkit sync` puts into the environment of its process is taken out again."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


@pytest.mark.parametrize("revision", REVISIONS.values(), ids=REVISIONS)
def test_a_store_of_an_older_version(
    project: Path, revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is left alone until its owner has upgraded it with the command that is told."""
    uri = f"sqlite:///{project / 'mlflow.db'}"
    make_old_store(uri, revision)
    search = ToySearch("01d500000001", {"mlflow": {"uri": uri}})
    with Followers() as follower:
        process = follower.start(search.folder)
        search.begin()
        search.end()
        until(lambda: has_failed(search.folder, 2), show=search.folder)
        missing, _ = told(search.folder, capsys)
        old = f"the tables of MLflow's store are of an older version (revision {revision}; "
        assert missing.startswith(f"20 points not yet in mlflow ({old}")
        assert revision_of(uri) == revision
        upgrade = shlex.split(missing.split("`")[1])
        assert upgrade == ["mlflow", "db", "upgrade", uri]
        subprocess.run([sys.executable, "-m", *upgrade], check=True, capture_output=True)
        assert process.wait(timeout=60) == 0, search.folder.follower_log.read_text()
    assert_finished("store of an older version of MLflow, then upgraded", COLUMNS[0], search.folder)


def test_two_searches_into_one_fresh_store(project: Path) -> None:
    tracking = {"mlflow": {"uri": f"sqlite:///{project / 'mlflow.db'}"}, "wandb": {}, "tensorboard": {}}
    with Followers() as follower:
        searches = two_at_once(("2fe500000001", "2fe500000002"), tracking, follower)
    for search in searches:
        assert not has_failed(search.folder)
        for tracker, column in OF_TRACKER.items():
            assert_finished("two searches into one fresh store", column, search.folder, tracker)
