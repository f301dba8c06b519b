"""The training loop, one epoch at a time."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from toolkit.configuration import TrainerConfiguration
from toolkit.configuration.schema import InvalidField, nearest
from toolkit.errors import DataError
from toolkit.nn import TextClassifier
from toolkit.text import EncodedDataset, batches
from toolkit.training.checkpoint import read_state, write_state
from toolkit.training.determinism import deterministic, prepare
from toolkit.training.device import choose_device
from toolkit.training.evaluation import run_model
from toolkit.training.metrics import confusion_matrix, metric_names, validation_metrics
from toolkit.training.optimizer import make_optimizer
from toolkit.training.seeds import epoch_dropout, epoch_order
from toolkit.training.stopping import Best
from toolkit.training.tensors import to_inputs, to_tensor


class Training:
    """One training of one model, stepped epoch by epoch from outside.

    ::

        while not training.finished:
            metrics = training.epoch()

    The metrics of an epoch depend on the model's first weights, the data, the configuration and the
    number of threads, on nothing else: not on other random numbers, not on whether the training was
    saved and loaded in between.

    Args:
        model: trained in place, moved to the device.
        train: the encoded training data, labels included.
        valid: the encoded validation data; None trains without validation, to the last epoch.
        config: optimizer, budget and stopping rule.
        labels: the names of the labels, in the order of their indices.
        device: chosen from the configuration's `cuda_device` unless given.

    Attributes:
        history: the metrics of every epoch so far.

    Raises:
        ConfigurationError: the optimizer or the validation metric does not exist.
        DataError: no examples, or no labels.
    """

    def __init__(
        self,
        model: TextClassifier,
        train: EncodedDataset,
        valid: EncodedDataset | None,
        config: TrainerConfiguration,
        labels: Sequence[str],
        device: torch.device | None = None,
    ) -> None:
        self.device = choose_device(config.cuda_device) if device is None else device
        prepare(self.device)
        self.model = model.to(self.device)
        self.config = config
        self.labels = tuple(labels)
        self.epochs_done = 0
        self.step = 0
        self.best_weights: dict[str, Tensor] = {}
        self.best_metrics: dict[str, float] = {}
        self.history: list[dict[str, float]] = []
        self._train, self._gold = train, _labels(train, "training")
        self._valid, self._valid_gold = valid, None if valid is None else _labels(valid, "validation")
        self._best = Best.of(config)
        self._best_loss = math.nan
        self._weights = [weight for weight in self.model.parameters() if weight.requires_grad]
        self._optimizer = make_optimizer(config.optimizer, self._weights)
        self._check_metric()

    @property
    def finished(self) -> bool:
        """Whether the last epoch is trained or the patience is at its end."""
        return self.epochs_done >= self.config.num_epochs or self._best.exhausted

    @property
    def best_epoch(self) -> int | None:
        """The epoch, counted from 0, whose weights are the best so far; None before the first."""
        return self._best.epoch

    @property
    def improved(self) -> bool:
        """Whether the epoch trained last is the best so far."""
        return self.epochs_done > 0 and self._best.epoch == self.epochs_done - 1

    def epoch(self) -> dict[str, float]:
        """Train one epoch, validate, and give its metrics: plain numbers by name.

        Raises:
            ConfigurationError: the device has no deterministic form of an operation.
        """
        with deterministic(self.device):
            metrics = self._train_epoch()
            if self._valid is not None:
                metrics |= self._validate()
        self._remember(metrics)
        self.history.append(dict(metrics))
        return dict(metrics)

    def save(self, folder: str | Path) -> None:
        """Write everything that `load` needs to go on as if nothing had happened."""
        best = {"epoch": self._best.epoch, "value": self._best.value, "without": self._best.epochs_without}
        state = {
            "epochs_done": self.epochs_done,
            "step": self.step,
            "best": best | {"loss": self._best_loss},
            "best_metrics": self.best_metrics,
            "history": self.history,
            "model": self.model.state_dict(),
            "best_weights": self.best_weights,
            "optimizer": self._optimizer.state_dict(),
        }
        write_state(Path(folder), state)

    def load(self, folder: str | Path) -> None:
        """Go on from where the training that wrote the folder was.

        Raises:
            ModelError: the folder holds no state, or that of another model.
        """
        state = read_state(Path(folder), self.model, self.device)
        self.epochs_done, self.step = state["epochs_done"], state["step"]
        best = state["best"]
        self._best.epoch, self._best.value, self._best.epochs_without = (
            best["epoch"],
            best["value"],
            best["without"],
        )
        self._best_loss = best["loss"]
        self.best_metrics, self.best_weights = state["best_metrics"], state["best_weights"]
        self.history = state["history"]
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])

    def _train_epoch(self) -> dict[str, float]:
        size, count = self.config.batch_size, len(self._train)
        order = epoch_order(self.config.random_seed, self.epochs_done, count)
        order = order if self.config.shuffle else np.arange(count)
        total = torch.zeros((), dtype=torch.float64, device=self.device)
        hits = torch.zeros((), dtype=torch.int64, device=self.device)
        self.model.train()
        with epoch_dropout(self.config.random_seed, self.epochs_done, self.device):
            for batch in batches(self._train, size, order):
                gold = to_tensor(self._gold[batch.rows], self.device)  # (B)
                scores = self.model(to_inputs(batch, self.device))  # (B, L)
                loss = nn.functional.cross_entropy(scores, gold)
                self._update(loss)
                total += loss.detach() * len(gold)
                hits += (scores.detach().argmax(-1) == gold).sum()
        return {"training_loss": total.item() / count, "training_accuracy": hits.item() / count}

    def _update(self, loss: Tensor) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.config.gradient_clipping is not None:
            nn.utils.clip_grad_norm_(self._weights, self.config.gradient_clipping)
        self._optimizer.step()
        self.step += 1

    def _validate(self) -> dict[str, float]:
        assert self._valid is not None and self._valid_gold is not None
        outputs = run_model(self.model, self._valid)
        confusion = confusion_matrix(self._valid_gold, outputs.predicted, len(self.labels))
        loss = outputs.loss(self._valid_gold)
        return {"validation_loss": loss} | validation_metrics(confusion, self.labels)

    def _remember(self, metrics: dict[str, float]) -> None:
        if self._valid is None:
            # Without validation there is no better or worse: the last epoch is the one to keep.
            self._best.epoch, improved = self.epochs_done, True
        else:
            improved = self._best.update(self.epochs_done, metrics[self.config.metric])
            # Not min(): NaN must neither stay the best loss nor hide the ones after it.
            self._best_loss = float(np.fmin(self._best_loss, metrics["validation_loss"]))
            metrics["best_validation_loss"] = self._best_loss
        assert self._best.epoch is not None
        metrics["best_epoch"] = self._best.epoch
        if improved:
            self.best_weights = {
                name: value.detach().clone() for name, value in self.model.state_dict().items()
            }
            self.best_metrics = dict(metrics)
        self.epochs_done += 1

    def _check_metric(self) -> None:
        """Fail before the first epoch, not after it, when nobody computes the validation metric."""
        known = [name for name in metric_names(self.labels) if name.startswith("validation_")]
        if self._valid is not None and self.config.metric not in known:
            reason = (
                f"{self.config.metric!r} is no metric of a validation{nearest(self.config.metric, known)}"
            )
            raise InvalidField("validation_metric", reason)


def _labels(data: EncodedDataset, name: str) -> np.ndarray:
    if len(data) == 0:
        raise DataError(f"the {name} data has no examples")
    if data.labels is None:
        raise DataError(f"the {name} data has no labels")
    return data.labels.astype(np.int64)
