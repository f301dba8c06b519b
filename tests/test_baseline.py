"""The baseline on a few invented rows: learns, is recorded, repeats its bytes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss

from toolkit import baseline
from toolkit.baseline import BaselineConfiguration, BaselinePlan, fit, plan_baseline, run_baseline
from toolkit.configuration.digest import code_digest
from toolkit.configuration.experiment import ExperimentFile
from toolkit.errors import ConfigurationError, DataError
from toolkit.runs import JournalWriter, Project, Status, load_search

WORDS = {
    "Bäckereien": ["Brot", "Semmel", "Kuchen"],
    "Hotels": ["Hotel", "Pension"],
    "Maler": ["Farbe", "Lack"],
}
EXPERIMENT = """
name: toy
data: {train: data/train.csv, valid: data/valid.csv}
pipeline:
  name: toy
  features: {word: {embedding_dim: 4}}
  head: {type: TextClassification, pooler: {type: gru, num_layers: 1, hidden_size: 4, bidirectional: true}}
tracking: {}
"""


def write_rows(path: Path, names: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [f"{label},{name} {word}" for label, words in WORDS.items() for word in words for name in names]
    path.write_text("label,text\n" + "\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture
def toy(project: Path) -> ExperimentFile:
    write_rows(project / "data" / "train.csv", ["Alt", "Berg", "Curtius", "Dorn"])
    write_rows(project / "data" / "valid.csv", ["Eck", "Faber"])
    (project / "toy.yaml").write_text(EXPERIMENT)
    return ExperimentFile.load("toy.yaml")


def plan(experiment: ExperimentFile) -> BaselinePlan:
    return plan_baseline(experiment, Path())


def test_it_learns_and_is_recorded_as_a_search_of_one_trial(toy: ExperimentFile, project: Path) -> None:
    outcome = run_baseline(plan(toy), Project.here())
    search = load_search(outcome.search.folder)
    assert (search.experiment, search.header.job, search.header.num_trials) == ("toy-baseline", "baseline", 1)
    assert (search.status, search.best_trial, len(search.runs)) == (Status.COMPLETED, 0, 1)
    assert search.header.data["validation"] == {
        "path": "data/valid.csv",
        "sha256": plan(toy).valid.digest,
        "rows": 14,
    }
    assert search.header.labels == sorted(WORDS)
    assert search.header.code == code_digest(baseline.CODE)
    [point] = search.runs[0].points
    assert point.metrics["validation_accuracy"] == point.metrics["training_accuracy"] == 1.0
    assert 0 < point.metrics["training_loss"] < 0.1
    assert 0 < point.metrics["validation_loss"] < 0.1
    assert point.metrics["validation_fscore__Bäckereien"] == 1.0
    assert sorted(path.name for path in (project / "results" / "toy-baseline").iterdir()) == [
        "best_config.yaml",
        "leaderboard.csv",
        "learning_curves.csv",
        "metrics.json",
        "search.json",
        "timings.csv",
    ]
    assert {artifact.name for artifact in search.artifacts} == outcome.results.keys()


def test_it_reports_what_every_training_reports(toy: ExperimentFile) -> None:
    from toolkit.training.metrics import metric_names

    outcome = run_baseline(plan(toy), Project.here())
    assert list(outcome.search.runs[0].points[0].metrics) == metric_names(sorted(WORDS))


@pytest.mark.parametrize("classes", [2, 3])
def test_the_loss_is_the_log_loss(classes: int) -> None:
    """Two classes have one score each in scikit-learn, three have three."""
    texts = [f"{word} {number}" for number in range(4) for word in ("Brot", "Hotel", "Lack")[:classes]]
    labels = np.array(list(range(classes)) * 4)
    model = fit(BaselineConfiguration(), texts, labels)
    log_probabilities = model.log_probabilities(["Brot", "Hotel Lack", "?"])
    expected = model.classifier.predict_proba(model.vectorize(["Brot", "Hotel Lack", "?"]))
    np.testing.assert_allclose(np.exp(log_probabilities), expected, rtol=1e-12)
    gold = np.array([0, 1, 1])
    scores = baseline._score(log_probabilities, gold, model.classes, classes)
    assert scores.loss == pytest.approx(log_loss(gold, expected, labels=model.classes))


def test_the_same_baseline_twice_gives_the_same_bytes_and_trains_once(
    toy: ExperimentFile, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_baseline(plan(toy), Project.here())
    elsewhere = Project.here().with_folders(project / "runs2", project / "results2")
    second = run_baseline(plan(toy), elsewhere)
    monkeypatch.setattr(baseline, "train", None)  # would raise if it were called
    third = run_baseline(plan(toy), Project.here().with_folders(None, project / "results3"))
    assert (first.trained, second.trained, third.trained) == (True, True, False)
    for name in first.results.keys() - {"timings"}:
        bytes_of = [outcome.results[name].read_bytes() for outcome in (first, second, third)]
        assert bytes_of[0] == bytes_of[1] == bytes_of[2], name


def test_its_id_follows_data_labels_and_configuration(toy: ExperimentFile, project: Path) -> None:
    before = plan(toy)
    assert plan(toy).id == before.id
    renamed = ExperimentFile.load("toy.yaml", ["name=other", "search.num_samples=9"])
    assert plan(renamed).id == before.id
    by_accuracy = ["search.metric=validation_accuracy", "search.mode=max"]
    others = [
        plan(ExperimentFile.load("toy.yaml", by_accuracy)).id,
        plan(
            ExperimentFile.load("toy.yaml", ["pipeline.head.labels=[Bäckereien, Hotels, Maler, Vereine]"])
        ).id,
    ]
    write_rows(project / "data" / "valid.csv", ["Eck", "Gans"])
    others.append(plan(toy).id)
    assert len({before.id, *others}) == 4


def test_one_that_was_killed_goes_on_in_its_journal(toy: ExperimentFile) -> None:
    planned, project = plan(toy), Project.here()
    folder = project.search(planned.name, planned.id)
    with JournalWriter(folder) as journal:
        baseline._begin(planned, project, journal)
    assert load_search(folder).runs[0].status is Status.RUNNING
    outcome = run_baseline(planned, project)
    assert (outcome.search.status, len(outcome.search.runs[0].points)) == (Status.COMPLETED, 1)


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (KeyboardInterrupt(), Status.INTERRUPTED, "interrupted"),
        (MemoryError("no room"), Status.FAILED, "MemoryError: no room"),
    ],
)
def test_one_that_broke_off_says_so_and_can_be_run_again(
    toy: ExperimentFile,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    status: Status,
    reason: str,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    planned, project = plan(toy), Project.here()
    with monkeypatch.context() as patched, pytest.raises(type(error)):
        patched.setattr(baseline, "train", fail)
        run_baseline(planned, project)
    search = load_search(project.search(planned.name, planned.id))
    assert (search.status, search.runs[0].status, search.runs[0].reason) == (status, status, reason)
    assert list(project.results_of(planned.name).iterdir()) == []
    assert run_baseline(planned, project).search.runs[0].status is Status.COMPLETED


def test_a_results_folder_that_cannot_be_made_is_told_before_the_training(
    toy: ExperimentFile, project: Path
) -> None:
    (project / "results").write_text("in the way")
    with pytest.raises(OSError, match="results"):
        run_baseline(plan(toy), Project.here())
    assert not (project / "runs").exists()


@pytest.mark.parametrize(
    ("error", "status"),
    [(OSError(28, "No space left on device"), Status.FAILED), (KeyboardInterrupt(), Status.INTERRUPTED)],
)
def test_results_that_cannot_be_written_end_the_search_truthfully(
    toy: ExperimentFile, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: Status
) -> None:
    def fail(*_: Any) -> None:
        raise error

    planned, project = plan(toy), Project.here()
    with monkeypatch.context() as patched, pytest.raises(type(error)):
        patched.setattr(baseline, "export", fail)
        run_baseline(planned, project)
    search = load_search(project.search(planned.name, planned.id))
    assert (search.status, search.runs[0].status, len(search.runs[0].points)) == (status, Status.COMPLETED, 1)
    assert run_baseline(planned, project).search.status is Status.COMPLETED


def test_a_tracker_gets_its_point(toy: ExperimentFile) -> None:
    """The real process that mirrors, and the tracker that needs no server."""
    tracked = ExperimentFile.load("toy.yaml", ["tracking={tensorboard: {}}"])
    outcome = run_baseline(plan(tracked), Project.here())
    assert outcome.unmirrored == {"tensorboard": 0}
    assert list(outcome.search.folder.tensorboard.rglob("*tfevents*"))


def test_bad_input_is_refused_before_anything_is_recorded(toy: ExperimentFile, project: Path) -> None:
    unknown = ExperimentFile.load("toy.yaml", ["search.metric=validation_acuracy"])
    with pytest.raises(ConfigurationError, match="did you mean 'validation_accuracy'"):
        plan(unknown)
    narrow = ExperimentFile.load("toy.yaml", ["pipeline.head.labels=[Hotels, Maler]"])
    with pytest.raises(DataError, match="does not list: Bäckereien"):
        plan(narrow)
    (project / "data" / "train.csv").unlink()
    with pytest.raises(DataError, match=r"train\.csv"):
        plan(toy)
    assert not (project / "runs").exists()


def test_the_configuration_is_what_the_results_say(toy: ExperimentFile, project: Path) -> None:
    results = run_baseline(plan(toy), Project.here()).results
    assert json.loads(results["metrics"].read_text())["runs"] == {"COMPLETED": 1}
    assert "C: 30.0" in results["best_config"].read_text()


def test_the_configuration_is_read_back_from_the_journal(toy: ExperimentFile) -> None:
    search = run_baseline(plan(toy), Project.here()).search
    config = search.runs[0].config
    assert BaselineConfiguration.from_dict(config) == BaselineConfiguration()
    for other in ({}, {**config, "trainer": {}}, {**config, "trainer": {**config["trainer"], "tol": 1}}):
        with pytest.raises(ConfigurationError, match="is no configuration of a baseline"):
            BaselineConfiguration.from_dict(other)


def test_names_and_trackers_are_checked_before_data_are_read(toy: ExperimentFile, project: Path) -> None:
    (project / "data" / "train.csv").unlink()
    with pytest.raises(ConfigurationError, match=r"^name: "):
        plan(replace(toy, name="x" * 195))  # short enough, but not with `-baseline` behind it
    with pytest.raises(ConfigurationError, match=r"tracking\.wandb\.mode: cannot be 'ofline'"):
        plan(ExperimentFile.load("toy.yaml", ["tracking={wandb: {mode: ofline}}"]))


@pytest.mark.parametrize("torn", [b"", b'{"v": 1, "t": 5, "ki'])
def test_a_journal_without_its_first_line_blocks_nothing(toy: ExperimentFile, torn: bytes) -> None:
    planned, project = plan(toy), Project.here()
    folder = project.search(planned.name, planned.id)
    folder.path.mkdir(parents=True)
    folder.journal.write_bytes(torn)
    outcome = run_baseline(planned, project)
    assert (outcome.search.status, outcome.search.folder) == (Status.COMPLETED, folder)
