"""Streams of random numbers."""

import torch

from toolkit.training.seeds import epoch_dropout, epoch_order

CPU = torch.device("cpu")


def drawn(seed: int, epoch: int) -> list[float]:
    with epoch_dropout(seed, epoch, CPU):
        return torch.rand(3).tolist()


def test_an_epoch_has_its_own_order() -> None:
    orders = [epoch_order(seed, epoch, 50).tolist() for seed in (0, 42) for epoch in (0, 1)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 4
    assert epoch_order(42, 1, 50).tolist() == orders[3]


def test_an_epoch_has_its_own_dropout() -> None:
    draws = [drawn(seed, epoch) for seed in (0, 42) for epoch in (0, 1)]
    assert len({tuple(draw) for draw in draws}) == 4
    torch.rand(5)
    assert drawn(42, 1) == draws[3]


def test_the_random_state_outside_stays() -> None:
    before = torch.random.get_rng_state()
    drawn(2**62, 3)
    assert torch.equal(torch.random.get_rng_state(), before)
