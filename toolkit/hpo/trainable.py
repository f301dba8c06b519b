"""One trial as Ray runs it: a class, so that a worker process serves many trials one after the other."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from ray import tune

from toolkit.errors import ModelError
from toolkit.hpo.ray_spaces import TRIAL_INDEX
from toolkit.hpo.trial_files import TrialFiles
from toolkit.pipeline import EncodedSplits
from toolkit.runs import Point
from toolkit.training import Training

REPORT = "toolkit"
"""Key of a result under which a trial says what of it belongs into the journal."""

_CHECKPOINT = "epochs.json"


@dataclass(frozen=True)
class Past:
    """What a trial did before this process began, as the search's journal has it.

    Attributes:
        points: its epochs, provisional ones included.
        ended: it needs no more training.
    """

    points: tuple[Point, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class TrialInputs:
    """What every trial of a search is given besides its configuration.

    Attributes:
        texts: key of a text configuration -> data, which lies once in shared memory.
        keys: trial number -> its key.
        configs: trial number -> configuration with its seed.
        past: trial number -> what it did before.
    """

    texts: Mapping[str, EncodedSplits]
    keys: tuple[str, ...]
    configs: tuple[Mapping[str, Any], ...]
    past: Mapping[int, Past] = field(default_factory=dict)


class TrialTrainable(tune.Trainable):
    """Trains a pipeline one epoch a step, on one thread.

    The configuration that Ray passes says only which trial this is: the rest was planned beforehand.

    After each epoch it writes the state of the training into the trial's folder, and a model where the
    epoch is the best so far. What was trained before, by whichever process, is reported again, not trained
    again: from the journal, or from that state where the journal never heard of it.
    """

    def setup(self, config: dict[str, Any], inputs: TrialInputs) -> None:
        # Results are equal to the last bit only at an equal number of threads.
        torch.set_num_threads(1)
        self._inputs = inputs
        self._begin(config[TRIAL_INDEX])

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        """Serve another trial in the same process; Ray then calls this instead of `setup`."""
        self._begin(new_config[TRIAL_INDEX])
        return True

    def _begin(self, number: int) -> None:
        self._number, self._epochs = number, 0
        self._past = self._inputs.past.get(number, Past())
        self._training: Training | None = None
        self._seconds: dict[int, float] = {}
        # `trial_fs_path` equals `trial.path` on the driver; files in the working folder never get there.
        self._files = TrialFiles(Path(self._storage.trial_fs_path).parent, number)

    def step(self) -> dict[str, Any]:
        """Train one epoch.

        Returns:
            The metrics, `training_iteration` (epochs so far), `done` when the trial is over, and under
            `REPORT` what the journal needs: epoch (from 0), step, seconds, whether the training finished
            by its own rules, names of the metrics.
        """
        epoch, self._epochs = self._epochs, self._epochs + 1
        known = self._past.points
        point = known[epoch] if epoch < len(known) else self._trained(epoch)
        over = point.last or (self._past.ended and self._epochs == len(known))
        report = {
            "epoch": epoch,
            "step": point.step,
            "seconds": point.seconds,
            "finished": point.last,
            "metrics": list(point.metrics),
        }
        return {**point.metrics, "training_iteration": self._epochs, "done": over, REPORT: report}

    def _trained(self, epoch: int) -> Point:
        """The epoch as it was trained, or as it is trained now, with the ones before it if need be."""
        if self._training is None:
            self._training = self._start()
        training = self._training
        while training.epochs_done <= epoch:
            self._train_epoch(training)
        updates = training.step // training.epochs_done
        return Point(
            epoch=epoch,
            step=updates * (epoch + 1),
            metrics=training.history[epoch],
            t=0,
            seconds=self._seconds.get(epoch),
            last=training.finished and epoch == training.epochs_done - 1,
        )

    def _start(self) -> Training:
        """The training, where the trial's folder has its state from there on, else from its first epoch."""
        state = self._files.state
        if state.is_dir():
            training = self._new_training()
            with suppress(ModelError):  # torn by a machine that lost its power
                training.load(state)
                return training
        return self._new_training()

    def _new_training(self) -> Training:
        data = self._inputs.texts[self._inputs.keys[self._number]]
        self._pipeline, training = data.start(self._inputs.configs[self._number])
        return training

    def _train_epoch(self, training: Training) -> None:
        started = time.perf_counter()
        training.epoch()
        # An epoch that the journal knows has its model: now it may be worse than a later one's.
        if training.improved and training.epochs_done > len(self._past.points):
            model = self._files.epoch_model(training.epochs_done - 1)
            self._pipeline.save(model, training.best_weights, training.best_metrics)
        training.save(self._files.state)
        self._seconds[training.epochs_done - 1] = round(time.perf_counter() - started, 4)

    def save_checkpoint(self, checkpoint_dir: str) -> None:
        """Write down how many epochs were reported: the state itself lies in the trial's folder."""
        (Path(checkpoint_dir) / _CHECKPOINT).write_text(json.dumps({"epochs": self._epochs}))

    def load_checkpoint(self, checkpoint: str | dict[str, Any] | None) -> None:
        assert isinstance(checkpoint, str)  # `save_checkpoint` writes a folder, so Ray passes one
        self._epochs = json.loads((Path(checkpoint) / _CHECKPOINT).read_text())["epochs"]
