"""One trial as Ray runs it: a class, so that a worker process serves many trials one after the other."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from ray import tune

from toolkit.hpo.ray_spaces import TRIAL_INDEX
from toolkit.pipeline import EncodedSplits
from toolkit.runs.layout import trial_model

REPORT = "toolkit"
"""Key of a result under which a trial says what of it belongs into the journal."""


@dataclass(frozen=True)
class TrialInputs:
    """What every trial of a search is given besides its configuration.

    Attributes:
        texts: key of a text configuration -> data, which lies once in shared memory.
        keys: trial number -> its key.
        configs: trial number -> configuration with its seed.
    """

    texts: Mapping[str, EncodedSplits]
    keys: tuple[str, ...]
    configs: tuple[Mapping[str, Any], ...]


class TrialTrainable(tune.Trainable):
    """Trains a pipeline one epoch a step, on one thread, and keeps the best epoch's model.

    The configuration that Ray passes says only which trial this is: the rest was planned beforehand.
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
        config, data = self._inputs.configs[number], self._inputs.texts[self._inputs.keys[number]]
        self._pipeline, self._training = data.start(config)
        # `trial_fs_path` equals `trial.path` on the driver; files in the working folder never get there.
        storage = Path(self._storage.trial_fs_path)
        self._model = trial_model(storage.parent, number)

    def step(self) -> dict[str, Any]:
        """Train one epoch.

        Returns:
            The metrics, `done` when the training is over by its own rules, and under `REPORT` what the
            journal needs: epoch (from 0), step, seconds, whether it finished, names of the metrics.
        """
        started = time.perf_counter()
        metrics = self._training.epoch()
        if self._training.improved:
            self._pipeline.save(self._model, self._training.best_weights, self._training.best_metrics)
        report = {
            "epoch": self._training.epochs_done - 1,
            "step": self._training.step,
            "seconds": round(time.perf_counter() - started, 4),
            "finished": self._training.finished,
            "metrics": list(metrics),
        }
        return {**metrics, "done": self._training.finished, REPORT: report}

    def save_checkpoint(self, checkpoint_dir: str) -> None:
        """Write the whole state of the training, for pausing and for moving to another process."""
        self._training.save(Path(checkpoint_dir))

    def load_checkpoint(self, checkpoint: str | dict[str, Any] | None) -> None:
        assert isinstance(checkpoint, str)  # `save_checkpoint` writes a folder, so Ray passes one
        self._training.load(Path(checkpoint))
