"""Which epoch is the best, and when patience ends."""

import math

import pytest

from toolkit.training.stopping import Best

NAN = math.nan


@pytest.mark.parametrize(
    ("values", "smaller", "best", "exhausted_at"),
    [
        ([3, 2, 1, 1, 1], True, 2, 4),  # as good is not better
        ([1, 2, 3], True, 0, 2),
        ([1, 2, 2, 3], False, 3, None),
        ([NAN, 5, NAN, NAN], True, 1, 3),
        ([NAN, NAN, NAN], False, 0, 2),
        ([math.inf, 1, 0], True, 2, None),
    ],
)
def test_best_and_patience(values: list[float], smaller: bool, best: int, exhausted_at: int | None) -> None:
    watch = Best(smaller_is_better=smaller, patience=2)
    exhausted = None
    for epoch, value in enumerate(values):
        watch.update(epoch, value)
        if watch.exhausted and exhausted is None:
            exhausted = epoch
    assert (watch.epoch, exhausted) == (best, exhausted_at)


def test_without_patience_nothing_is_exhausted() -> None:
    watch = Best(smaller_is_better=True, patience=None)
    for epoch in range(100):
        watch.update(epoch, epoch)
    assert not watch.exhausted
