"""Dense layers, each followed by its activation and its dropout."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from toolkit.configuration import FeedforwardConfiguration
from toolkit.configuration.head import ACTIVATIONS

_FUNCTIONS = {
    name: getattr(nn.functional, name) for name in ACTIVATIONS if name not in ("linear", "tanh", "sigmoid")
}
_FUNCTIONS |= {"linear": lambda tensor: tensor, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


class Feedforward(nn.Module):
    """(B, input_dim) -> (B, output_dim); no layers at all without a configuration."""

    def __init__(self, input_dim: int, config: FeedforwardConfiguration | None) -> None:
        super().__init__()
        dims = (input_dim,) if config is None else (input_dim, *config.hidden_dims)
        self.layers = nn.ModuleList(nn.Linear(before, after) for before, after in pairwise(dims))
        self.dropouts = nn.ModuleList(
            nn.Dropout(share) for share in (() if config is None else config.dropout)
        )
        self.activations = [] if config is None else [_FUNCTIONS[name] for name in config.activations]
        self.output_dim = dims[-1]

    def forward(self, vectors: Tensor) -> Tensor:
        for layer, activation, dropout in zip(self.layers, self.activations, self.dropouts, strict=True):
            vectors = dropout(activation(layer(vectors)))
        return vectors
