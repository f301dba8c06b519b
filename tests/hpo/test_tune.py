"""Searches through the real Ray, on a toy problem."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from toolkit.cli import main
from toolkit.configuration.experiment import ExperimentFile
from toolkit.errors import ConfigurationError, JournalError, SearchError
from toolkit.hpo.trainable import TrialTrainable
from toolkit.hpo.tune import plan_of, run_search
from toolkit.leaderboard.keeping import final_costs, surplus
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.replay import replay
from toolkit.runs import JournalWriter, Project, Status, find_searches, load_search, read_journal

pytestmark = pytest.mark.usefixtures("ray_running")
SLOW = pytest.mark.slow


def search(content: dict[str, Any], **arguments: Any) -> SearchOutcome:
    experiment = ExperimentFile(**content)
    project = Project.here()
    return run_search(experiment, plan_of(experiment, project.root), project, **arguments)


def write_yaml(path: Path, content: dict[str, Any]) -> Path:
    YAML(typ="safe", pure=True).dump(content, path)
    return path


def start_tune(path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "toolkit", "tune", str(path), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_a_search_records_every_trial_and_leaves_its_results(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    outcome = search(toy_experiment)
    found = outcome.search
    assert outcome.trained
    assert found.status is Status.COMPLETED
    assert sorted(found.runs) == list(range(6))
    assert {run.status for run in found.runs.values()} <= {Status.COMPLETED, Status.STOPPED}
    for run in found.runs.values():
        assert [point.epoch for point in run.points] == list(range(len(run.points)))
        assert [point.step for point in run.points] == [4 * (i + 1) for i in range(len(run.points))]
        assert (run.status is Status.COMPLETED) == (len(run.points) == 3)
        assert (run.rung is None) == (run.status is Status.COMPLETED)
    dropped = surplus(final_costs(found), 5)
    assert {n for n in found.runs if found.model(n).is_file()} == set(found.runs) - set(dropped)
    assert sorted(found.dropped_models) == dropped
    results = toy_project / "results" / "toy search"
    assert {path.name for path in outcome.results.values()} <= {path.name for path in results.iterdir()}
    assert (results / "model.tar.gz").read_bytes() == found.model(found.best_trial or 0).read_bytes()


def test_metrics_are_what_the_trial_reported_and_nothing_of_ray(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    content = {**toy_experiment, "search": {"num_samples": 1, "scheduler": {"type": "fifo"}}}
    (run,) = search(content).search.runs.values()
    names = set(run.points[0].metrics)
    assert {"training_loss", "validation_loss", "validation_accuracy", "best_validation_loss"} <= names
    assert all(name.startswith(("training_", "validation_", "best_")) for name in names)


def test_a_finished_search_is_exported_again_and_trained_again_on_request(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    first = search(toy_experiment)
    leaderboard = first.results["leaderboard"]
    before = leaderboard.read_bytes()
    leaderboard.unlink()
    second = search(toy_experiment)
    assert not second.trained
    assert leaderboard.read_bytes() == before
    third = search(toy_experiment, again=True)
    assert third.trained
    assert third.search.id == f"{first.search.id}r2"
    assert [s.id for s in find_searches(Project.here())] == [third.search.id]


def test_without_a_scheduler_the_same_search_gives_the_same_bytes(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    content = {**toy_experiment, "search": {"num_samples": 4, "scheduler": {"type": "fifo"}}}
    kept = ("leaderboard", "metrics", "best_config", "learning_curves", "search", "model")
    first = {name: search(content).results[name].read_bytes() for name in kept}
    second = {name: path.read_bytes() for name, path in search(content, again=True).results.items()}
    assert first == {name: second[name] for name in kept}


def test_a_failed_trial_is_told_and_no_results_are_written(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    # Too large for any memory, but a valid configuration.
    word = {"word": {"embedding_dim": {"grid": [4, 10**12]}}}
    content = {
        **toy_experiment,
        "pipeline": {**toy_experiment["pipeline"], "features": word},
        "search": {"num_samples": 1},
    }
    with pytest.raises(SearchError, match=r"1 of 2 trials failed; trial 1: .*alloc"):
        search(content)
    assert not list((toy_project / "results").rglob("*.*"))
    (found,) = find_searches(Project.here())
    assert found.status is Status.FAILED
    assert found.runs[0].status in (Status.COMPLETED, Status.STOPPED)
    assert 'trainable.py", line' in (found.runs[1].error or "")


@pytest.mark.parametrize(
    "scheduler", ["asha", *(pytest.param(name, marks=SLOW) for name in ("asha_async", "median", "fifo"))]
)
def test_an_unfinished_search_goes_on_where_it_was(
    toy_project: Path, toy_experiment: dict[str, Any], scheduler: str
) -> None:
    content = {**toy_experiment, "search": {"num_samples": 4, "scheduler": {"type": scheduler}}}
    finished = search(content, workers=1)
    wanted = {name: path.read_bytes() for name, path in finished.results.items() if name != "timings"}
    journal = finished.search.folder.journal
    lines = journal.read_bytes().splitlines(keepends=True)
    ends = [i for i, record in enumerate(read_journal(journal)) if record.kind == "end"]
    # As after a kill in the middle of writing how the second trial ended.
    torn = b"".join(lines[: ends[1]]) + lines[ends[1]][:20]
    journal.write_bytes(torn)
    again = search(content)
    assert again.trained
    assert again.search.id == finished.search.id
    assert again.search.folder.journal.read_bytes().startswith(torn[:-20])
    if scheduler != "asha_async":
        assert wanted == {name: again.results[name].read_bytes() for name in wanted}
    assert Status.RUNNING not in {run.status for run in again.search.runs.values()}


@pytest.mark.parametrize("max_t", [None, 20])
def test_trials_that_end_by_themselves_at_a_rung_are_no_trouble(
    toy_project: Path, toy_experiment: dict[str, Any], max_t: int | None
) -> None:
    trainer = {**toy_experiment["trainer"], "num_epochs": 4}
    scheduler = {"type": "asha", "max_t": max_t}
    found = search(
        {**toy_experiment, "trainer": trainer, "search": {"num_samples": 4, "scheduler": scheduler}}
    ).search
    assert found.status is Status.COMPLETED
    assert max(len(run.points) for run in found.runs.values()) == 4


def test_an_epoch_that_is_trained_on_the_chance_is_recorded_as_such(
    toy_project: Path, toy_experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class FirstTrialWaits(TrialTrainable):
        """The first trial begins once the second, with nothing else to do, has trained an epoch."""

        def step(self) -> dict[str, Any]:
            journal = self._files.trials.parent / "journal.jsonl"
            patience = time.monotonic() + 120
            while self._number == 0 and time.monotonic() < patience:
                if b'"provisional"' in journal.read_bytes():
                    break
                time.sleep(0.05)
            return super().step()

    monkeypatch.setattr("toolkit.hpo.experiment.TrialTrainable", FirstTrialWaits)
    found = search({**toy_experiment, "search": {"num_samples": 2}}).search
    kinds = {(record.kind, record.trial) for record in read_journal(found.folder.journal)}
    assert ("provisional", 1) in kinds
    assert {("accept", 1), ("withdraw", 1)} & kinds
    assert ("provisional", 0) not in kinds
    assert found.runs[1].provisional == []


def test_more_trials_reuse_those_that_are_there(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    few, many = ({**toy_experiment, "search": {"num_samples": count}} for count in (3, 5))
    small = search(few)
    wanted = {name: path.read_bytes() for name, path in small.results.items() if name != "timings"}
    journal = small.search.folder.journal
    before = journal.read_bytes()
    large = search(many)
    assert large.trained
    assert large.search.folder == small.search.folder
    assert journal.read_bytes().startswith(before)
    assert sorted(large.search.runs) == [0, 1, 2, 3, 4]
    assert [run.points for run in list(large.search.runs.values())[:3]] == [
        run.points for run in small.search.runs.values()
    ]
    fewer_again = search(few)
    assert not fewer_again.trained
    assert wanted == {name: fewer_again.results[name].read_bytes() for name in wanted}


@SLOW
def test_models_that_are_dropped_change_no_result_and_come_back_by_a_replay(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    def asked_for(count: int, keep: int | str) -> dict[str, Any]:
        return {**toy_experiment, "search": {"num_samples": count}, "keep_models": keep}

    def results(outcome: SearchOutcome) -> dict[str, bytes]:
        return {name: path.read_bytes() for name, path in outcome.results.items() if name != "timings"}

    everything = search(asked_for(12, "all"))
    assert everything.search.dropped_models == {}
    wanted = {count: results(search(asked_for(count, "all"))) for count in (12, 7, 4)}
    few = search(asked_for(7, 0), again=True)
    assert results(few) == wanted[7]
    many = search(asked_for(12, 0))  # goes on with those seven
    assert results(many) == wanted[12]
    found = many.search
    dropped = surplus(final_costs(found), 0)
    assert len(dropped) >= 5
    assert sorted(found.dropped_models) == dropped
    assert [n for n in sorted(found.runs) if not found.model(n).is_file()] == dropped
    assert results(search(asked_for(4, 0))) == wanted[4]

    model = toy_project / "again.tar.gz"
    again = replay(found, found.runs[dropped[0]], toy_project, model=model)
    assert again.identical
    assert model.read_bytes() == everything.search.model(dropped[0]).read_bytes()


def test_a_failed_trial_is_tried_again(
    toy_project: Path, toy_experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {**toy_experiment, "search": {"num_samples": 2, "scheduler": {"type": "fifo"}}}
    folder = Project.here().search("toy search", plan_of(ExperimentFile(**content), toy_project).id)
    folder.trial(1).mkdir(parents=True)
    (folder.trial(1) / "training").write_text("in the way")
    with pytest.raises(SearchError, match=r"1 of 2 trials failed; trial 1: .*the same command goes on"):
        search(content)
    (folder.trial(1) / "training").unlink()
    outcome = search(content)
    assert {run.status for run in outcome.search.runs.values()} == {Status.COMPLETED}
    assert outcome.search.runs[1].error is None


def test_what_was_decided_without_a_failed_trial_is_no_result(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    # With the first trial, the second one would have been stopped after its first epoch.
    optimizer = {"type": "adam", "lr": {"grid": [0.1, 1e-9]}}
    trainer = {"optimizer": optimizer, "num_epochs": 4}
    content = {**toy_experiment, "trainer": trainer, "search": {"num_samples": 1}}
    folder = Project.here().search("toy search", plan_of(ExperimentFile(**content), toy_project).id)
    folder.trial(0).mkdir(parents=True)
    (folder.trial(0) / "training").write_text("in the way")
    with pytest.raises(SearchError, match="1 of 2 trials failed"):
        search(content)
    assert load_search(folder).runs[1].status is Status.COMPLETED
    (folder.trial(0) / "training").unlink()
    for _ in range(2):  # the second time nothing is left to train
        with pytest.raises(
            SearchError, match=r"1 of 2 trials did not end where .* trial 1: .* --again"
        ) as told:
            search(content)
        assert "the same command" not in str(told.value)
    assert not list((toy_project / "results").rglob("*.*"))
    assert search(content, again=True).search.runs[1].rung == 1


def test_a_search_that_runs_already_is_refused(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    finished = search({**toy_experiment, "search": {"num_samples": 1}}).search
    lines = finished.folder.journal.read_bytes().splitlines(keepends=True)
    finished.folder.journal.write_bytes(b"".join(lines[:-1]))
    with (
        JournalWriter(finished.folder),
        pytest.raises(JournalError, match=r"is being written by process \d+"),
    ):
        search({**toy_experiment, "search": {"num_samples": 1}})


def test_the_same_search_started_twice_at_once_runs_once(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    path = write_yaml(toy_project / "toy.yaml", toy_experiment)
    both = [start_tune(path, "--num-samples", "1") for _ in range(2)]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    refused = next(err for process, err in zip(both, told, strict=True) if process.returncode == 1)
    assert "process" in refused
    assert "Traceback" not in refused
    assert len(find_searches(Project.here(), every=True)) == 1


def test_a_finished_search_is_found_behind_a_smaller_one(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    trials = [{**toy_experiment, "search": {"num_samples": count}} for count in (2, 1, 2)]
    assert [search(content).trained for content in trials] == [True, False, False]


def test_a_journal_without_a_line_blocks_nothing(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    content = {**toy_experiment, "search": {"num_samples": 1}}
    experiment = ExperimentFile(**content)
    folder = Project.here().search(experiment.name, plan_of(experiment, toy_project).id)
    folder.path.mkdir(parents=True)
    folder.journal.touch()
    assert search(content).search.folder == folder


def test_results_that_cannot_be_written_cost_no_second_training(
    toy_project: Path, toy_experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    content = {**toy_experiment, "search": {"num_samples": 1}}
    with monkeypatch.context() as patch, pytest.raises(SearchError, match="No space left"):
        patch.setattr("toolkit.hpo.recording.export", full)
        search(content)
    again = search(content)
    assert not again.trained
    assert again.results["leaderboard"].is_file()


def test_a_results_folder_that_cannot_be_is_told_before_training(
    toy_project: Path, toy_experiment: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_yaml(toy_project / "toy.yaml", toy_experiment)
    with pytest.raises(SystemExit) as end:
        main(["tune", str(path), "--results", "toy.yaml/below"])
    assert end.value.code == 1
    assert "Error: " in capfd.readouterr().err
    assert not (toy_project / "runs").exists()


@pytest.mark.parametrize("resources", [{"cpu": 64}, {"cpu": 3}])
def test_more_than_there_is_is_refused_instead_of_waited_for(
    toy_project: Path, toy_experiment: dict[str, Any], resources: dict[str, float]
) -> None:
    content = {**toy_experiment, "search": {"num_samples": 1, "resources_per_trial": resources}}
    with pytest.raises(
        ConfigurationError, match=rf"cpu: a trial asks for {resources['cpu']}, but there are 2"
    ):
        search(content)
    assert find_searches(Project.here()) == []


def test_asha_stops_what_does_badly(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    # A learning rate of next to nothing never gets better than chance; the good ones come first.
    optimizer = {"type": "adam", "lr": {"grid": [0.1, 0.09, 0.08, 0.07, 1e-9, 2e-9]}}
    trainer = {"optimizer": optimizer, "num_epochs": 4}
    found = search({**toy_experiment, "trainer": trainer, "search": {"num_samples": 1}}, workers=1).search
    assert {found.runs[i].status for i in (4, 5)} == {Status.STOPPED}
    assert {found.runs[i].rung for i in (4, 5)} == {1}


def test_what_a_person_is_told(
    toy_project: Path, toy_experiment: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    with (toy_project / "data" / "train.csv").open("a", encoding="utf-8") as file:
        file.write("Neu,something rare\n")  # one example, none to validate with: allowed, and told
    content = {**toy_experiment, "name": "toy [b] search", "search": {"num_samples": 1}}
    path = write_yaml(toy_project / "toy.yaml", content)
    with pytest.raises(SystemExit) as end:
        main(["tune", str(path)])
    assert end.value.code == 0
    told = capfd.readouterr().err
    assert "Warning: " in told
    assert "Neu" in told
    assert "toy [b] search: search " in told
    assert "best of 1 trial: " in told
    assert "leaderboard.csv" in told


def test_json_is_the_only_thing_on_stdout(
    toy_project: Path, toy_experiment: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_yaml(toy_project / "toy.yaml", toy_experiment)
    with pytest.raises(SystemExit) as end:
        main(["tune", str(path), "--num-samples", "2", "--json", "--runs", "other runs", "--results", "out"])
    assert end.value.code == 0
    told = json.loads(capfd.readouterr().out)
    assert set(told["counts"]) <= {"COMPLETED", "STOPPED"}
    assert sum(told["counts"].values()) == 2
    assert told["counts"]["COMPLETED"] >= 1
    assert told["best"]["rank"] == 1
    assert Path(told["results"]["leaderboard"]) == toy_project / "out" / "toy search" / "leaderboard.csv"
    assert (toy_project / "other runs" / "toy search" / told["search"] / "journal.jsonl").is_file()
    assert not (toy_project / "runs").exists()


def test_a_dry_run_prints_the_trials_and_writes_nothing(
    toy_project: Path, toy_experiment: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_yaml(toy_project / "toy.yaml", toy_experiment)
    with pytest.raises(SystemExit):
        main(["tune", str(path), "--dry-run", "--json"])
    planned = json.loads(capfd.readouterr().out)
    assert [trial["trial"] for trial in planned["trials"]] == list(range(6))
    assert {p.name for p in toy_project.iterdir()} == {"data", "dvc.yaml", "toy.yaml"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"search": {"metric": "accuracy"}}, "no validation reports 'accuracy'"),
        ({"trainer": {"num_epochs": {"choice": []}}}, "trainer.num_epochs: choice: [] holds no value"),
        ({"data": {"train": "data/none.csv", "valid": "data/valid.csv"}}, "data/none.csv"),
        ({"pipeline": {"name": "x"}}, "pipeline.features: is missing"),
        ({"tracking": {"mlflo": {}}}, "mlflo"),
    ],
)
def test_bad_input_is_one_line_before_anything_starts(
    toy_project: Path,
    toy_experiment: dict[str, Any],
    capfd: pytest.CaptureFixture[str],
    change: dict[str, Any],
    message: str,
) -> None:
    path = write_yaml(toy_project / "toy.yaml", {**toy_experiment, **change})
    with pytest.raises(SystemExit) as end:
        main(["tune", str(path)])
    assert end.value.code == 1
    told = capfd.readouterr()
    assert message in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert told.out == ""
    assert not (toy_project / "runs").exists()
