"""A gru or lstm over packed sequences whose last states are the result."""

import math

import torch
from torch import Tensor, nn

from toolkit.configuration import RecurrentConfiguration
from toolkit.nn.inputs import Packed
from toolkit.nn.recurrence import GruSteps, LstmSteps


class RecurrentEncoder(nn.Module):
    """Sequences of rows of a table -> one vector a sequence: the last states of all directions."""

    def __init__(self, input_dim: int, config: RecurrentConfiguration) -> None:
        super().__init__()
        dims = [input_dim] + [config.output_dim] * (config.num_layers - 1)
        self.layers = nn.ModuleList(RecurrentLayer(dim, config) for dim in dims)

    def forward(self, table: Tensor, rows: Tensor | None, packed: Packed) -> Tensor:
        """Read sequences of N.

        Args:
            table: (R, E) the vectors that occur.
            rows: (P) which of them each packed element is; None where the table is in packed order.
            packed: how the elements hang together.

        Returns:
            (N, output_dim)
        """
        for layer in self.layers:
            states = layer(table, rows, packed)  # (D, P, H)
            # The second direction stands where it arrived: bring its states to the elements it read.
            directions = [states[0], *(other.index_select(0, packed.mirror) for other in states[1:])]
            table, rows = torch.cat(directions, -1), None
        return states.index_select(1, packed.last).transpose(0, 1).flatten(1)


class RecurrentLayer(nn.Module):
    """One layer of a `RecurrentEncoder`, both directions side by side in each weight.

    As in torch.nn.GRU and torch.nn.LSTM there are two biases a gate, and every weight starts uniform
    in +-1/sqrt(hidden_size).
    """

    def __init__(self, input_dim: int, config: RecurrentConfiguration) -> None:
        super().__init__()
        self.is_gru = config.type == "gru"
        self.hidden_size = config.hidden_size
        directions = 2 if config.bidirectional else 1
        width = config.hidden_size * (3 if self.is_gru else 4)
        bound = 1 / math.sqrt(config.hidden_size)

        def weight(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(directions, *shape).uniform_(-bound, bound))

        self.weight_input = weight(input_dim, width)
        self.weight_hidden = weight(config.hidden_size, width)
        self.bias_input = weight(width)
        self.bias_hidden = weight(width)

    def forward(self, table: Tensor, rows: Tensor | None, packed: Packed) -> Tensor:
        """The states (D, P, H) after each step; the second direction's first step is a sequence's end."""
        bias = self.bias_input + self.bias_hidden  # (D, G)
        projected = [torch.addmm(b, table, w) for b, w in zip(bias, self.weight_input, strict=True)]  # (R, G)
        forward = projected[0] if rows is None else projected[0].index_select(0, rows)
        inputs = [forward]
        if len(projected) == 2:
            mirrored = packed.mirror if rows is None else rows[packed.mirror]
            inputs.append(projected[1].index_select(0, mirrored))
        steps = torch.stack(inputs)  # (D, P, G)
        if self.is_gru:
            bias_new = self.bias_hidden[:, 2 * self.hidden_size :]
            return GruSteps.apply(steps, self.weight_hidden, bias_new, packed)
        return LstmSteps.apply(steps, self.weight_hidden, packed)
