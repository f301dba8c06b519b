"""MLflow's server away, slow, failing, on a full disk: the search goes on, and `toolkit sync` finishes."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.faults.proxy import Call, Fault, Proxy
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.toy_search import (
    EPOCHS,
    TRIALS,
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
from tests.trackers.mlflow_server import MlflowServer
from toolkit.runs import Project, Search, SearchFolder, find_searches
from toolkit.trackers import mirror

pytestmark = pytest.mark.slow
COLUMN = "MLflow, server"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("server") / "disk", megabytes=64) as disk:
        yield disk


@pytest.fixture(scope="module")
def server(disk: SmallDisk) -> Iterator[MlflowServer]:
    """Its store and its artifacts lie on a small disk. Not started yet: a test that needs it starts it."""
    made = MlflowServer(disk.path)
    yield made
    made.kill()


@pytest.fixture
def proxy(server: MlflowServer) -> Iterator[Proxy]:
    server.start()
    with Proxy(server.url) as made:
        yield made


@pytest.fixture
def follower() -> Iterator[Followers]:
    with Followers() as made:
        yield made


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    """What `toolkit sync` puts into the environment of its process is taken out again."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def finish(fault: str, search: ToySearch | Search, server: MlflowServer) -> None:
    done = run_sync(search.folder)
    assert done.exit_code == 0, done.output
    assert_finished(fault, COLUMN, search.folder, store=server.store)


