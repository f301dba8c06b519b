"""MLflow: what a search looks like there, beside the points that the contract counts."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow.entities import Run as MlflowRun
from mlflow.protos.service_pb2 import GetMetricHistoryBulkInterval
from mlflow.store.tracking.rest_store import RestStore
from mlflow.utils.validation import _validate_metric_name, _validate_param_name

from tests.trackers.mlflow_server import running_server
from toolkit.errors import TrackerError
from toolkit.runs import Project, Search, SearchFolder, Status, load_search
from toolkit.runs.values import dumps, loads
from toolkit.testing.toy import ODD_PARAMS, ToyJournal, toy_header, write_toy_journal
from toolkit.testing.tracker_contract import TrackerContract
from toolkit.trackers import _mlflow_history, _mlflow_runs, mirror
from toolkit.trackers import _mlflow_limits as limits
from toolkit.trackers._mlflow import MlflowTracker
from toolkit.trackers._mlflow_reader import MlflowReader
from toolkit.trackers.comparison import compare


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> SearchFolder:
    """The toy search in the project's own store, as all tests below look at it."""
    root = tmp_path_factory.mktemp("a project's root")
    header = toy_header("feedc0ffee01", tracking={"mlflow": {}})
    folder = write_toy_journal(root / "runs" / "toy names" / header.id, header)
    (outcome,) = mirror(folder, Project(root, home=root))
    assert outcome.error is None
    return folder


@pytest.fixture(scope="module")
def store(shipped: SearchFolder) -> str:
    return f"sqlite:///{shipped.path.parents[2] / 'mlflow.db'}"


@pytest.fixture
def client(store: str) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(tracking_uri=store)


def stored_runs(client: mlflow.MlflowClient, search: Search) -> dict[str, MlflowRun]:
    experiment = client.get_experiment_by_name(search.experiment)
    assert experiment is not None
    found = client.search_runs(
        [experiment.experiment_id], filter_string=f"tags.`toolkit.search` = '{search.id}'"
    )
    return {run.data.tags["toolkit.run"]: run for run in found}


@pytest.fixture
def runs(client: mlflow.MlflowClient, shipped: SearchFolder) -> dict[str, MlflowRun]:
    return stored_runs(client, load_search(shipped))


def artifact(client: mlflow.MlflowClient, run: MlflowRun, name: str, folder: Path) -> str:
    return Path(client.download_artifacts(run.info.run_id, name, str(folder))).read_text(encoding="utf-8")


def test_trials_are_children_of_the_search(runs: dict[str, MlflowRun]) -> None:
    parent = runs.pop("feedc0ffee01")
    assert parent.info.run_name == "toy names@feedc0ffee01"
    assert len(runs) == 4
    for run in runs.values():
        assert run.info.run_name == f"trial {run.data.tags['toolkit.trial']}"
        assert run.data.tags["mlflow.parentRunId"] == parent.info.run_id


def test_the_ends_are_truthful(
    client: mlflow.MlflowClient, runs: dict[str, MlflowRun], shipped: SearchFolder, tmp_path: Path
) -> None:
    status = {run_id[-5:]: (run.info.status, run.data.tags["toolkit.status"]) for run_id, run in runs.items()}
    assert status == {
        "fee01": ("FINISHED", "COMPLETED"),
        "00000": ("FINISHED", "COMPLETED"),
        "00001": ("KILLED", "STOPPED"),
        "00002": ("FAILED", "FAILED"),
        "00003": ("FINISHED", "COMPLETED"),
    }
    stopped, failed = runs["feedc0ffee01-00001"], runs["feedc0ffee01-00002"]
    assert stopped.data.tags["toolkit.rung"] == "1"
    assert stopped.data.tags["toolkit.reason"] == "worse than the others at rung 1"
    assert "ValueError: no" in artifact(client, failed, "error.txt", tmp_path)
    run = load_search(shipped).runs[1]
    assert (stopped.info.start_time, stopped.info.end_time) == (run.started, run.ended)


