"""Loggers of a plain training: one journal for the whole list, mirrored when it ends, ended truthfully."""

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.cli.models import write_project
from tests.training.toy import toy_config, toy_data
from toolkit.configuration import TrainerConfiguration, VocabularyConfiguration
from toolkit.configuration.digest import code_digest
from toolkit.data import Dataset
from toolkit.errors import ConfigurationError
from toolkit.loggers import (
    BaseTrainLogger,
    MlflowLogger,
    TensorBoardLogger,
    TrackerLogger,
    WandBLogger,
    loggers_for,
)
from toolkit.pipeline import Pipeline
from toolkit.runs import Project, Search, Status, find_searches
from toolkit.trackers import registry
from toolkit.trackers.memory import MemoryStore

TRAINER = TrainerConfiguration(num_epochs=2, patience=None, cuda_device=-1)
DATA = toy_data(20)


class Fails(BaseTrainLogger):
    """Raises after an epoch, as a training out of memory would in the next one."""

    def __init__(self, epoch: int, error: BaseException) -> None:
        self._epoch, self._error = epoch, error

    def log_epoch_metrics(self, epoch: int, metrics: Mapping[str, float]) -> None:
        if epoch == self._epoch:
            raise self._error


def toy_pipeline() -> Pipeline:
    return Pipeline.from_config(toy_config())


def train(pipeline: Pipeline, loggers: list[BaseTrainLogger], folder: Path) -> None:
    pipeline.train(
        folder / "out", training=DATA, validation=toy_data(10, 1), trainer=TRAINER, loggers=loggers
    )


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


class MemoryLogger(TrackerLogger):
    """Keeps its store out of the journal, which holds plain values only."""

    def __init__(self, store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__("memory")
        monkeypatch.setattr("toolkit.trackers.memory.MemoryStore", lambda: store)


def only_search() -> Search:
    (search,) = find_searches(Project.here(), every=True)
    return search


def test_numbers_of_numpy_and_torch_are_recorded_as_plain_ones(project: Path) -> None:
    """Somebody's own training loop, which calls the logger as `Pipeline.train` does."""
    pipeline, logger = toy_pipeline(), TrackerLogger("memory", experiment="own loop")
    logger.init_train(pipeline, TRAINER, DATA, None)
    logger.log_epoch_metrics(
        0,
        {
            "loss": torch.tensor(0.5, requires_grad=True),
            "half": torch.tensor(0.5, dtype=torch.bfloat16),
            "count": np.int64(2**53 + 1),
            "share": np.float32(0.25),
            "good": np.bool_(True),
            "each": np.array([1.0, 2.0]),
        },
    )
    logger.fail_train(KeyboardInterrupt())
    (point,) = only_search().runs[0].points
    assert point.metrics == {
        "loss": 0.5,
        "half": 0.5,
        "count": 2**53 + 1,
        "share": 0.25,
        "good": True,
        "each": [1.0, 2.0],
    }


def test_a_training_is_journaled_and_mirrored(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(toy_pipeline(), [MemoryLogger(store, monkeypatch)], project)
    search = only_search()
    assert (search.experiment, search.header.job, search.status) == ("toy", "train", Status.COMPLETED)
    assert (search.header.metric, search.header.mode) == ("validation_loss", "min")
    assert search.header.data["training"] == {"sha256": DATA.digest, "rows": 20}
    assert search.header.code == code_digest()
    (run,) = search.runs.values()
    assert [(p.epoch, p.step) for p in run.points] == [(0, 2), (1, 4)]  # 20 rows in batches of 16
    best = run.points[run.points[-1].metrics["best_epoch"]]
    assert best.metrics == json.loads((project / "out" / "metrics.json").read_text(encoding="utf-8"))
    assert run.config["trainer"]["num_epochs"] == 2
    assert run.started <= run.points[0].t
    (stored,) = store.runs.values()
    assert (stored.status, len(stored.points)) == (Status.COMPLETED, 2)
    assert stored.artifacts == {"model.tar.gz": (project / "out" / "model.tar.gz").read_bytes()}


def test_the_record_says_what_a_repetition_needs(project: Path) -> None:
    write_project(project)
    (project / "below").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project / "below")
        training = Dataset.from_csv("../data/train.csv")
        limits = VocabularyConfiguration(min_count={"word": 2})
        toy_pipeline().train(
            "out", training=training, trainer=TRAINER, loggers=[TensorBoardLogger()], vocab_config=limits
        )
    header = only_search().header
    assert (header.spec["vocabulary"], header.spec["threads"]) == (limits.to_dict(), torch.get_num_threads())
    assert header.data.keys() == {"training"}
    assert Dataset.from_csv(project / header.data["training"]["path"]).digest == training.digest
    assert not Path(header.data["training"]["path"]).is_absolute()


def test_the_list_shares_one_journal(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(toy_pipeline(), [MemoryLogger(store, monkeypatch), TensorBoardLogger()], project)
    search = only_search()
    assert search.header.tracking == {"memory": {}, "tensorboard": {}}
    assert len(search.runs[0].points) == 2
    assert len(list(search.folder.tensorboard.glob("00000/*tfevents*"))) == 1


def test_each_training_of_a_pipeline_has_a_journal_of_its_own(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, loggers = toy_pipeline(), [MemoryLogger(store, monkeypatch)]
    train(pipeline, list(loggers), project)
    train(pipeline, list(loggers), project)
    assert [len(run.points) for run in store.runs.values()] == [2, 2]


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError("the loss is gone"), Status.FAILED), (KeyboardInterrupt(), Status.INTERRUPTED)],
    ids=["error", "Ctrl-C"],
)
def test_a_training_that_raises_ends_truthfully(
    project: Path,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    status: Status,
) -> None:
    logger = MemoryLogger(store, monkeypatch)
    with pytest.raises(type(error)):
        train(toy_pipeline(), [logger, Fails(1, error)], project)
    (run,) = only_search().runs.values()
    assert (run.status, len(run.points)) == (status, 2)
    assert type(error).__name__ in (run.reason or "")
    assert "in log_epoch_metrics" in (run.error or "")
    assert [stored.status for stored in store.runs.values()] == [status]
    logger.fail_train(error)  # a second word about it changes nothing
    assert only_search().status is status


