"""The hooks into a training: derive from `BaseTrainLogger` to watch it, report it, store it."""

from typing import TYPE_CHECKING, Any

from toolkit.configuration import TrainerConfiguration
from toolkit.training.results import TrainingResults

if TYPE_CHECKING:
    from collections.abc import Mapping


class BaseTrainLogger:
    """Called by `Pipeline.train`: before the first epoch, after every epoch, and once at the end.

    Override what you need; each method does nothing here. Loggers are called in the order of the
    list. What a logger raises ends the training.
    """

    def init_train(
        self, pipeline: Any, trainer_configuration: TrainerConfiguration, training: Any, validation: Any
    ) -> None:
        """Before the first epoch, with the pipeline and the two data sets (`validation` may be None)."""

    def log_epoch_metrics(self, epoch: int, metrics: "Mapping[str, float]") -> None:
        """After each epoch; `epoch` counts from 0, `metrics` holds plain numbers by name."""

    def end_train(self, results: TrainingResults) -> None:
        """After the last epoch, when the model is written."""

    def fail_train(self, error: BaseException) -> None:
        """Instead of `end_train` when the training raises, Ctrl-C included; the error goes on after it."""
