"""W&B offline: how a search is grouped and described there, and what happens to a torn file."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, load_search
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import _wandb_files, mirror
from toolkit.trackers._wandb import WandbTracker, original_name, stored_name
from toolkit.trackers._wandb_files import records, wait_until_whole
from toolkit.trackers._wandb_reader import WandbReader
from toolkit.trackers.comparison import compare


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a project's root")


@pytest.fixture(scope="module")
def shipped(root: Path) -> SearchFolder:
    header = toy_header(tracking={"wandb": {}})
    folder = write_toy_journal(root / "runs" / "toy names" / header.id, header)
    (outcome,) = mirror(folder, Project(root, home=root))
    assert outcome.error is None
    return folder


def stored(root: Path, run_id: str) -> dict[str, list[Any]]:
    """Kind of record -> the records of a run's offline file."""
    (file,) = (root / "wandb").glob(f"offline-run-*-{run_id}/*.wandb")
    found: dict[str, list[Any]] = {}
    for record in records(file):
        kind = record.WhichOneof("record_type")
        found.setdefault(kind, []).append(getattr(record, kind))
    return found


def config(run: Any) -> dict[str, Any]:
    return {item.key: json.loads(item.value_json) for item in run.config.update}


def test_a_trial_is_a_run_of_the_searchs_group(shipped: SearchFolder, root: Path) -> None:
    (run,) = stored(root, "0123456789ab-00001")["run"]
    assert (run.project, run.run_group, run.job_type) == ("toy names", "0123456789ab", "tune")
    assert (run.run_id, run.display_name) == ("0123456789ab-00001", "trial 1")


def test_the_configuration_is_nested_with_lineage_beside(shipped: SearchFolder, root: Path) -> None:
    (run,) = stored(root, "0123456789ab-00001")["run"]
    stored_config = config(run)
    assert stored_config["trainer"]["optimizer"] == {"type": "adam", "lr": 0.002}
    lineage = stored_config["toolkit"]
    assert lineage["params"] == {"trainer.optimizer.lr": 0.002}
    assert (lineage["trial"], lineage["commit"], lineage["dirty"]) == (1, "f" * 40, False)
    assert lineage["data"]["training"]["sha256"] == "ab" * 32
    assert lineage["labels"] == ["Ärzte", "Edv"]
    assert (run.git.commit, run.git.remote_url) == ("f" * 40, "https://example.org/toy.git")


def test_metrics_are_drawn_over_epochs_at_the_journals_time(shipped: SearchFolder, root: Path) -> None:
    found = stored(root, "0123456789ab-00000")
    defined = {metric.name: metric for metric in found["metric"]}
    assert defined["validation_loss"].step_metric == "epoch"
    assert (defined["validation_loss"].summary.min, defined["validation_loss"].summary.max) == (True, True)
    times = [
        json.loads(item.value_json)
        for row in found["history"]
        for item in row.item
        if list(item.nested_key) == ["_timestamp"]
    ]
    assert times == [point.t / 1000 for point in load_search(shipped).runs[0].points]


def test_one_run_holds_leaderboard_and_model(shipped: SearchFolder, root: Path) -> None:
    found = stored(root, "0123456789ab")
    (run,) = found["run"]
    assert (run.job_type, run.display_name) == ("search", "toy names@0123456789ab")
    names = (
        {request.log_artifact.artifact.name for request in found["request"]} if "request" in found else set()
    )
    names |= {artifact.name for artifact in found.get("artifact", [])}
    assert {"toy_names-leaderboard", "toy_names-model"} <= names
    assert [exit_record.exit_code for exit_record in found["exit"]] == [0]


def test_a_parameter_that_changes_shows_what_holds_now_and_how_it_came_to_it(project: Path) -> None:
    header = toy_header("feedc0ffee03", tracking={"wandb": {}})
    journal = ToyJournal(project / "runs" / "x" / header.id, header)
    journal.trial(0)
    journal.points(0, range(1))
    mirror(journal.folder, Project.here())
    journal.change(0, 1, {"trainer.optimizer.lr": 0.5})
    journal.end(0)
    journal.close()
    mirror(journal.folder, Project.here())
    found = stored(project, "feedc0ffee03-00000")
    now = config(found["run"][0])
    for update in found["config"]:
        now |= {item.key: json.loads(item.value_json) for item in update.update}
    assert now["trainer"]["optimizer"] == {"type": "adam", "lr": 0.5}
    assert now["toolkit"]["params"] == {"trainer.optimizer.lr": 0.001}
    assert [(one["epoch"], one["params"]) for one in now["toolkit"]["changes"]] == [
        (1, {"trainer.optimizer.lr": 0.5})
    ]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("loss", "loss"),
        ("_step", "metric_step"),
        ("metric_step", "metric_metric_step"),
        ("epoch", "metric_epoch"),
        ("metric_epoch", "metric_metric_epoch"),
        ("best_epoch", "best_epoch"),
    ],
)
def test_names_that_are_taken(name: str, kept: str) -> None:
    assert stored_name(name) == kept
    assert original_name(kept) == name


