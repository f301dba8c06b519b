"""Packed sequences, held against the definition."""

import numpy as np
import pytest

from toolkit.text.sequences import pack


@pytest.mark.parametrize("lengths", [[1], [3], [5, 5, 3, 1, 1], [2, 2], [4, 1]])
def test_pack(lengths: list[int]) -> None:
    starts = np.cumsum(lengths) - lengths + 7
    positions, sequences = pack(starts, np.asarray(lengths))
    elements = [(n, t) for t in range(lengths[0]) for n, length in enumerate(lengths) if t < length]
    where = {element: position for position, element in enumerate(elements)}
    assert positions.tolist() == [starts[n] + t for n, t in elements]
    assert sequences.sizes == [sum(length > t for length in lengths) for t in range(lengths[0])]
    assert sequences.mirror.tolist() == [where[n, lengths[n] - 1 - t] for n, t in elements]
    assert sequences.last.tolist() == [where[n, length - 1] for n, length in enumerate(lengths)]
    assert sequences.previous.tolist() == [where[n, t - 1] for n, t in elements if t > 0]
