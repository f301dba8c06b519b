"""Loggers of a plain training: one journal for the whole list, mirrored when it ends, ended truthfully."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from toolkit.configuration import PipelineConfiguration, TrainerConfiguration
from toolkit.loggers import (
    BaseTrainLogger,
    MlflowLogger,
    TensorBoardLogger,
    TrackerLogger,
    WandBLogger,
    loggers_for,
)
from toolkit.runs import Project, Search, Status, find_searches
from toolkit.trackers.memory import MemoryStore
from toolkit.training import TrainingResults

TRAINER = TrainerConfiguration(num_epochs=2, batch_size=4)
CONFIG = {
    "name": "toy",
    "features": {"word": {"embedding_dim": 4}},
    "head": {"type": "TextClassification", "pooler": {"type": "gru", "hidden_size": 4}},
}


class Data:
    """What a logger asks of a data set."""

    path, digest = "data/toy.csv", "ab" * 32

    def __len__(self) -> int:
        return 10


class StandIn:
    """A pipeline as far as loggers look at it, with the loop of `Pipeline.train`."""

    def __init__(self) -> None:
        self.config = PipelineConfiguration.from_dict(CONFIG)

    def train(self, loggers: list[BaseTrainLogger], folder: Path, fails_in: int | None = None) -> None:
        for logger in loggers:
            logger.init_train(self, TRAINER, Data(), Data())
        for epoch in range(TRAINER.num_epochs):
            if epoch == fails_in:
                raise ValueError("the loss is gone")
            metrics = {"training_loss": 1 / (epoch + 1), "validation_loss": 2 / (epoch + 1)}
            for logger in loggers:
                logger.log_epoch_metrics(epoch, metrics)
        model = folder / "model.tar.gz"
        model.write_bytes(b"a model")
        for logger in loggers:
            logger.end_train(TrainingResults(model, {"validation_loss": 1.0}))


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


def test_a_training_is_journaled_and_mirrored(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandIn().train([MemoryLogger(store, monkeypatch)], project)
    search = only_search()
    assert (search.experiment, search.header.job, search.status) == ("toy", "train", Status.COMPLETED)
    assert (search.header.metric, search.header.mode) == ("validation_loss", "min")
    assert search.header.data["training"] == {"path": "data/toy.csv", "sha256": "ab" * 32, "rows": 10}
    (run,) = search.runs.values()
    assert [(p.epoch, p.step, p.metrics["validation_loss"]) for p in run.points] == [(0, 3, 2.0), (1, 6, 1.0)]
    assert run.config["trainer"]["num_epochs"] == 2
    assert run.started <= run.points[0].t
    (stored,) = store.runs.values()
    assert (stored.status, len(stored.points)) == (Status.COMPLETED, 2)
    assert stored.artifacts == {"model.tar.gz": b"a model"}


def test_the_list_shares_one_journal(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandIn().train([MemoryLogger(store, monkeypatch), TensorBoardLogger()], project)
    search = only_search()
    assert search.header.tracking == {"memory": {}, "tensorboard": {}}
    assert len(search.runs[0].points) == 2
    assert len(list(search.folder.tensorboard.glob("00000/*tfevents*"))) == 1


def test_each_training_of_a_pipeline_has_a_journal_of_its_own(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, loggers = StandIn(), [MemoryLogger(store, monkeypatch)]
    pipeline.train(loggers, project)
    pipeline.train(loggers, project)
    assert [len(run.points) for run in store.runs.values()] == [2, 2]


def test_a_training_that_raised_is_failed_at_the_next_one(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, loggers = StandIn(), [MemoryLogger(store, monkeypatch)]
    with pytest.raises(ValueError, match="the loss is gone"):
        pipeline.train(loggers, project, fails_in=1)
    pipeline.train(loggers, project)
    assert sorted(run.status for run in store.runs.values()) == [Status.COMPLETED, Status.FAILED]


def test_fail_train_keeps_the_traceback(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, logger = StandIn(), MemoryLogger(store, monkeypatch)
    with pytest.raises(ValueError, match="the loss is gone") as caught:
        pipeline.train([logger], project, fails_in=0)
    logger.fail_train(caught.value)
    (run,) = only_search().runs.values()
    assert (run.status, run.reason) == (Status.FAILED, "ValueError: the loss is gone")
    assert run.error is not None
    assert "in train" in run.error
    logger.fail_train(caught.value)
    assert len(only_search().runs) == 1


def test_python_ending_with_an_error_leaves_a_failed_end(project: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from tests.test_loggers import StandIn\n"
        "from toolkit.loggers import TensorBoardLogger\n"
        "StandIn().train([TensorBoardLogger()], Path('.'), fails_in=1)\n"
    )
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r})\n{code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ValueError: the loss is gone" in done.stderr
    (run,) = only_search().runs.values()
    assert (run.status, len(run.points)) == (Status.FAILED, 1)
    assert run.error is not None
    assert "the loss is gone" in run.error


def test_a_tracker_that_fails_is_a_warning_with_the_command(project: Path) -> None:
    with pytest.warns(UserWarning, match=r"2 points of toy@\w+ are not in nobody .* `toolkit sync 'toy@"):
        StandIn().train([TrackerLogger("nobody")], project)
    assert only_search().status is Status.COMPLETED


def test_a_server_that_is_away_does_not_hold_up_the_training(project: Path) -> None:
    with pytest.warns(UserWarning, match=r"2 points of toy@\w+ are not in mlflow"):
        StandIn().train([MlflowLogger(uri="http://127.0.0.1:1")], project)
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
