"""Training: the loop, its optimizer, metrics and checkpoints, and the archive of a trained model."""

from toolkit.training.logger import BaseTrainLogger
from toolkit.training.metrics import metric_names
from toolkit.training.results import TrainingResults
from toolkit.training.training import Training

__all__ = ["BaseTrainLogger", "Training", "TrainingResults", "metric_names"]
