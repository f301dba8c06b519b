"""A batch of index arrays -> the tensors that the model takes."""

import torch
from numpy.typing import NDArray
from torch import Tensor

from toolkit.nn import Inputs, Packed
from toolkit.text import Batch, Sequences


def to_inputs(batch: Batch, device: torch.device) -> Inputs:
    """The inputs of the model on the device; on the CPU they share the memory of the batch."""
    return Inputs(
        words=_packed(batch.words, device),
        word_index=to_tensor(batch.word_index, device),
        distinct=to_tensor(batch.distinct, device),
        characters=_packed(batch.characters, device),
        char_index=to_tensor(batch.char_index, device),
    )


def to_tensor(array: NDArray, device: torch.device) -> Tensor:
    """The array on the device."""
    return torch.from_numpy(array).to(device)


def _packed(sequences: Sequences, device: torch.device) -> Packed:
    arrays = (sequences.mirror, sequences.last, sequences.previous)
    return Packed(sequences.sizes, *(to_tensor(array, device) for array in arrays))
