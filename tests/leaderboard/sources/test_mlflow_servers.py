"""The same leaderboard over a real MLflow server, and on PostgreSQL."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import skip
from tests.faults.postgresql import Cluster, programs
from tests.leaderboard.journals import Trial, write_search
from tests.leaderboard.sources.mlflow_mirrored import TRIALS, lr, ship, whole, write_searches
from tests.leaderboard.sources.test_mlflow_foreign import Store
from tests.trackers.mlflow_server import MlflowServer
from toolkit.cli.compare import command
from toolkit.errors import TrackerError
from toolkit.leaderboard.index import answer, rank
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.sources.mlflow import MlflowSource, server
from toolkit.leaderboard.sources.mlflow.copy import Copy
from toolkit.runs import Project, Run, Search

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    started = MlflowServer(tmp_path_factory.mktemp("server"))
    started.start()
    yield started
    started.kill()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs whose records were fetched."""
    ids: list[str] = []
    keep = Copy.keep

    def counting(self: Copy, runs: list[server.FetchedRun]) -> None:
        ids.extend(run.id for run in runs)
        keep(self, runs)

    monkeypatch.setattr(Copy, "keep", counting)
    return ids


def test_a_server_and_its_copy(
    running: MlflowServer, project: Path, kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_A_PAGE", 3)
    here = Project.here()
    searches = write_searches(here)
    ship(searches, here, uri=running.url)

    def found() -> list[Search]:
        kept.clear()
        return list(MlflowSource(running.url, copies=project / "copies").searches())

    def theirs() -> list[Run]:
        every = MlflowSource(running.url, copies=project / "copies").searches("val_f1")
        return [run for search in every if search.experiment == "theirs" for run in search.runs.values()]

    assert whole(rank(found())) == whole(rank(searches))
    assert len(set(kept)) == len(kept) == 20  # every run once: 14 trials, 6 searches
    assert whole(rank(found())) == whole(rank(searches))
    assert len(set(kept)) == 2  # the search that still runs, and its running trial

    # What ended long ago, and arrives now: an id that sorts first, so that it is another experiment's oldest.
    late = write_search(
        here.search("late", "9" * 12).path, [Trial([0.2], **lr(0.5))], id="9" * 12, experiment="names"
    )
    ship([late], here, uri=running.url)
    assert whole(rank(found())) == whole(rank([*searches, late]))
    assert len(set(kept)) == 4

    store = Store(running.url)
    going = store.run([0.5], None)
    assert [(run.status, len(run.points)) for run in theirs()] == [("RUNNING", 1)]
    store.client.log_metric(going, "val_f1", 0.7, step=1)
    store.client.set_terminated(going, "FINISHED", end_time=1)  # a clock that is decades behind
    assert [(run.status, len(run.points)) for run in theirs()] == [("COMPLETED", 2)]
    store.client.delete_run(going)
    assert theirs() == []


def test_a_first_fetch_that_was_cut_off_goes_on(
    running: MlflowServer, project: Path, kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(running.url)
    runs = {store.run([0.5], experiment="cut off") for _ in range(6)}
    monkeypatch.setattr(server, "_A_PAGE", 2)
    pages = 0

    def breaking(self: object, found: list[object]) -> dict[str, list[object]]:
        nonlocal pages
        pages += 1
        if pages == 3:
            raise ConnectionError("gone")
        return values(self, found)

    values = server._Fetching._values
    monkeypatch.setattr(server._Fetching, "_values", breaking)
    source = MlflowSource(running.url, copies=project / "copies")
    with pytest.raises(TrackerError):
        list(source.searches("val_f1"))
    before = runs & set(kept)
    assert len(before) == 4  # two pages of two, the newest first
    kept.clear()
    (found,) = [search for search in source.searches("val_f1") if search.experiment == "cut off"]
    assert {run.run_id for run in found.runs.values()} == runs
    assert runs & set(kept) == runs - before


def test_a_server_that_is_away_or_none(running: MlflowServer, project: Path) -> None:
    result = CliRunner().invoke(command, ["--mlflow", "http://me:secret@127.0.0.1:9"])
    assert isinstance(result.exception, TrackerError)
    assert str(result.exception) == "http://127.0.0.1:9 does not answer: connection refused"
    with pytest.raises(TrackerError, match=r"is no MLflow server, or fails|answers with error") as raised:
        list(MlflowSource(f"{running.url}/nowhere").searches())
    assert "\n" not in str(raised.value)


def test_the_command_over_http(running: MlflowServer, project: Path) -> None:
    Store(running.url).run([0.5], experiment="typed")
    result = CliRunner().invoke(
        command, ["--mlflow", running.url, "--metric", "val_f1", "--top", "1", "--json"]
    )
    assert result.exit_code == 0, result.output
    assert "typed" in {row["experiment"] for row in json.loads(result.stdout)}
    assert list((project / "runs" / ".mlflow-copies").glob("*.db"))


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    if programs() is None:
        skip("needs PostgreSQL's initdb and pg_ctl")
    monkeypatch.setenv("PGUSER", "postgres")
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    made = Cluster(folder)
    made.start()
    yield made
    made.kill()
    shutil.rmtree(folder)


def test_postgresql(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # MLflow makes folders for the runs' files there
    project = Project(tmp_path, home=tmp_path)
    searches = write_searches(project)
    uri = cluster.make("mlflow")
    ship(searches, project, uri=uri)
    source = MlflowSource(uri)
    assert whole(rank(source.searches())) == whole(rank(searches))
    for asked in ({}, {"metric": "validation_accuracy"}):
        top, cut = source.top(2, **asked), answer(searches, Question(**asked, top=2, unranked=0))
        assert [[row.run_id for row in table.rows] for table in top] == [
            [row.run_id for row in table.rows] for table in cut
        ]
    assert len(TRIALS) == len(next(source.searches()).runs)
    spoilt = Store(uri)
    spoilt.run([(0.9, 0, 1), (0.4, 0, 2)])
    spoilt.run([0.5])
    theirs = [table for table in spoilt.tables() if table.rows[0].experiment == "theirs"]
    assert [row.metrics for row in theirs[0].rows] == [{"val_f1": 0.5}, {"val_f1": 0.4}]
    with pytest.raises(TrackerError, match=r"postgresql://127.0.0.1:.*/empty is no MLflow store"):
        MlflowSource(cluster.make("empty")).top(1)
    cluster.kill()
    with pytest.raises(TrackerError, match=r"postgresql://127.0.0.1.* cannot be read: ") as raised:
        MlflowSource(uri.replace("//", "//me:secret@")).top(1)
    assert "secret" not in str(raised.value) and "\n" not in str(raised.value)