def test_a_logger_that_fails_before_the_first_epoch(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refuses(BaseTrainLogger):
        def init_train(self, *arguments: Any) -> None:
            raise ValueError("no disk")

    with pytest.raises(ValueError, match="no disk"):
        train(toy_pipeline(), [MemoryLogger(store, monkeypatch), Refuses()], project)
    (run,) = only_search().runs.values()
    assert (run.status, run.points) == (Status.FAILED, [])


def test_a_tracker_that_fails_is_a_warning_with_the_command(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._OURS, "tensorboard", ("no_such_package", "Tracker"))
    with pytest.warns(UserWarning, match=r"2 points of it's@\w+ are not in tensorboard") as warned:
        train(toy_pipeline(), [TensorBoardLogger("it's")], project)
    command = str(warned[-1].message).split("`")[-2]
    assert shlex.split(command) == ["toolkit", "sync", f"it's@{only_search().id}"]
    assert only_search().status is Status.COMPLETED


def test_a_server_that_is_away_does_not_hold_up_the_training(project: Path) -> None:
    with pytest.warns(UserWarning, match=r"2 points of toy@\w+ are not in mlflow"):
        train(toy_pipeline(), [MlflowLogger(uri="http://127.0.0.1:1")], project)
    assert "MLFLOW_HTTP_REQUEST_MAX_RETRIES" not in os.environ


@pytest.mark.parametrize(
    ("logger", "tracker", "options"),
    [
        (MlflowLogger(), "mlflow", {}),
        (
            MlflowLogger("x", uri="http://127.0.0.1:1"),
            "mlflow",
            {"experiment": "x", "uri": "http://127.0.0.1:1"},
        ),
        (WandBLogger("x", mode="offline"), "wandb", {"project": "x", "mode": "offline"}),
        (TensorBoardLogger("x"), "tensorboard", {}),
    ],
)
def test_options_of_the_loggers(logger: TrackerLogger, tracker: str, options: Mapping[str, Any]) -> None:
    assert (logger.tracker, logger.options) == (tracker, options)


def test_loggers_for_a_tracking_section() -> None:
    loggers = loggers_for({"mlflow": {}, "wandb": False, "tensorboard": {}}, "base")
    assert [(logger.tracker, logger.experiment) for logger in loggers] == [
        ("mlflow", "base"),
        ("tensorboard", "base"),
    ]


def test_what_cannot_be_is_refused_before_anything_is_recorded(project: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"tracking\.wandb\.mode"):
        WandBLogger(mode="ofline")
    with pytest.raises(ConfigurationError, match=r"^name: "):
        TensorBoardLogger("a/b")
    assert not (project / "runs").exists()
