"""Our recurrent encoder against torch.nn.GRU and torch.nn.LSTM: same weights, results and gradients."""

import itertools

import pytest
import torch
from torch import Tensor, nn

from toolkit.configuration import RecurrentConfiguration
from toolkit.nn.inputs import Packed
from toolkit.nn.recurrent import RecurrentEncoder

LENGTHS = [5, 5, 3, 1, 1]


def packed(lengths: list[int]) -> tuple[Packed, list[tuple[int, int]]]:
    """The packing of the lengths, made the slow way, and (sequence, step) of every element."""
    elements = [(n, t) for t in range(lengths[0]) for n, length in enumerate(lengths) if t < length]
    where = {element: position for position, element in enumerate(elements)}
    mirror = [where[n, lengths[n] - 1 - t] for n, t in elements]
    last = [where[n, length - 1] for n, length in enumerate(lengths)]
    previous = [where[n, t - 1] for n, t in elements if t > 0]
    sizes = [sum(length > t for length in lengths) for t in range(lengths[0])]
    return Packed(
        sizes, *(torch.tensor(values, dtype=torch.long) for values in (mirror, last, previous))
    ), elements


def reference(encoder: RecurrentEncoder, config: RecurrentConfiguration, dim: int) -> nn.Module:
    """torch's own layer with the weights of the encoder."""
    kind = nn.GRU if config.type == "gru" else nn.LSTM
    layer = kind(dim, config.hidden_size, config.num_layers, bidirectional=config.bidirectional).double()
    gates = [0, 1, 2] if config.type == "gru" else [0, 1, 3, 2]  # ours -> torch's order of gates

    def ordered(weight: Tensor) -> Tensor:
        blocks = (
            weight.T.reshape(len(gates), config.hidden_size, -1)
            if weight.dim() == 2
            else weight.reshape(len(gates), -1)
        )
        return blocks[gates].reshape(len(gates) * config.hidden_size, -1).squeeze(-1)

    with torch.no_grad():
        for number, ours in enumerate(encoder.layers):
            for direction, suffix in enumerate(["", "_reverse"][: 2 if config.bidirectional else 1]):
                pairs = {
                    "weight_ih": "weight_input",
                    "weight_hh": "weight_hidden",
                    "bias_ih": "bias_input",
                    "bias_hh": "bias_hidden",
                }
                for theirs, name in pairs.items():
                    getattr(layer, f"{theirs}_l{number}{suffix}").copy_(
                        ordered(getattr(ours, name)[direction])
                    )
    return layer


@pytest.mark.parametrize(
    ("kind", "layers", "bidirectional", "by_rows"),
    itertools.product(["gru", "lstm"], [1, 2], [False, True], [False, True]),
)
def test_equals_torch(kind: str, layers: int, bidirectional: bool, by_rows: bool) -> None:
    torch.manual_seed(0)
    config = RecurrentConfiguration(type=kind, hidden_size=4, num_layers=layers, bidirectional=bidirectional)
    encoder = RecurrentEncoder(3, config).double()
    packing, elements = packed(LENGTHS)
    rows = torch.randint(6, (len(elements),)) if by_rows else torch.arange(len(elements))
    table = torch.randn(6 if by_rows else len(elements), 3, dtype=torch.double, requires_grad=True)

    ours = encoder(table, rows if by_rows else None, packing)
    weights = torch.randn_like(ours)
    (gradient,) = torch.autograd.grad((ours * weights).sum(), table, retain_graph=True)

    layer = reference(encoder, config, 3)
    padded = torch.zeros(len(LENGTHS), LENGTHS[0], 3, dtype=torch.double)
    padded = padded.index_put(tuple(torch.tensor(elements).T), table[rows])
    bundle = nn.utils.rnn.pack_padded_sequence(padded.transpose(0, 1), torch.tensor(LENGTHS))
    states = layer(bundle)[1]
    states = states if kind == "gru" else states[0]  # (layers * D, N, H)
    theirs = states[-2 if bidirectional else -1 :].transpose(0, 1).flatten(1)
    (expected,) = torch.autograd.grad((theirs * weights).sum(), table)

    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradient, expected)


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_gradients_of_all_weights(kind: str) -> None:
    torch.manual_seed(0)
    config = RecurrentConfiguration(type=kind, hidden_size=2, num_layers=2, bidirectional=True)
    encoder = RecurrentEncoder(2, config).double()
    packing, elements = packed([3, 2, 1])
    table = torch.randn(len(elements), 2, dtype=torch.double)
    names, weights = zip(*encoder.named_parameters(), strict=True)

    def run(*values: Tensor) -> Tensor:
        return torch.func.functional_call(
            encoder, dict(zip(names, values, strict=True)), (table, None, packing)
        )

    assert torch.autograd.gradcheck(run, tuple(weight.detach().requires_grad_() for weight in weights))
