"""Batches of an encoded data set, made from row numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toolkit.text.encoding import EncodedDataset
from toolkit.text.sequences import Positions, Sequences, pack


@dataclass(frozen=True, eq=False)
class Batch:
    """The arrays of B texts with T words, U of them distinct with C characters.

    The texts stand in the order of `rows`, the longest first; words and characters are packed.
    """

    rows: Positions  # (B) row numbers in the data set
    labels: Positions | None  # (B)
    words: Sequences  # B sequences of T words
    word_index: Positions  # (T) index in the vocabulary
    distinct: Positions  # (T) which of the U distinct words it is
    characters: Sequences  # U sequences of C characters
    char_index: Positions  # (C) index in the vocabulary


def make_batch(data: EncodedDataset, rows: Positions) -> Batch:
    """The batch of these rows, which must be at least one."""
    rows = rows[np.argsort(-_lengths(data.token_offsets, rows), kind="stable")]
    positions, words = pack(data.token_offsets[rows], _lengths(data.token_offsets, rows))
    tokens = data.tokens[positions]  # (T)
    # Distinct words are numbered from the longest to the shortest, so sorted numbers are packable.
    unique, distinct = np.unique(tokens, return_inverse=True)  # (U), (T)
    positions, characters = pack(data.char_offsets[unique], _lengths(data.char_offsets, unique))
    return Batch(
        rows=rows,
        labels=None if data.labels is None else data.labels[rows].astype(np.int64),
        words=words,
        word_index=data.word_index[tokens].astype(np.int64),
        distinct=distinct.astype(np.int64, copy=False),
        characters=characters,
        char_index=data.char_index[positions].astype(np.int64),
    )


def batches(data: EncodedDataset, size: int, order: Positions) -> Iterator[Batch]:
    """The rows in the given order, `size` a batch; the last batch may be smaller."""
    for start in range(0, len(order), size):
        yield make_batch(data, order[start : start + size])


def batches_by_length(data: EncodedDataset, size: int) -> Iterator[Batch]:
    """Every row once, texts of similar length together: less work where the order does not matter."""
    lengths = _lengths(data.token_offsets, np.arange(len(data)))
    yield from batches(data, size, np.argsort(-lengths, kind="stable"))


def _lengths(offsets: NDArray[np.int32], which: NDArray[np.integer]) -> Positions:
    return (offsets[which + 1] - offsets[which]).astype(np.int64)
