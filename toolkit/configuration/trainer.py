"""How a pipeline is trained."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.configuration.schema import (
    InvalidField,
    check_flag,
    check_whole,
    is_number,
    join,
    plain,
    put,
    read,
)


def _adam() -> dict[str, Any]:
    return {"type": "adam", "lr": 0.001}


@dataclass(frozen=True, kw_only=True)
class TrainerConfiguration:
    """Optimizer, budget and stopping rule of one training.

    Args:
        optimizer: `type` is a class of `torch.optim` in lower case (`adam`, `adamw`, `sgd`, ...), the
            other keys are its arguments; they are held against its signature before training starts.
        num_epochs: passes over the training data at most.
        batch_size: examples in one update of the weights.
        patience: stop after this many epochs without a better `validation_metric`; None never stops.
        validation_metric: what decides which epoch is best; a leading `-` says that smaller is
            better and `+` that larger is, without a sign smaller is better for a loss alone.
        gradient_clipping: longest the gradient may be (L2 norm over all weights), None for no limit.
        shuffle: a new order of the training data in each epoch.
        cuda_device: index of the GPU, -1 for the CPU; None takes a GPU when there is one.
        random_seed: weights, dropout and shuffling all derive from it; 0 or more.
    """

    optimizer: Mapping[str, Any] = field(default_factory=_adam)
    num_epochs: int = 20
    batch_size: int = 16
    patience: int | None = 2
    validation_metric: str = "-validation_loss"
    gradient_clipping: float | None = None
    shuffle: bool = True
    cuda_device: int | None = None
    random_seed: int = 42

    def __post_init__(self) -> None:
        put(self, "optimizer", _check_optimizer(self.optimizer))
        check_whole(self, "num_epochs", "batch_size")
        check_whole(self, "patience", optional=True)
        check_whole(self, "random_seed", least=0)
        check_whole(self, "cuda_device", least=-1, optional=True)
        check_flag(self, "shuffle")
        if not isinstance(self.validation_metric, str) or not self.metric:
            raise InvalidField("validation_metric", f"must name a metric, got {self.validation_metric!r}")
        clipping = self.gradient_clipping
        if clipping is not None and (not is_number(clipping) or clipping <= 0):
            raise InvalidField("gradient_clipping", f"must be a number above 0, got {clipping!r}")

    @classmethod
    def from_dict(cls, config: Mapping[str, Any]) -> "TrainerConfiguration":
        """Check a dictionary of plain values; `to_dict` gives it back with all defaults filled in."""
        return read(cls, config)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; what is None is left out."""
        return plain(self)

    @property
    def metric(self) -> str:
        """The validation metric without its sign."""
        return self.validation_metric.lstrip("+-")

    @property
    def smaller_is_better(self) -> bool:
        """Direction of the validation metric."""
        return self.validation_metric[0] == "-" or (
            self.validation_metric[0] != "+" and self.metric.endswith("loss")
        )


def _check_optimizer(optimizer: object) -> dict[str, Any]:
    if not isinstance(optimizer, Mapping):
        raise InvalidField("optimizer", f"must be a dictionary such as {_adam()}, got {optimizer!r}")
    kind = optimizer.get("type")
    if not isinstance(kind, str) or not kind:
        raise InvalidField("optimizer.type", f"must name an optimizer such as 'adam', got {kind!r}")
    rate = optimizer.get("lr", 1.0)
    if not is_number(rate) or rate <= 0:
        raise InvalidField("optimizer.lr", f"must be a number above 0, got {rate!r}")
    for key, value in optimizer.items():
        if not _is_plain(value):
            raise InvalidField(join("optimizer", str(key)), f"must be a plain value, got {value!r}")
    return dict(optimizer)


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, bool | str) or is_number(value)