def test_absent_at_the_start(
    server: MlflowServer, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    server.kill()
    search = ToySearch("5e21e0000001", {"mlflow": {"uri": server.url}})
    follower.start(search.folder)
    search.begin()
    until(lambda: has_failed(search.folder, 2), show=search.folder)
    search.end()
    follower.end()
    assert told(search.folder, capsys) == [
        f"20 points not yet in mlflow ({server.url} does not answer: connection refused)",
        "to send them: toolkit sync 'toys 5e21e0000001@5e21e0000001'",
    ]
    server.start()
    finish("service absent at the start", search, server)


def test_killed_and_away_until_the_search_has_ended(
    server: MlflowServer, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    server.start()
    search = ToySearch("5e21e0000002", {"mlflow": {"uri": server.url}})
    follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    server.kill()
    search.go_on(range(2, 4))
    until(lambda: has_failed(search.folder, 3), show=search.folder)
    search.end(range(4, EPOCHS))
    follower.end()
    missing, _ = told(search.folder, capsys)
    assert missing == f"12 points not yet in mlflow ({server.url} does not answer: connection refused)"
    server.start()
    finish("service killed, away until the search has ended", search, server)


def test_killed_and_back_at_once(server: MlflowServer, follower: Followers) -> None:
    server.start()
    search = ToySearch("5e21e0000003", {"mlflow": {"uri": server.url}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    server.kill()
    search.go_on(range(2, 4))
    until(lambda: has_failed(search.folder), show=search.folder)
    server.start()
    search.end(range(4, EPOCHS))
    assert process.wait(timeout=90) == 0
    assert_finished("service killed, back within seconds", COLUMN, search.folder, store=server.store)


def test_ten_seconds_an_answer(server: MlflowServer, proxy: Proxy, follower: Followers) -> None:
    search = ToySearch("5e21e0000004", {"mlflow": {"uri": proxy.url}})
    proxy.delay = 10.0
    follower.start(search.folder)
    search.begin()
    until(lambda: len(proxy.calls) > 1, show=search.folder)  # the first answer has come
    search.end()
    assert search.seconds < proxy.delay / 10
    assert not has_failed(search.folder)
    proxy.delay = 0.0
    follower.end()
    finish("service takes 10 s an answer", search, server)


def test_error_500_for_a_while(
    server: MlflowServer, proxy: Proxy, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    search = ToySearch("5e21e0000005", {"mlflow": {"uri": proxy.url}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    proxy.fault = lambda call: Fault.ERROR
    search.end()
    until(lambda: has_failed(search.folder, 2), show=search.folder)
    assert (
        told(search.folder, capsys)[0] == f"12 points not yet in mlflow ({proxy.url} answers with error 500)"
    )
    proxy.fault = lambda call: None
    assert process.wait(timeout=60) == 0
    finish("service answers 500 for a while", search, server)


def test_error_500_at_random(server: MlflowServer, proxy: Proxy, follower: Followers) -> None:
    search = ToySearch("5e21e0000006", {"mlflow": {"uri": proxy.url}})
    dice = random.Random(6)
    proxy.fault = lambda call: Fault.ERROR if dice.random() < 0.2 else None
    process = follower.start(search.folder)
    search.begin()
    search.end()
    assert process.wait(timeout=180) == 0, search.folder.follower_log.read_text()
    assert has_failed(search.folder)
    proxy.fault = lambda call: None
    finish("service answers 500 to one call in five", search, server)


def kind(call: Call) -> str | None:
    """Which call that writes; None for others."""
    name = call.path.rpartition("mlflow/")[2]
    return name if name in {"experiments/create", "runs/create", "runs/log-batch", "runs/update"} else None


def test_answers_lost_after_the_server_did_it(server: MlflowServer, proxy: Proxy) -> None:
    """Of every kind of call that writes, each for a run of its own too, the first answer is lost."""
    search = ToySearch("5e21e0000007", {"mlflow": {"uri": proxy.url}})
    lost: Counter[str | None] = Counter()
    seen: set[tuple[str, str]] = set()

    def fault(call: Call) -> Fault | None:
        what = kind(call)
        about = (what or "", json.dumps(call.content, sort_keys=True) if what else "")
        if what is None or about in seen:
            return None
        seen.add(about)
        lost[what] += 1
        return Fault.LOSE

    proxy.fault = fault
    search.begin()
    search.end()
    for _ in range(40):
        if run_sync(search.folder).exit_code == 0:
            break
    assert lost["experiments/create"] == 1
    assert lost["runs/create"] == 1 + TRIALS
    assert lost["runs/update"] >= TRIALS
    assert lost["runs/log-batch"] >= 2 * TRIALS
    finish("answers lost, after the service did it", search, server)


def test_runs_created_after_the_client_gave_up(server: MlflowServer, proxy: Proxy) -> None:
    search = ToySearch("5e21e0000008", {"mlflow": {"uri": proxy.url}})
    late: Counter[str] = Counter()

    def fault(call: Call) -> Fault | None:
        name = call.content["run_name"] if kind(call) == "runs/create" else None
        if name is None or late[name]:
            return None
        late[name] += 1
        return Fault.LATE

    proxy.fault = fault
    search.begin()
    search.end()
    for _ in range(5):
        if run_sync(search.folder).exit_code == 0:
            break
    assert len(late) == 1 + TRIALS
    finish("runs created after the client gave up", search, server)


def test_a_full_disk_behind_the_server(
    server: MlflowServer, disk: SmallDisk, follower: Followers, capsys: pytest.CaptureFixture[str]
) -> None:
    server.start()
    search = ToySearch("5e21e0000009", {"mlflow": {"uri": server.url}})
    process = follower.start(search.folder)
    search.begin()
    until(lambda: has_shipped(search.folder), show=search.folder)
    disk.fill()
    search.end()
    until(lambda: has_failed(search.folder, 2), show=search.folder)
    missing, _ = told(search.folder, capsys)
    assert missing.startswith(f"12 points not yet in mlflow ({server.url} answers with error 50")
    disk.empty()
    assert process.wait(timeout=60) == 0, search.folder.follower_log.read_text()
    finish("full disk behind the store", search, server)


def test_two_searches_into_one_fresh_experiment(server: MlflowServer, follower: Followers) -> None:
    server.start()
    ids = ("5e21e000000a", "5e21e000000b")
    searches = two_at_once(ids, {"mlflow": {"uri": server.url}}, follower)
    for search in searches:
        assert_finished("two searches into one fresh store", COLUMN, search.folder, store=server.store)


DRIVER = """
import os, sys
from toolkit.cli import main
from toolkit.trackers import waiting

waiting._LONGEST_SECONDS = 3.0
port = int(sys.argv.pop(1))

def watch(event, arguments):
    if event == "socket.connect" and arguments[1][1:2] == (port,):
        print("the driver itself called the service", file=sys.stderr)
        os._exit(77)

sys.addaudithook(watch)
main()
"""


def test_a_real_search_without_its_server(
    server: MlflowServer,
    toy_project: Path,
    toy_experiment: dict[str, Any],
) -> None:
    server.kill()
    content = {**toy_experiment, "tracking": {"mlflow": {"uri": server.url}}}
    YAML(typ="safe", pure=True).dump(content, toy_project / "toy.yaml")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(server.port), "tune", "toy.yaml"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (search,) = find_searches(Project.here())
    _end_follower(search.folder)
    points = sum(len(run.points) for run in search.runs.values())
    assert done.stderr.splitlines()[-2:] == [
        f"{points} points not yet in mlflow ({server.url} does not answer: connection refused)",
        f"to send them: toolkit sync 'toy search@{search.id}'",
    ]
    server.start()
    finish("service absent during a whole `toolkit tune`", search, server)


def _end_follower(folder: SearchFolder) -> None:
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True)
    ours = [line for line in listed.stdout.splitlines() if f"sync --follow {folder.path.resolve()}" in line]
    for line in ours:
        os.kill(int(line.split()[0]), signal.SIGKILL)


def test_one_batch_of_metrics_per_run_and_flush(proxy: Proxy) -> None:
    search = ToySearch("5e21e000000c", {"mlflow": {"uri": proxy.url}})
    search.begin(range(0))
    for epochs in (range(2), range(2, 3), range(3, EPOCHS)):
        search.go_on(epochs)
        mirror(search.folder, Project.here())
        assert batches(proxy) == {TRIALS: 1}, "one for each trial"
    search.end(range(0))
    mirror(search.folder, Project.here())
    assert batches(proxy) == {1: 1}, "the best epoch, for the search"


def batches(proxy: Proxy) -> dict[int, int]:
    """{number of runs: number of calls for each} that brought metrics; forgets the calls."""
    calls, proxy.calls = proxy.calls, []
    batches = [call.content for call in calls if kind(call) == "runs/log-batch"]
    per_run = Counter(batch["run_id"] for batch in batches if batch.get("metrics"))
    assert len(set(per_run.values())) == 1
    return {len(per_run): next(iter(per_run.values()))}
