"""Batches of an encoded data set, made from row numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toolkit.text.encoding import EncodedDataset
from toolkit.text.sequences import Sequences, pack

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Batch:
    """The arrays of B texts with T words, U of them distinct.

    The texts stand in the order of `rows`, the longest first.
    """

    rows: Rows  # (B) row numbers in the data set
    labels: NDArray[np.int64] | None  # (B)
    words: Sequences  # B sequences of positions in word_index and distinct
    word_index: NDArray[np.int64]  # (T) vocabulary index of every word, text after text
    distinct: NDArray[np.int64]  # (T) which distinct word each one is
    characters: Sequences  # U sequences of positions in char_index
    char_index: NDArray[np.int64]  # (C) vocabulary index of the characters of the distinct words


def make_batch(data: EncodedDataset, rows: Rows) -> Batch:
    """The batch of these rows, which must be at least one."""
    lengths = data.token_offsets[rows + 1] - data.token_offsets[rows]  # (B)
    order = np.argsort(-lengths, kind="stable")
    rows, lengths = rows[order], lengths[order].astype(np.int64)
    tokens = data.tokens[_ranges(data.token_offsets[rows], lengths)]  # (T)
    # Sorted positions in the table of distinct words: the longest word comes first.
    unique, distinct = np.unique(tokens, return_inverse=True)  # (U), (T)
    char_starts = data.char_offsets[unique]
    char_lengths = (data.char_offsets[unique + 1] - char_starts).astype(np.int64)
    return Batch(
        rows=rows,
        labels=None if data.labels is None else data.labels[rows].astype(np.int64),
        words=pack(_starts(lengths), lengths),
        word_index=data.word_index[tokens].astype(np.int64),
        distinct=distinct.astype(np.int64),
        characters=pack(_starts(char_lengths), char_lengths),
        char_index=data.char_index[_ranges(char_starts, char_lengths)].astype(np.int64),
    )


def shuffled_batches(data: EncodedDataset, size: int, order: Rows) -> Iterator[Batch]:
    """Every row once, in the given order, `size` rows a batch; the last one may be smaller."""
    for start in range(0, len(order), size):
        yield make_batch(data, order[start : start + size])


def batches_by_length(data: EncodedDataset, size: int) -> Iterator[Batch]:
    """Every row once, texts of similar length together: less work where the order does not matter."""
    lengths = data.token_offsets[1:] - data.token_offsets[:-1]
    yield from shuffled_batches(data, size, np.argsort(-lengths, kind="stable"))


def _starts(lengths: Rows) -> Rows:
    return np.cumsum(lengths) - lengths


def _ranges(starts: NDArray[np.int32], lengths: Rows) -> Rows:
    """The numbers start, start + 1, ... of every range, one range after the other."""
    return np.arange(int(lengths.sum())) + np.repeat(starts - _starts(lengths), lengths)
