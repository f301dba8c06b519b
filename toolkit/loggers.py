"""Loggers for a plain `Pipeline.train`: the same journal and the same trackers as a search.

The first of our loggers in the list opens a search of one trial, the others attach to it. Every epoch goes
to the journal; when the training ends, the journal is closed and mirrored to the trackers of the list.

A training that raises is ended as FAILED with its traceback, one that is stopped by Ctrl-C as INTERRUPTED.
Should Python itself be killed, `toolkit sync` ends the run as interrupted.
"""

import math
import os
import secrets
import shlex
import time
import traceback
import warnings
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from toolkit.configuration import TrainerConfiguration
from toolkit.configuration.digest import code_digest
from toolkit.runs import JournalWriter, Project, SearchFolder, SearchHeader, Status, check_name, provenance
from toolkit.runs.changes import tell_changes
from toolkit.runs.layout import run_id, within
from toolkit.runs.search import file_digest
from toolkit.trackers import check_tracking, mirror
from toolkit.training import BaseTrainLogger, TrainingResults

__all__ = [
    "BaseTrainLogger",
    "MlflowLogger",
    "TensorBoardLogger",
    "TrackerLogger",
    "WandBLogger",
    "loggers_for",
]

_TRIAL = 0


class TrackerLogger(BaseTrainLogger):
    """Records a training and mirrors it to one tracker, ours or a plug-in's.

    Args:
        tracker: its name as under `tracking` in an experiment file.
        options: of the tracker.
        experiment: name shared by the services; the pipeline's name unless given. The first of our
            loggers in the list decides.

    Raises:
        ConfigurationError: no such tracker, it would not take an option, or the name cannot name a folder.
    """

    def __init__(
        self, tracker: str, options: Mapping[str, Any] | None = None, *, experiment: str | None = None
    ) -> None:
        check_tracking({tracker: options or {}})
        if experiment is not None:
            check_name(experiment)
        self.tracker, self.options, self.experiment = tracker, dict(options or {}), experiment
        self._recording: _Recording | None = None

    def init_train(
        self, pipeline: Any, trainer_configuration: TrainerConfiguration, training: Any, validation: Any
    ) -> None:
        open_one = _OPEN.get(pipeline)
        if open_one is not None and open_one.accepts(self):
            open_one.attach(self)
            self._recording = open_one
            return
        self._recording = _Recording(self, pipeline, trainer_configuration, training, validation)
        _OPEN[pipeline] = self._recording

    def log_epoch_metrics(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        if self._recording is not None and self._recording.leader is self:
            self._recording.epoch(epoch, metrics)

    def end_train(self, results: TrainingResults) -> None:
        if self._recording is not None and self._recording.leader is self:
            self._recording.complete(results)

    def fail_train(self, error: BaseException) -> None:
        """End the run as FAILED with the error's traceback, or as INTERRUPTED by Ctrl-C."""
        if self._recording is not None and self._recording.fail(error):
            self._recording.mirror()

    @property
    def folder(self) -> Path | None:
        """The folder of the journal; None before the training began."""
        return None if self._recording is None else self._recording.folder.path


class MlflowLogger(TrackerLogger):
    """Records a training in MLflow.

    Args:
        experiment: MLflow's experiment; the pipeline's name unless given, MLFLOW_EXPERIMENT_NAME wins.
        uri: the store; `mlflow.db` at the project's root unless given, MLFLOW_TRACKING_URI wins.
    """

    def __init__(self, experiment: str | None = None, *, uri: str | None = None) -> None:
        super().__init__("mlflow", _given(uri=uri, experiment=experiment), experiment=experiment)


class WandBLogger(TrackerLogger):
    """Records a training in Weights & Biases.

    Args:
        project: of W&B; the pipeline's name unless given, WANDB_PROJECT wins.
        mode: online or offline; online where there is an account unless given, WANDB_MODE wins.
        entity: of W&B; the account's own unless given, WANDB_ENTITY wins.
    """

    def __init__(
        self, project: str | None = None, *, mode: str | None = None, entity: str | None = None
    ) -> None:
        options = _given(project=project, mode=mode, entity=entity)
        super().__init__("wandb", options, experiment=project)


class TensorBoardLogger(TrackerLogger):
    """Records a training as TensorBoard's event files, below the run's folder in `runs/`.

    Args:
        experiment: names the folder; the pipeline's name unless given.
    """

    def __init__(self, experiment: str | None = None) -> None:
        super().__init__("tensorboard", experiment=experiment)


def loggers_for(tracking: Mapping[str, Any], name: str) -> list[TrackerLogger]:
    """One logger for each tracker that is not switched off, all recording the experiment `name`.

    Args:
        tracking: tracker -> options, as in an experiment file; `false` switches one off.
    """
    return [
        TrackerLogger(tracker, options if isinstance(options, Mapping) else {}, experiment=name)
        for tracker, options in tracking.items()
        if options is not False
    ]


class _Recording:
    """The journal of one training; written by its leader, the first logger of the list."""

    def __init__(
        self,
        leader: TrackerLogger,
        pipeline: Any,
        trainer: TrainerConfiguration,
        training: Any,
        validation: Any,
    ) -> None:
        self.leader = leader
        self._members = [leader]
        self._pipeline = weakref.ref(pipeline)
        self._trainer, self._data = trainer, {"training": training, "validation": validation}
        self._config = {"pipeline": pipeline.config.to_dict(), "trainer": trainer.to_dict()}
        # What a repetition needs besides: another number of threads gives other last bits.
        self._how = {"vocabulary": pipeline.vocab_limits, "threads": torch.get_num_threads()}
        self._updates = math.ceil(len(training) / trainer.batch_size)
        self._project = Project.here()
        self._experiment = leader.experiment or pipeline.config.name
        check_name(self._experiment)
        self._id = secrets.token_hex(6)  # nothing resumes a plain training, so its id says nothing
        self.folder = SearchFolder(self._project.searches_of(self._experiment) / self._id)
        self._journal = JournalWriter(self.folder)
        self._started = _now()
        self._epoch_began = time.monotonic()
        self._begun = self._ended = False

    def accepts(self, logger: TrackerLogger) -> bool:
        """Whether the logger belongs to this very training: it has not begun, and its tracker is new."""
        return not self._begun and all(member.tracker != logger.tracker for member in self._members)

    def attach(self, logger: TrackerLogger) -> None:
        self._members.append(logger)

    def epoch(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        self._begin()
        now = time.monotonic()
        seconds, self._epoch_began = now - self._epoch_began, now
        step = self._updates * (epoch + 1)
        self._journal.append("point", _TRIAL, epoch=epoch, step=step, metrics=dict(metrics), seconds=seconds)

    def complete(self, results: TrainingResults) -> None:
        self._begin()
        self._journal.append("end", _TRIAL, status=Status.COMPLETED)
        path = results.model_path.resolve()
        digest = file_digest(path)
        self._journal.append("artifact", _TRIAL, name="model", path=str(path), sha256=digest)
        self._close(Status.COMPLETED)
        self.mirror()

    def fail(self, error: BaseException) -> bool:
        """End a training that raised; whether it was still open."""
        if self._ended:
            return False
        self._begin()
        status = Status.INTERRUPTED if isinstance(error, KeyboardInterrupt) else Status.FAILED
        trace = "".join(traceback.format_exception(error))
        reason = f"{type(error).__name__}: {error}"
        self._journal.append("end", _TRIAL, status=status, reason=reason, error=trace)
        self._close(status)
        return True

    def _begin(self) -> None:
        """Write who and what, once: only now is it known which loggers the list holds.

        The two lines carry the time at which the training began, not this one.
        """
        if self._begun:
            return
        self._begun = True
        origin = provenance(self._project.root, self.folder)
        header = SearchHeader(
            id=self._id,
            experiment=self._experiment,
            job="train",
            metric=self._trainer.metric,
            mode="min" if self._trainer.smaller_is_better else "max",
            seed=self._trainer.random_seed,
            num_trials=1,
            spec={**self._config, **self._how},
            data=self._described_data(),
            labels=sorted(self._config["pipeline"].get("head", {}).get("labels") or []),
            code=code_digest(),
            provenance=origin,
            tracking={member.tracker: member.options for member in self._members},
        )
        self._journal.append("search", at=self._started, **header.to_record())
        tell_changes(self._journal, origin)
        self._journal.append(
            "trial",
            _TRIAL,
            at=self._started,
            run=run_id(self._id, _TRIAL),
            params={},
            config=self._config,
            seed=self._trainer.random_seed,
        )

    def _described_data(self) -> dict[str, dict[str, Any]]:
        root = self._project.root
        return {role: _described(data, root) for role, data in self._data.items() if data is not None}

    def _close(self, status: Status) -> None:
        self._ended = True
        self._journal.append("end", status=status, best_trial=_TRIAL)
        self._journal.close()
        pipeline = self._pipeline()
        if pipeline is not None and _OPEN.get(pipeline) is self:
            del _OPEN[pipeline]

    def mirror(self) -> None:
        """Bring the trackers up to the journal; what is left is a warning with the command for it."""
        address = f"{self._experiment}@{self._id}"
        with _impatient_mlflow():
            outcomes = mirror(self.folder, self._project)
        for outcome in outcomes:
            if outcome.error is not None:
                warnings.warn(
                    f"{outcome.remaining} points of {address} are not in {outcome.tracker} "
                    f"({outcome.error}); `toolkit sync {shlex.quote(address)}` ships them",
                    stacklevel=4,
                )


# The trainings that have not ended, by pipeline.
_OPEN: weakref.WeakKeyDictionary[Any, _Recording] = weakref.WeakKeyDictionary()


@contextmanager
def _impatient_mlflow() -> Iterator[None]:
    """MLflow's client would try an absent server for minutes in one call; the mirror tries again itself."""
    name = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
    before = os.environ.get(name)
    os.environ.setdefault(name, "0")
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]


def _described(data: Any, root: Path) -> dict[str, Any]:
    """Path, digest and rows of a data set, as far as it tells them."""
    path = getattr(data, "path", None)
    known = {
        "path": within(root, str(path)) if isinstance(path, str | Path) else None,
        "sha256": getattr(data, "digest", None),
        "rows": len(data),
    }
    return {key: value for key, value in known.items() if value is not None}


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _now() -> int:
    return time.time_ns() // 1_000_000
