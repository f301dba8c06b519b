"""Random draws whose results are the same on every Python.

Only `random.Random(text).random()` is called: the one method whose sequence Python promises to keep.
Weights are integers, because sums of floats changed with Python 3.12; powers of floats differ
between C libraries, so skew comes from a product and a square root, both exactly rounded.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of draws that depends on its seed text alone."""

    def __init__(self, seed: str) -> None:
        self._uniform = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with the probability given."""
        return self._uniform() < probability

    def index(self, size: int) -> int:
        """One of 0 .. size-1, all equally likely."""
        return int(self._uniform() * size)

    def one_of(self, items: Sequence[T]) -> T:
        """One item, all equally likely."""
        return items[self.index(len(items))]

    def early_of(self, items: Sequence[T]) -> T:
        """One item, the earlier the likelier: a list sorted by frequency."""
        u = self._uniform()
        return items[int(len(items) * (u * math.sqrt(u)))]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + self.index(high - low + 1)

    def by_weight(self, cumulative: Sequence[int]) -> int:
        """An index, each as likely as its step in the running totals of integer weights."""
        return bisect_right(cumulative, self.index(cumulative[-1]))

    def shuffle(self, items: list[T]) -> None:
        """Put the items into random order, in place (Fisher-Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.index(last + 1)
            items[last], items[other] = items[other], items[last]
