"""From the words of a text to one score a label: pooler, feedforward layers, labels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toolkit.configuration.recurrent import RecurrentConfiguration
from toolkit.configuration.schema import (
    InvalidField,
    check_one_of,
    check_whole,
    is_number,
    is_whole,
    names,
    nearest,
    nest,
    put,
)

ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu", "silu", "elu", "selu", "leaky_relu", "softplus", "linear")


@dataclass(frozen=True, kw_only=True)
class FeedforwardConfiguration:
    """Dense layers between pooler and labels.

    `hidden_dims`, `activations` and `dropout` take one value for all layers or a list with one for
    each; they are kept as tuples of `num_layers` values.
    """

    num_layers: int
    hidden_dims: tuple[int, ...]
    activations: tuple[str, ...] = ("relu",)
    dropout: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        check_whole(self, "num_layers")
        self._spread(
            "hidden_dims", lambda value: is_whole(value) and value >= 1, "whole numbers of at least 1"
        )
        self._spread("activations", lambda value: isinstance(value, str), "names of activations")
        self._spread(
            "dropout", lambda value: is_number(value) and 0 <= value < 1, "numbers from 0 to below 1"
        )
        for activation in self.activations:
            if activation not in ACTIVATIONS:
                raise InvalidField(
                    "activations", f"{activation!r} is no activation{nearest(activation, ACTIVATIONS)}"
                )

    def _spread(self, name: str, valid: Callable[[Any], bool], what: str) -> None:
        value = getattr(self, name)
        values = tuple(value) if isinstance(value, list | tuple) else (value,)
        if not values or not all(valid(item) for item in values):
            raise InvalidField(name, f"must be {what}, one for all layers or a list of them, got {value!r}")
        if len(values) == 1:
            values *= self.num_layers
        if len(values) != self.num_layers:
            raise InvalidField(
                name, f"must have one value for each of {self.num_layers} layers, got {value!r}"
            )
        put(self, name, values)


@dataclass(frozen=True, kw_only=True)
class TextClassification:
    """One label for each text.

    Args:
        pooler: turns the words of a text into one vector.
        feedforward: dense layers after the pooler; none unless given.
        labels: what can be predicted, at least two; kept sorted, each once. Absent means: from the
            training data.
        type: always `TextClassification`.
    """

    pooler: RecurrentConfiguration
    feedforward: FeedforwardConfiguration | None = None
    labels: tuple[str, ...] | None = None
    type: str = "TextClassification"

    def __post_init__(self) -> None:
        check_one_of(self, "type", ("TextClassification",))
        nest(self, "pooler", RecurrentConfiguration)
        nest(self, "feedforward", FeedforwardConfiguration, optional=True)
        if self.labels is not None:
            put(self, "labels", tuple(sorted(set(names(self, "labels")))))
            if len(self.labels) < 2:
                raise InvalidField(
                    "labels", f"must be at least two different labels, got {list(self.labels)}"
                )