@pytest.mark.parametrize("name", ["metric", "metrics", "metric_", "metric_loss", "metricepoch"])
def test_names_that_only_look_so(name: str) -> None:
    assert original_name(stored_name(name)) == name


def test_a_failed_run_has_its_traceback_as_a_file(shipped: SearchFolder, root: Path) -> None:
    found = stored(root, "0123456789ab-00002")
    assert [exit_record.exit_code for exit_record in found["exit"]] == [1]
    assert "error.txt" in {file.path for record in found["files"] for file in record.files}
    (path,) = (root / "wandb").glob("offline-run-*-0123456789ab-00002/files/error.txt")
    assert path.read_text() == "Traceback ...\nValueError: no\n"


def test_nothing_of_the_shippers_machine_is_kept(shipped: SearchFolder, root: Path) -> None:
    found = stored(root, "0123456789ab-00000")
    assert not {"stats", "output", "output_raw", "environment"} & found.keys()
    assert not list((root / "wandb").glob("offline-run-*/files/requirements.txt"))


def test_the_arguments_of_whoever_ships_are_in_no_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["train.py", "--password", "a-w0rd-1234"])
    header = toy_header("feedc0ffee04", tracking={"wandb": {}})
    mirror(write_toy_journal(project / "runs" / "x" / header.id, header), Project.here())
    files = [path for path in (project / "wandb").rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if b"a-w0rd-1234" in path.read_bytes()] == []


def test_a_torn_run_is_set_aside_and_written_whole(project: Path) -> None:
    header = toy_header("feedc0ffee02", tracking={"wandb": {}})
    journal = ToyJournal(project / "runs" / "x" / header.id, header)
    journal.trial(0)
    journal.points(0, range(2))
    mirror(journal.folder, Project.here())
    journal.points(0, range(2, 3))
    journal.end(0)
    journal.close()
    mirror(journal.folder, Project.here())
    (aside,) = (project / "wandb").glob("*.superseded")
    assert list(aside.glob("*.wandb")) == []
    assert len(list(aside.glob("*.wandb.superseded"))) == 1
    (run,) = WandbReader(Project.here(), journal.folder, header, {}).runs()
    assert [epoch for epoch, name, _ in run.points if name == "validation_loss"] == [0, 1, 2]


@pytest.mark.parametrize("missing", [1, 20, 2000])
def test_a_finished_run_is_not_taken_for_whole_before_its_file_is(
    shipped: SearchFolder, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: int
) -> None:
    (file,) = (root / "wandb").glob("offline-run-*-0123456789ab-00000/*.wandb")
    wait_until_whole(file.parent, points=3)
    (tmp_path / "torn.wandb").write_bytes(file.read_bytes()[:-missing])
    monkeypatch.setattr(_wandb_files, "_LONGEST_SECONDS", 0.02)
    with pytest.raises(TrackerError, match="of the 3 points of a run, and no more"):
        wait_until_whole(tmp_path, points=3)


def test_the_same_search_under_another_name_is_left_alone(project: Path) -> None:
    headers = [toy_header("feedc0ffee03", name, tracking={"wandb": {}}) for name in ("one", "another")]
    for header in headers:
        folder = write_toy_journal(project / "runs" / header.experiment / header.id, header)
        began = int(time.time())
        mirror(folder, Project.here())
        while int(time.time()) == began:  # W&B tells two folders of one id apart by the second
            time.sleep(0.02)
    for header in headers:
        folder = Project.here().search(header.experiment, header.id)
        reader = WandbReader(Project.here(), folder, header, {})
        assert compare(load_search(folder), reader).equal
    assert not list((project / "wandb").glob("*.superseded"))


@pytest.mark.parametrize(
    ("environment", "options", "mode"),
    [
        ({}, {}, "offline"),
        ({"WANDB_API_KEY": "k" * 40}, {}, "online"),
        ({"WANDB_API_KEY": "k" * 40}, {"mode": "offline"}, "offline"),
        ({"WANDB_MODE": "offline", "WANDB_API_KEY": "k" * 40}, {"mode": "online"}, "offline"),
        ({"WANDB_MODE": "disabled"}, {}, "disabled"),
    ],
)
def test_the_mode(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    options: dict[str, str],
    mode: str,
) -> None:
    monkeypatch.setenv("NETRC", str(project / "none"))
    for name in ("WANDB_MODE", "WANDB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    tracker = WandbTracker(Project.here(), toy_header(), options)
    assert tracker.target.startswith(f"wandb {mode} ")


def test_online_without_an_account_is_an_error_not_a_question(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRC", str(project / "none"))
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    monkeypatch.setenv("WANDB_MODE", "online")
    with pytest.raises(TrackerError, match="there is no account: `wandb login`, or set WANDB_API_KEY"):
        WandbTracker(Project.here(), toy_header(), {})


def test_the_project_is_the_experiment_in_characters_that_wandb_takes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WandbTracker(Project.here(), toy_header(experiment="a/b: c?"), {}).target.endswith("/a-b- c-")
    monkeypatch.setenv("WANDB_PROJECT", "theirs")
    assert WandbTracker(Project.here(), toy_header(), {"project": "mine"}).target.endswith("/theirs")