def test_times_are_those_of_the_journal(
    client: mlflow.MlflowClient, runs: dict[str, MlflowRun], shipped: SearchFolder
) -> None:
    history = client.get_metric_history(runs["feedc0ffee01-00000"].info.run_id, "validation_loss")
    points = load_search(shipped).runs[0].points
    assert [(metric.timestamp, metric.step) for metric in history] == [(p.t, p.epoch) for p in points]


def test_metrics_are_only_what_was_reported(runs: dict[str, MlflowRun]) -> None:
    expected = {"training_loss", "validation_loss", "validation_fscore__Ärzte"}
    assert set(runs["feedc0ffee01-00000"].data.metrics) == expected
    assert set(runs["feedc0ffee01"].data.metrics) == expected


def test_the_parent_has_the_best_epoch_and_the_files(
    client: mlflow.MlflowClient, runs: dict[str, MlflowRun], tmp_path: Path
) -> None:
    parent = runs["feedc0ffee01"]
    assert parent.data.tags["toolkit.best"] == "feedc0ffee01-00000"
    assert parent.data.metrics["validation_loss"] == 1.1 / 3
    files = {file.path for file in client.list_artifacts(parent.info.run_id)}
    assert files == {"search.json", "leaderboard.csv", "model.tar.gz", "best_config.json"}
    assert json.loads(artifact(client, parent, "search.json", tmp_path))["seed"] == 42


@pytest.mark.parametrize("run_id", ["feedc0ffee01", "feedc0ffee01-00002"])
def test_lineage_stands_on_every_run(runs: dict[str, MlflowRun], run_id: str) -> None:
    tags = runs[run_id].data.tags
    assert tags["mlflow.source.git.commit"] == "f" * 40
    assert tags["mlflow.source.git.branch"] == "main"
    assert tags["mlflow.source.git.dirty"] == "false"
    assert tags["mlflow.source.git.repoURL"] == "https://example.org/toy.git"
    assert tags["mlflow.source.name"] == "toolkit tune experiments/toy.yaml"
    assert tags["mlflow.source.type"] == "LOCAL"
    assert json.loads(tags["toolkit.versions"]) == {"toolkit": "0.1.0"}
    data = {
        inputs.tags[0].value: (inputs.dataset.name, inputs.dataset.digest)
        for inputs in runs[run_id].inputs.dataset_inputs
    }
    assert data == {"training": ("train.csv", "ab" * 18), "validation": ("valid.csv", "cd" * 18)}


def test_parameters_are_what_was_sampled_and_the_rest_of_the_configuration(
    runs: dict[str, MlflowRun],
) -> None:
    params = runs["feedc0ffee01-00001"].data.params
    assert params == {
        "trainer.optimizer.lr": "0.002",
        "pipeline.name": "toy",
        "pipeline.head.type": "TextClassification",
        "pipeline.head.labels": '["Ärzte", "Edv"]',
        "trainer.optimizer.type": "adam",
        "trainer.num_epochs": "3",
    }
    assert json.loads(runs["feedc0ffee01-00001"].data.tags["toolkit.sampled"]) == ["trainer.optimizer.lr"]


