"""Plain trainings and baselines, trained again from their journal; the trials are in tests/hpo."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.cli.models import write_project
from tests.test_baseline import EXPERIMENT, write_rows
from tests.training.toy import toy_config, toy_data
from toolkit.baseline import CODE, plan_baseline, run_baseline
from toolkit.configuration import TrainerConfiguration, VocabularyConfiguration
from toolkit.configuration.digest import code_digest
from toolkit.configuration.experiment import ExperimentFile
from toolkit.data import Dataset
from toolkit.errors import DataError, ReplayError
from toolkit.loggers import TensorBoardLogger
from toolkit.pipeline import Pipeline
from toolkit.replay import Change, Replay, replay
from toolkit.runs import Project, Search, find_searches, load_search

TRAINER = TrainerConfiguration(optimizer={"type": "adam", "lr": 0.02}, num_epochs=4, cuda_device=-1)


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # faster on so few rows
    yield
    torch.set_num_threads(before)


@pytest.fixture
def training(project: Path) -> Dataset:
    write_project(project)
    return Dataset.from_csv("data/train.csv")


def train(training: Any, pipeline: Pipeline | None = None, **arguments: Any) -> Search:
    """Train with a logger; the search that it journaled."""
    pipeline = Pipeline.from_config(toy_config()) if pipeline is None else pipeline
    logger = TensorBoardLogger()
    pipeline.train("out", training=training, trainer=TRAINER, loggers=[logger], **arguments)
    assert logger.folder is not None
    return load_search(logger.folder)


def replayed(search: Search) -> Replay:
    return replay(search, search.runs[0], Project.here().root)


@pytest.mark.parametrize("count", [1, 2])
def test_a_training_is_the_same_on_its_own_number_of_threads(training: Dataset, count: int) -> None:
    torch.set_num_threads(count)
    validation = Dataset.from_csv("data/valid.csv")
    limits = VocabularyConfiguration(min_count={"word": 2})
    search = train(training, validation=validation, vocab_config=limits)
    torch.set_num_threads(3 - count)
    seen: list[int] = []
    found = replay(
        search, search.runs[0], Project.here().root, lambda _: seen.append(torch.get_num_threads())
    )
    assert (found.epochs, found.identical, found.environment) == (len(search.runs[0].points), True, {})
    assert seen[-1] == count
    assert "validation_loss" in found.metrics


def test_a_training_without_validation_is_the_same(training: Dataset) -> None:
    found = replayed(train(training))
    assert (found.epochs, found.identical) == (4, True)
    assert set(found.metrics) == {"training_loss", "training_accuracy", "best_epoch"}


def test_it_is_replayed_from_another_folder_of_the_project(
    training: Dataset, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = train(training)
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    assert replayed(search).identical


def test_a_training_on_rows_that_were_no_file_is_refused(project: Path) -> None:
    with pytest.raises(
        ReplayError, match="its training data was no file whose path and SHA-256 are recorded"
    ):
        replayed(train(toy_data(40)))


def test_a_training_that_went_on_from_weights_is_refused(training: Dataset) -> None:
    pipeline = Pipeline.from_config(toy_config())
    assert replayed(train(training, pipeline)).identical
    with pytest.raises(ReplayError, match="it went on from weights, or its vocabulary was not made of"):
        replayed(train(training, pipeline))


def test_a_training_of_an_older_version_is_refused(training: Dataset) -> None:
    search = train(training)
    first, *rest = search.folder.journal.read_text(encoding="utf-8").splitlines()
    header = json.loads(first)
    del header["spec"]["vocabulary"]
    search.folder.journal.write_text("\n".join([json.dumps(header), *rest, ""]), encoding="utf-8")
    with pytest.raises(ReplayError, match="of an older version and does not say how its vocabulary was made"):
        replayed(load_search(search.folder))


@pytest.fixture
def baseline(project: Path) -> Search:
    write_rows(project / "data" / "train.csv", ["Alt", "Berg", "Curtius", "Dorn"])
    write_rows(project / "data" / "valid.csv", ["Eck", "Faber"])
    (project / "toy.yaml").write_text(EXPERIMENT)
    run_baseline(plan_baseline(ExperimentFile.load("toy.yaml"), Path()), Project.here())
    (search,) = find_searches(Project.here())
    return search


def test_a_baseline_is_the_same(baseline: Search) -> None:
    found = replayed(baseline)
    assert (found.epochs, found.identical, found.environment) == (1, True, {})
    assert found.metrics.keys() == baseline.runs[0].points[0].metrics.keys()


def edit(search: Search, old: str, new: str) -> Search:
    text = search.folder.journal.read_text(encoding="utf-8")
    assert old in text
    search.folder.journal.write_text(text.replace(old, new), encoding="utf-8")
    return load_search(search.folder)


def test_a_baseline_is_trained_with_its_recorded_configuration(baseline: Search) -> None:
    found = replayed(edit(baseline, '"C":30.0', '"C":3.0'))
    assert {"training_loss", "validation_loss"} <= found.differences.keys()


def test_a_baseline_hangs_on_its_own_code_and_libraries(baseline: Search) -> None:
    versions = baseline.header.provenance["versions"]
    search = edit(baseline, f'"scikit-learn":"{versions["scikit-learn"]}"', '"scikit-learn":"0.1"')
    search = edit(search, f'"torch":"{versions["torch"]}"', '"torch":"0.1"')
    search = edit(search, code_digest(CODE), "ab" * 32)
    assert replayed(search).environment == {
        "code": Change("ab" * 32, code_digest(CODE)),
        "scikit-learn": Change("0.1", versions["scikit-learn"]),
    }


def test_what_is_no_baseline_is_not_taken_for_one(baseline: Search) -> None:
    with pytest.raises(ReplayError, match="is no configuration of a baseline"):
        replayed(edit(baseline, '"type":"lbfgs"', '"type":"saga"'))


def test_a_baseline_is_not_trained_on_other_data(baseline: Search, project: Path) -> None:
    write_rows(project / "data" / "valid.csv", ["Eck"])
    with pytest.raises(DataError, match="is not the validation data of"):
        replayed(baseline)
