"""The files of one trial: its model, the models of epochs that may yet count, the state it goes on from.

A trial may be trained beyond a rung before it is known whether that counts. So whoever trains writes a model
aside for each epoch that is better than those before it, and whoever keeps the journal makes it the trial's
model once the epoch counts.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from toolkit.runs.layout import trial_epoch_models, trial_model, trial_state


@dataclass(frozen=True)
class TrialFiles:
    """Where the files of a trial lie.

    Attributes:
        trials: the folder of the search's trials.
    """

    trials: Path
    number: int

    @property
    def model(self) -> Path:
        """The model of the best epoch that counts."""
        return trial_model(self.trials, self.number)

    @property
    def state(self) -> Path:
        """The state of the training after its last epoch; gone when the trial has ended."""
        return trial_state(self.trials, self.number)

    def epoch_model(self, epoch: int) -> Path:
        """The model of an epoch, counted from 0, of which it is not known yet whether it counts."""
        return trial_epoch_models(self.trials, self.number) / f"{epoch:05d}.tar.gz"

    def count(self, epoch: int) -> None:
        """The epoch counts: the model that was written for it, if there is one, is the trial's."""
        aside = self.epoch_model(epoch)
        if aside.is_file():
            aside.replace(self.model)

    def drop_model(self) -> None:
        """Remove the trial's model; nothing happens where there is none."""
        self.model.unlink(missing_ok=True)

    def clear(self) -> None:
        """The trial has ended: leave only its model."""
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.rmtree(trial_epoch_models(self.trials, self.number), ignore_errors=True)