def test_parameters_that_do_not_fit_are_cut_and_kept_whole_beside(
    client: mlflow.MlflowClient, runs: dict[str, MlflowRun], tmp_path: Path
) -> None:
    run = runs["feedc0ffee01-00003"]
    assert run.data.params["pipeline.größe"] == "Maß"
    assert run.data.params["pipeline.long"] == "x" * 5999 + "…"
    assert run.data.params["trainer.off"] == "false"
    assert run.data.params["trainer.zero"] == "0.0"
    odd = [name for name in run.data.params if name.startswith("trainer._odd_-")]
    assert [run.data.params[name] for name in odd] == ["🙂"]
    params = loads(artifact(client, run, "run.json", tmp_path))["params"]
    assert dumps(params) == dumps(ODD_PARAMS)  # NaN equals NaN


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("validation_fscore__Ärzte", True),
        ("a b/c.d:e-f", True),
        ("f1 & co", False),
        ("/root", False),
        ("..", False),
        ("a//b", False),
        ("", False),
        ("k" * 250, True),
        ("k" * 251, False),
        ("🙂", False),
        ("a-0123abcd", False),
    ],
)
def test_names_fit_and_stay_apart(name: str, is_kept: bool) -> None:
    fitted = limits.fitting_name(name)
    _validate_metric_name(fitted)
    _validate_param_name(fitted)
    assert len(fitted) <= limits.MAX_NAME
    assert (fitted == name) == is_kept
    assert limits.fitting_name(name + "x") != fitted


def test_a_parameter_that_changes_is_told_beside_the_one_that_stays(
    client: mlflow.MlflowClient, store: str, project: Path, tmp_path: Path
) -> None:
    journal = ToyJournal(project / "runs" / "x" / "0ddba16", toy_header("0ddba16"))
    journal.trial(0)
    journal.change(0, 1, {"trainer.optimizer.lr": 0.5})
    journal.close()
    mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
    run = stored_runs(client, load_search(journal.folder))["0ddba16-00000"]
    assert run.data.params["trainer.optimizer.lr"] == "0.001"
    assert json.loads(run.data.tags["toolkit.changed"]) == {"trainer.optimizer.lr": 0.5}
    (change,) = json.loads(artifact(client, run, "run.json", tmp_path))["changes"]
    assert (change["epoch"], change["params"]) == (1, {"trainer.optimizer.lr": 0.5})


def test_the_users_own_mlflow_is_left_alone(store: str, project: Path) -> None:
    before = (mlflow.get_tracking_uri(), mlflow.active_run())
    folder = write_toy_journal(project / "runs" / "x" / "0ddba11", toy_header("0ddba11"))
    mirror(folder, Project.here(), trackers={"mlflow": {"uri": store}})
    assert (mlflow.get_tracking_uri(), mlflow.active_run()) == before


def test_the_environment_wins_and_no_credentials_are_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:secret@team.example")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "theirs")
    tracker = MlflowTracker(Project.here(), toy_header(), {"uri": "sqlite:///x.db", "experiment": "mine"})
    assert tracker.target == "http://team.example theirs"


def test_the_default_store_lies_at_the_root(shipped: SearchFolder) -> None:
    root = shipped.path.parents[2]
    assert (root / "mlflow.db").is_file()
    assert list((root / "mlartifacts").rglob("leaderboard.csv"))


def test_a_deleted_run_is_written_again(client: mlflow.MlflowClient, store: str, project: Path) -> None:
    """Somebody deletes a run in MLflow while the search goes on."""
    journal = ToyJournal(project / "runs" / "x" / "0ddba13", toy_header("0ddba13"))
    journal.trial(0)
    journal.points(0, range(2))
    mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
    child = stored_runs(client, load_search(journal.folder))["0ddba13-00000"]
    client.delete_run(child.info.run_id)
    journal.points(0, range(2, 3))
    journal.end(0)
    journal.close()
    mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
    found = stored_runs(client, load_search(journal.folder))["0ddba13-00000"]
    history = client.get_metric_history(found.info.run_id, "validation_loss")
    assert [metric.step for metric in history] == [0, 1, 2]


