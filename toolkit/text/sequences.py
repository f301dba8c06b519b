"""Sequences of different lengths, packed step by step so that no padding is ever computed.

N sequences, the longest first, lie in one list of P elements: all first elements, then the second
elements of all sequences that have one, and so on. A recurrent layer takes step t as one slice. A
second direction reads each sequence from its end and packs it the same way, so that both directions
take their steps together and end at the same place.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sequences:
    """How a packed list hangs together; all positions are positions in it."""

    sizes: list[int]  # (longest) how many sequences have a step t; never increasing
    mirror: Positions  # (P) where the element lies that the other direction reads at this step
    last: Positions  # (N) the last step of each sequence
    previous: Positions  # (P - N) the step before, for all but the first steps


def pack(starts: NDArray[np.integer], lengths: Positions) -> tuple[Positions, Sequences]:
    """Pack sequences that lie one after the other in a flat list.

    Args:
        starts: (N) where each sequence starts in the flat list.
        lengths: (N) at least 1 each, never increasing.

    Returns:
        (P) the position in the flat list of every packed element, and the packing itself.
    """
    longest = int(lengths[0])
    step, number = np.nonzero(np.arange(longest)[:, None] < lengths)  # (P), (P)
    sizes = np.bincount(step, minlength=longest)  # (longest)
    offsets = np.cumsum(sizes) - sizes  # (longest) packed position where step t begins
    count = len(lengths)
    sequences = Sequences(
        sizes=sizes.tolist(),
        mirror=offsets[lengths[number] - 1 - step] + number,
        last=offsets[lengths - 1] + np.arange(count),
        previous=offsets[step[count:] - 1] + number[count:],
    )
    return starts[number] + step, sequences
