"""What the model takes: the index tensors of one batch."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Packed:
    """N sequences, the longest first, packed step by step into P elements without padding.

    The first `sizes[0]` elements are the first steps of all sequences, the next `sizes[1]` the
    second steps of those that have one, and so on.
    """

    sizes: list[int]  # (longest)
    mirror: Tensor  # (P) position of the element that the backward direction reads at this step
    last: Tensor  # (N) position of each sequence's last step
    previous: Tensor  # (P - N) position of the step before, for all but the first steps


@dataclass(frozen=True, eq=False)
class Inputs:
    """B texts with T words, U of them distinct with C characters."""

    words: Packed  # B sequences, T elements
    word_index: Tensor  # (T) vocabulary index of a word
    distinct: Tensor  # (T) which distinct word it is
    characters: Packed  # U sequences, C elements
    char_index: Tensor  # (C) vocabulary index of a character
