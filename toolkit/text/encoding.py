"""A whole data set as index arrays, made once and then only read.

Each distinct word of the data set stands there once, with its index and its characters; a text is a
list of positions in that table. Batches, the encoder of characters and evaluation all live off this:
a word that occurs in three texts of a batch is read by the character encoder once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toolkit.configuration import Features
from toolkit.errors import DataError
from toolkit.text.tokenizer import Tokenizer
from toolkit.text.vocabulary import UNKNOWN_INDEX, Vocabulary

Indices = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class EncodedDataset:
    """The index arrays of N texts with T words, D of them distinct with C characters; numpy only.

    Distinct words are ordered from the longest to the shortest. Pickles; its arrays may be read-only.
    """

    word_index: Indices  # (D) index in the vocabulary's namespace `word`
    char_offsets: Indices  # (D + 1) where the characters of a word start in char_index
    char_index: Indices  # (C) index in the vocabulary's namespace `char`
    token_offsets: Indices  # (N + 1) where the words of a text start in tokens
    tokens: Indices  # (T) position in the table of distinct words
    labels: Indices | None  # (N) position among the sorted labels; None where they are unknown

    def __len__(self) -> int:
        return len(self.token_offsets) - 1


class Encoder:
    """Turns texts into an `EncodedDataset` with one tokenizer, one vocabulary and one set of labels."""

    def __init__(
        self, tokenizer: Tokenizer, vocabulary: Vocabulary, features: Features, labels: Sequence[str]
    ) -> None:
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary
        self._features = features
        self._labels = {label: index for index, label in enumerate(labels)}

    def encode(self, texts: Sequence[str], labels: Sequence[str] | None = None) -> EncodedDataset:
        """Encode the texts, with their labels where they are known.

        Raises:
            DataError: a label that the model does not know; the message lists all of them.

        A text without any word becomes the one word "unknown".
        """
        known = None if labels is None else self._label_indices(labels)
        keys: dict[tuple[str, str], int] = {}
        tokens: list[int] = []
        offsets = [0]
        for text in texts:
            tokens += [
                keys.setdefault(self._key(token), len(keys)) for token in self._tokenizer(text) or [""]
            ]
            offsets.append(len(tokens))
        return self._assemble(list(keys), np.asarray(tokens, np.int32), np.asarray(offsets, np.int32), known)

    def _key(self, token: str) -> tuple[str, str]:
        """What the features see of a word: two words with the same key are one row of the table."""
        word, char = self._features.word, self._features.char
        return (
            "" if word is None else token.lower() if word.lowercase_tokens else token,
            "" if char is None else token.lower() if char.lowercase_characters else token,
        )

    def _assemble(
        self, keys: list[tuple[str, str]], tokens: Indices, offsets: Indices, labels: Indices | None
    ) -> EncodedDataset:
        lengths = np.asarray([max(len(characters), 1) for _, characters in keys], np.int32)
        longest_first = np.argsort(-lengths, kind="stable")
        position = np.empty(len(keys), np.int32)
        position[longest_first] = np.arange(len(keys), dtype=np.int32)
        ordered = [keys[index] for index in longest_first]
        return EncodedDataset(
            word_index=np.asarray([self._vocabulary.index("word", word) for word, _ in ordered], np.int32),
            char_offsets=np.concatenate([[0], np.cumsum(lengths[longest_first])]).astype(np.int32),
            char_index=np.asarray(
                [i for _, characters in ordered for i in self._characters(characters)], np.int32
            ),
            token_offsets=offsets,
            tokens=position[tokens] if len(keys) else tokens,
            labels=labels,
        )

    def _characters(self, word: str) -> list[int]:
        return [self._vocabulary.index("char", character) for character in word] or [UNKNOWN_INDEX]

    def _label_indices(self, labels: Sequence[str]) -> Indices:
        unknown = sorted(set(labels) - self._labels.keys())
        if unknown:
            raise DataError(
                f"the data has labels that the model does not know: {', '.join(map(repr, unknown))}; "
                f"it knows {', '.join(map(repr, self._labels))}"
            )
        return np.asarray([self._labels[label] for label in labels], np.int32)
