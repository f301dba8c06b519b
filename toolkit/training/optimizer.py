"""The optimizer that a configuration asks for, by the name of its class in torch."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from toolkit.configuration.schema import InvalidField, nearest

# By name in lower case. LBFGS wants its loss again and again, SparseAdam sparse gradients, and Muon
# matrices only: none of them fits the loop.
_CLASSES: dict[str, type[torch.optim.Optimizer]] = {
    name.lower(): value
    for name, value in vars(torch.optim).items()
    if inspect.isclass(value)
    and issubclass(value, torch.optim.Optimizer)
    and name not in ("Optimizer", "LBFGS", "SparseAdam", "Muon")
}
# What has a fast implementation for the CPU: one pass over memory instead of one an operation.
_FUSED = ("adam", "adamw", "sgd", "adagrad")
# Arguments that change how the computation runs, not what it computes, and that we choose.
_OURS = ("params", "foreach", "fused", "capturable", "differentiable", "maximize")


def check_optimizer(optimizer: Mapping[str, Any]) -> type[torch.optim.Optimizer]:
    """The class for `{"type": "adam", "lr": ...}`.

    Raises:
        ConfigurationError: no such optimizer in torch, a key that it does not take, or a flag where a
            number must be and the other way round.
    """
    kind = optimizer["type"].lower()
    if kind not in _CLASSES:
        raise InvalidField(
            "optimizer.type", f"{optimizer['type']!r} is no optimizer{nearest(kind, _CLASSES)}"
        )
    parameters = inspect.signature(_CLASSES[kind].__init__).parameters
    accepted = {name: parameters[name].default for name in parameters if name not in ("self", *_OURS)}
    for key, value in optimizer.items():
        if key == "type":
            continue
        if key not in accepted:
            raise InvalidField(f"optimizer.{key}", f"{kind} does not take it{nearest(key, accepted)}")
        _check_flag(key, value, accepted[key])
    return _CLASSES[kind]


def _check_flag(key: str, value: object, default: object) -> None:
    """Torch would take true for the number 1, and any text for true."""
    if isinstance(value, bool) != isinstance(default, bool):
        wanted = "true or false" if isinstance(default, bool) else "a number, as its default is"
        raise InvalidField(f"optimizer.{key}", f"must be {wanted}, got {value!r}")


def make_optimizer(optimizer: Mapping[str, Any], weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimizer over these weights.

    Raises:
        ConfigurationError: as `check_optimizer`, or torch refuses a value.
    """
    cls = check_optimizer(optimizer)
    arguments = {key: value for key, value in optimizer.items() if key != "type"}
    if optimizer["type"].lower() in _FUSED:
        arguments["fused"] = True
    try:
        return cls(weights, **arguments)
    except (ValueError, TypeError, RuntimeError, IndexError, OverflowError) as error:
        raise InvalidField("optimizer", f"torch refuses {dict(optimizer)}: {error}") from None