def test_a_run_that_was_left_half_described_is_described(
    client: mlflow.MlflowClient, store: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipper is gone between making a run and its parameters."""
    folder = write_toy_journal(project / "runs" / "x" / "0ddba14", toy_header("0ddba14"))
    search = load_search(folder)
    tracker = MlflowTracker(Project.here(), search.header, {"uri": store})
    tracker.open(search.__class__(search.header, folder, search.started))
    monkeypatch.setattr(MlflowTracker, "_log_params", _gone)
    with pytest.raises(KeyboardInterrupt):
        tracker.begin(search.runs[1])
    monkeypatch.undo()
    mirror(folder, Project.here(), trackers={"mlflow": {"uri": store}})
    runs = stored_runs(client, search)
    assert len(runs) == 5
    assert runs["0ddba14-00001"].data.params["trainer.optimizer.lr"] == "0.002"


def _gone(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("status", "word"),
    [(Status.COMPLETED, "FINISHED"), (Status.FAILED, "FAILED"), (Status.INTERRUPTED, "KILLED")],
)
def test_the_search_itself_ends_truthfully_and_goes_on(
    client: mlflow.MlflowClient, store: str, project: Path, status: Status, word: str
) -> None:
    search_id = f"0ddba2{list(Status).index(status)}"
    journal = ToyJournal(project / "runs" / "x" / search_id, toy_header(search_id))

    def parent() -> tuple[str, str, int | None]:
        mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
        run = stored_runs(client, load_search(journal.folder))[search_id]
        return run.info.status, run.data.tags["toolkit.status"], run.info.end_time

    journal.trial(0)
    assert parent() == ("RUNNING", "RUNNING", None)
    journal.writer.append("end", status=status)
    assert parent() == (word, str(status), load_search(journal.folder).ended)
    journal.writer.append("resume")
    assert parent()[:2] == ("RUNNING", "RUNNING")
    journal.close()


def test_the_search_shows_its_newest_best_run_files_and_number_of_trials(
    client: mlflow.MlflowClient, store: str, project: Path, tmp_path: Path
) -> None:
    """More trials than before: the better one is best at an earlier epoch than the one before."""
    journal = ToyJournal(project / "runs" / "x" / "0ddba17", toy_header("0ddba17", num_trials=1))

    def shown() -> dict[str, Any]:
        mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
        run = stored_runs(client, load_search(journal.folder))["0ddba17"]
        names = ("leaderboard.csv", "model.tar.gz")
        texts = [artifact(client, run, name, tmp_path) for name in names]
        record = json.loads(artifact(client, run, "search.json", tmp_path))
        best = [run.data.tags[f"toolkit.{name}"] for name in ("best", "best_epoch", "trials")]
        return {"loss": run.data.metrics["validation_loss"], "texts": texts, "tags": best} | {
            "trials": record["num_trials"]
        }

    journal.trial(0)
    journal.points(0, range(3))
    journal.end(0)
    journal.artifact("leaderboard", "leaderboard.csv", "one")
    journal.artifact("model", "model.tar.gz", "first", trial=0)
    journal.writer.append("end", status=Status.COMPLETED, best_trial=0)
    tags = ["0ddba17-00000", "2", "1"]
    assert shown() == {"loss": 1.1 / 3, "texts": ["one", "first"], "tags": tags, "trials": 1}
    journal.writer.append("resume", num_trials=2)
    journal.trial(1)
    journal.writer.append("point", 1, epoch=0, step=1, metrics={"validation_loss": 0.1}, seconds=1)
    journal.end(1)
    journal.artifact("leaderboard", "leaderboard.csv", "two")
    journal.artifact("model", "model.tar.gz", "second", trial=1)
    journal.close(best_trial=1)
    tags = ["0ddba17-00001", "0", "2"]
    assert shown() == {"loss": 0.1, "texts": ["two", "second"], "tags": tags, "trials": 2}


def test_a_deleted_experiment_is_told(client: mlflow.MlflowClient, store: str, project: Path) -> None:
    client.delete_experiment(client.create_experiment("gone"))
    tracker = MlflowTracker(Project.here(), toy_header(experiment="gone"), {"uri": store})
    folder = write_toy_journal(project / "runs" / "gone" / "x", toy_header(experiment="gone"))
    with pytest.raises(TrackerError, match=r"'gone' is deleted: `mlflow experiments restore --experiment-id"):
        tracker.open(load_search(folder))


def test_a_resumed_run_forgets_how_it_had_ended(
    client: mlflow.MlflowClient, store: str, project: Path
) -> None:
    journal = ToyJournal(project / "runs" / "x" / "0ddba15", toy_header("0ddba15"))
    journal.trial(0)
    journal.points(0, range(1))
    journal.end(0, Status.INTERRUPTED, reason="Ctrl-C")
    mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
    journal.writer.append("resume", 0)
    journal.points(0, range(1, 2))
    mirror(journal.folder, Project.here(), trackers={"mlflow": {"uri": store}})
    run = stored_runs(client, load_search(journal.folder))["0ddba15-00000"]
    assert (run.info.status, run.data.tags["toolkit.status"]) == ("RUNNING", "RUNNING")
    assert "toolkit.reason" not in run.data.tags
    journal.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.mark.slow
class TestServer(TrackerContract):
    """The contract over HTTP."""

    tracker = "mlflow"
    reader = MlflowReader

    @pytest.fixture
    def options(self, server: str) -> dict[str, Any]:
        return {"uri": server}

    def test_histories_come_for_many_runs_at_once(
        self, path: Path, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = write_toy_journal(path, toy_header(path.name))
        self.ship(folder, options)
        monkeypatch.setattr(mlflow.MlflowClient, "get_metric_history", None)
        self.assert_equal(folder, options)

    def test_histories_that_a_server_thins_out_are_asked_for_alone(
        self, path: Path, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = write_toy_journal(path, toy_header(path.name))
        self.ship(folder, options)
        monkeypatch.setattr(_mlflow_history, "_POINTS_A_RUN", 2)
        self.assert_equal(folder, options)


@pytest.mark.parametrize("runs_a_page", [1, 3, 5])
def test_all_pages_of_runs_are_read(
    shipped: SearchFolder, store: str, runs_a_page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_mlflow_runs, "_A_PAGE", runs_a_page)
    header = load_search(shipped).header
    reader = MlflowReader(
        Project(shipped.path.parents[2], home=shipped.path.parents[2]), shipped, header, {"uri": store}
    )
    assert len(reader.runs()) == 4


def test_one_answer_of_a_server_has_the_histories_of_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = GetMetricHistoryBulkInterval.Response()
    for run, step, value in (("a", 0, 0.5), ("b", 0, 1.5), ("a", 1, 0.25)):
        answer.metrics.add(key="loss", value=value, timestamp=1, step=step, run_id=run)
    monkeypatch.setattr(RestStore, "_call_endpoint", lambda *_: answer)
    client = mlflow.MlflowClient(tracking_uri="http://127.0.0.1:9")
    found = list(_mlflow_history.histories(client, ["a", "b"], "loss"))
    assert found == [("a", 0, 0.5), ("a", 1, 0.25), ("b", 0, 1.5)]


def test_a_search_that_is_recorded_anew_leaves_the_runs_of_the_former_recording_alone(project: Path) -> None:
    header = toy_header("feedc0ffee31")
    path = project / "runs" / "toy names" / header.id
    for _ in range(2):
        shutil.rmtree(path, ignore_errors=True)
        folder = write_toy_journal(path, header)
        (outcome,) = mirror(folder, Project.here(), trackers={"mlflow": {}})
        assert (outcome.shipped, outcome.error) == (6, None)
        assert compare(load_search(folder), MlflowReader(Project.here(), folder, header, {})).equal
    client = mlflow.MlflowClient(tracking_uri=Project.here().mlflow_uri)
    experiment = client.get_experiment_by_name("toy names")
    parents = client.search_runs([experiment.experiment_id], f"tags.`toolkit.run` = '{header.id}'")
    assert len(parents) == 2
    for parent in parents:
        below = f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
        assert len(client.search_runs([experiment.experiment_id], below)) == 4
