"""Sequences of different lengths, packed step by step so that no padding is ever computed.

N sequences, the longest first, lie in one list of P elements: all first elements, then all second
elements of the sequences that have one, and so on. A recurrent layer takes step t as one slice. The
second direction reads each sequence from its end and packs it the same way, so both directions take
their steps together and both end where `last` points.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sequences:
    """Where each element of the packed list comes from and goes to.

    `forward` and `backward` are positions in the flat list that `pack` was given.
    """

    sizes: list[int]  # (longest) how many sequences have a step t; never increasing
    forward: Positions  # (P) the element of sequence n at step t
    backward: Positions  # (P) the element of sequence n at step t counted from its end
    mirror: Positions  # (P) packed position of `backward`'s element in the forward direction
    last: Positions  # (N) packed position of the last step of each sequence
    previous: Positions  # (P - N) packed position of the step before, for all but the first steps


def pack(starts: Positions, lengths: Positions) -> Sequences:
    """Pack the sequences that start at `starts` (N) in a flat list; `lengths` (N) must never increase."""
    longest = int(lengths[0])
    step, number = np.nonzero(np.arange(longest)[:, None] < lengths)  # (P), (P)
    sizes = np.bincount(step, minlength=longest)  # (longest)
    offsets = np.cumsum(sizes) - sizes  # (longest) packed position where step t starts
    from_end = lengths[number] - 1 - step  # (P)
    first = len(lengths)
    return Sequences(
        sizes=sizes.tolist(),
        forward=starts[number] + step,
        backward=starts[number] + from_end,
        mirror=offsets[from_end] + number,
        last=offsets[lengths - 1] + np.arange(first),
        previous=offsets[step[first:] - 1] + number[first:],
    )
