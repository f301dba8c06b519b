"""MLflow's client on PostgreSQL: the database away, slow, cutting lines, full, old, fresh."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.conftest import skip
from tests.faults.matrix import COLUMNS
from tests.faults.old_store import REVISIONS, make_old_store, revision_of
from tests.faults.postgresql import Cluster, programs
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.toy_search import (
    EPOCHS,
    Followers,
    ToySearch,
    assert_finished,
    has_failed,
    has_shipped,
    run_sync,
    told,
    two_at_once,
    until,
)

pytestmark = pytest.mark.slow
COLUMN = COLUMNS[2]


@pytest.fixture(scope="module")
def disk() -> Iterator[SmallDisk]:
    """Where the user `postgres` can enter, as it cannot the folders of pytest."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        with small_disk(folder / "disk", megabytes=400) as disk:
            yield disk
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def cluster(disk: SmallDisk) -> Iterator[Cluster]:
    if programs() is None:
        skip("PostgreSQL is not installed: MLflow's client is not tried on it")
    made = Cluster(disk.path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def uri(cluster: Cluster, request: pytest.FixtureRequest) -> str:
    """An empty database of the test's own."""
    cluster.start()
    return cluster.make(request.node.name[:60])


@pytest.fixture
def follower() -> Iterator[Followers]:
    with Followers() as made:
        yield made


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project's root whose path has no apostrophe.

    MLflow puts the folder of its artifacts into a statement by hand, and PostgreSQL refuses it with one.
    """
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `toolkit sync` puts into the environment of its process is taken out again."""
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setattr(os, "environ", os.environ.copy())


def finish(fault: str, search: ToySearch) -> None:
    done = run_sync(search.folder)
    assert done.exit_code == 0, done.output
    assert_finished(fault, COLUMN, search.folder)


def test_absent_at_the_start(
    cluster: Cluster, uri: str, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.kill()
    search = ToySearch("b05700000001", {"mlflow": {"uri": uri}})
    follower.start(search.folder)
    search.begin()
    until(lambda: has_failed(search.folder, 2), show=search.folder)
    search.end()
    follower.end()
    missing, command = told(search.folder, capsys)
    assert missing.startswith(f"20 points not yet in mlflow (MLflow's database {uri} does not answer: ")
    assert missing.endswith("Connection refused)")
    assert command == "to send them: toolkit sync 'toys b05700000001@b05700000001'"
    cluster.start()
    finish("service absent at the start", search)


def test_killed_and_away_until_the_search_has_ended(
    cluster: Cluster, uri: str, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    search = ToySearch("b05700000002", {"mlflow": {"uri": uri}})
    follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    cluster.kill()
    search.go_on(range(2, 4))
    until(lambda: has_failed(search.folder, 3), show=search.folder)
    search.end(range(4, EPOCHS))
    follower.end()
    missing, _ = told(search.folder, capsys)
    assert missing.startswith("12 points not yet in mlflow (MLflow's database ")
    cluster.start()
    finish("service killed, away until the search has ended", search)


def test_killed_and_back_at_once(cluster: Cluster, uri: str, follower: Followers) -> None:
    search = ToySearch("b05700000003", {"mlflow": {"uri": uri}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    cluster.kill()
    search.go_on(range(2, 4))
    until(lambda: has_failed(search.folder), show=search.folder)
    cluster.start()
    search.end(range(4, EPOCHS))
    assert process.wait(timeout=90) == 0, search.folder.follower_log.read_text()
    assert_finished("service killed, back within seconds", COLUMN, search.folder)


def test_ten_seconds_an_answer(uri: str, follower: Followers) -> None:
    """Somebody holds a lock on MLflow's runs for ten seconds."""
    search = ToySearch("b05700000004", {"mlflow": {"uri": uri}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    with psycopg.connect(uri) as connection:
        connection.execute("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE")
        search.end()
        connection.execute("SELECT pg_sleep(10)")
        assert not has_shipped(search.folder)
        assert search.seconds < 10 / 10
    assert process.wait(timeout=60) == 0, search.folder.follower_log.read_text()
    assert not has_failed(search.folder)
    assert_finished("service takes 10 s an answer", COLUMN, search.folder)


def test_connections_cut_at_random(uri: str, follower: Followers) -> None:
    """Another session ends every connection of the follower's, again and again."""
    search = ToySearch("b05700000005", {"mlflow": {"uri": uri}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    enough = threading.Event()
    cutting = threading.Thread(target=_cut, args=(uri, enough))
    cutting.start()
    try:
        search.end()
        until(lambda: has_failed(search.folder, 2), show=search.folder)
    finally:
        enough.set()
        cutting.join()
    assert process.wait(timeout=60) == 0, search.folder.follower_log.read_text()
    assert_finished("connections cut again and again", COLUMN, search.folder)


def _cut(uri: str, enough: threading.Event) -> None:
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    others = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while not enough.wait(0.01):
        with suppress(psycopg.OperationalError), psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"{end} {others}")


def test_a_full_disk_behind_the_database(
    disk: SmallDisk, uri: str, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    search = ToySearch("b05700000006", {"mlflow": {"uri": uri}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    disk.fill()
    search.end(range(2, 60))  # more than fits into the pages that there are
    until(lambda: has_failed(search.folder, 2), show=search.folder)
    missing, _ = told(search.folder, capsys)
    assert re.match(r"2\d\d points not yet in mlflow \(could not .*: No space left on device", missing), (
        missing
    )
    disk.empty()
    assert process.wait(timeout=90) == 0, search.folder.follower_log.read_text()
    assert_finished("full disk behind the store", COLUMN, search.folder)


def test_a_store_of_an_older_version(
    uri: str, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    revision = REVISIONS["of MLflow 2"]
    make_old_store(uri, revision)
    search = ToySearch("b05700000007", {"mlflow": {"uri": uri}})
    process = follower.start(search.folder)
    search.begin()
    search.end()
    until(lambda: has_failed(search.folder), show=search.folder)
    missing, _ = told(search.folder, capsys)
    upgrade = shlex.split(missing.split("`")[1])
    assert upgrade == ["mlflow", "db", "upgrade", uri]
    assert revision_of(uri) == revision
    subprocess.run([sys.executable, "-m", *upgrade], check=True, capture_output=True)
    assert process.wait(timeout=60) == 0, search.folder.follower_log.read_text()
    assert_finished("store of an older version of MLflow, then upgraded", COLUMN, search.folder)


def test_two_searches_into_one_fresh_store(uri: str, follower: Followers) -> None:
    ids = ("b05700000008", "b05700000009")
    searches = two_at_once(ids, {"mlflow": {"uri": uri}}, follower)
    for search in searches:
        assert not has_failed(search.folder), search.folder.follower_log.read_text()
        assert_finished("two searches into one fresh store", COLUMN, search.folder)
