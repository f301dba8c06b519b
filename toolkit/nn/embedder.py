"""Words -> vectors: an embedding of the word, its characters read one by one, or both joined."""

import torch
from torch import Tensor, nn

from toolkit.configuration import CharFeatures, Features, WordFeatures
from toolkit.nn.inputs import Inputs
from toolkit.nn.recurrent import RecurrentEncoder

PADDING_INDEX = 0


def embedding(count: int, dim: int) -> nn.Embedding:
    """A table (count, dim), uniform after Glorot and Bengio (2010) as AllenNLP has it; padding is zero."""
    table = nn.Embedding(count, dim, padding_idx=PADDING_INDEX)
    nn.init.xavier_uniform_(table.weight)
    with torch.no_grad():
        table.weight[PADDING_INDEX] = 0
    return table


class WordEmbedder(nn.Module):
    """(T) words -> (T, embedding_dim)."""

    def __init__(self, config: WordFeatures, count: int) -> None:
        super().__init__()
        self.embedding = embedding(count, config.embedding_dim)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, inputs: Inputs) -> Tensor:
        return self.dropout(self.embedding(inputs.word_index))


class CharEmbedder(nn.Module):
    """(T) words -> (T, output_dim), reading each distinct word once."""

    def __init__(self, config: CharFeatures, count: int) -> None:
        super().__init__()
        self.embedding = embedding(count, config.embedding_dim)
        self.encoder = RecurrentEncoder(config.embedding_dim, config.encoder)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, inputs: Inputs) -> Tensor:
        distinct = self.encoder(
            self.embedding.weight, inputs.char_index, inputs.characters
        )  # (U, output_dim)
        # Dropout comes after the gather: two occurrences of a word lose different entries.
        return self.dropout(distinct.index_select(0, inputs.distinct))


class Embedder(nn.Module):
    """(T) words -> (T, output_dim): the vectors of all features, joined."""

    def __init__(self, features: Features, words: int, characters: int) -> None:
        super().__init__()
        self.features = nn.ModuleDict()
        self.output_dim = 0
        if features.word is not None:
            self.features["word"] = WordEmbedder(features.word, words)
            self.output_dim += features.word.embedding_dim
        if features.char is not None:
            self.features["char"] = CharEmbedder(features.char, characters)
            self.output_dim += features.char.encoder.output_dim

    def forward(self, inputs: Inputs) -> Tensor:
        return torch.cat([feature(inputs) for feature in self.features.values()], -1)
