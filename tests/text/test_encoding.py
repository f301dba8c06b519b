"""Encoded data sets and their batches, held against the texts that they were made from."""

import pickle
from typing import Any

import numpy as np
import pytest

from tests.training.toy import toy_config, toy_data
from toolkit.configuration import PipelineConfiguration, VocabularyConfiguration
from toolkit.errors import DataError
from toolkit.text import (
    EncodedDataset,
    Encoder,
    Tokenizer,
    Vocabulary,
    batches,
    batches_by_length,
    make_batch,
)

DATA = toy_data(40)
CONFIG = PipelineConfiguration.from_dict(toy_config()).with_labels(DATA.labels)
TOKENIZER = Tokenizer(CONFIG.tokenizer)
VOCABULARY = Vocabulary.from_texts(
    VocabularyConfiguration(datasets=[DATA], min_count={"word": 2}), TOKENIZER, CONFIG.features
)


def encoder(**features: Any) -> Encoder:
    config = PipelineConfiguration.from_dict(toy_config() | ({"features": features} if features else {}))
    assert CONFIG.head.labels is not None
    return Encoder(TOKENIZER, VOCABULARY, config.features, CONFIG.head.labels)


def words(data: EncodedDataset, row: int) -> list[tuple[int, list[int]]]:
    """(word index, character indices) of every word of a text, read the slow way."""
    tokens = data.tokens[data.token_offsets[row] : data.token_offsets[row + 1]]
    spans = [(data.char_offsets[token], data.char_offsets[token + 1]) for token in tokens]
    return [
        (int(data.word_index[token]), data.char_index[start:end].tolist())
        for token, (start, end) in zip(tokens, spans, strict=True)
    ]


def test_holds_the_indices_of_every_word_and_character() -> None:
    data = encoder().encode(DATA.texts, DATA.labels)
    assert len(data) == 40
    assert data.labels is not None
    for row, text in enumerate(DATA.texts):
        lower = [token.lower() for token in TOKENIZER(text)]
        expected = [
            (VOCABULARY.index("word", token), [VOCABULARY.index("char", c) for c in token]) for token in lower
        ]
        assert words(data, row) == expected
        assert CONFIG.head.labels[data.labels[row]] == DATA.labels[row]  # type: ignore[index]


def test_every_distinct_word_stands_once_longest_first() -> None:
    data = encoder().encode(["aa b aa", "AA ccc"])
    assert len(data.word_index) == 3
    assert np.diff(data.char_offsets).tolist() == [3, 2, 1]
    assert data.labels is None


def test_words_that_only_one_feature_tells_apart_are_two() -> None:
    gru = {"type": "gru", "hidden_size": 2}
    word = {"embedding_dim": 2, "lowercase_tokens": True}
    char = {"embedding_dim": 2, "encoder": gru}
    assert len(encoder(word=word).encode(["Aa aa"]).word_index) == 1
    assert len(encoder(word=word, char=char).encode(["Aa aa"]).word_index) == 2


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_a_text_without_words_is_one_unknown_word(text: str) -> None:
    assert words(encoder().encode(["Hotel", text]), 1) == [(1, [1])]


def test_names_every_unknown_label() -> None:
    with pytest.raises(DataError, match=r"does not know: 'Kirchen', 'hotels'; it knows 'Friseure', 'Hotels'"):
        encoder().encode(["a", "b", "c"], ["hotels", "Hotels", "Kirchen"])


def test_pickles_and_may_be_read_only() -> None:
    data = pickle.loads(pickle.dumps(encoder().encode(DATA.texts, DATA.labels)))
    for array in vars(data).values():
        array.flags.writeable = False
    assert sum(len(batch.rows) for batch in batches_by_length(data, 7)) == 40


@pytest.mark.parametrize("rows", [[0], [3, 1, 2], [5, 5], list(range(40))])
def test_a_batch_holds_the_same_words(rows: list[int]) -> None:
    data = encoder().encode(DATA.texts, DATA.labels)
    batch = make_batch(data, np.asarray(rows))
    assert sorted(batch.rows) == sorted(rows)
    assert batch.labels is not None and data.labels is not None
    assert batch.labels.tolist() == data.labels[batch.rows].tolist()
    characters = unpack(batch.char_index, batch.characters.sizes)
    positions = unpack(np.arange(len(batch.word_index)), batch.words.sizes)
    for row, text in zip(batch.rows, positions, strict=True):
        found = [(int(batch.word_index[p]), characters[batch.distinct[p]]) for p in text]
        assert found == words(data, row)


def unpack(values: np.ndarray, sizes: list[int]) -> list[list[int]]:
    """The sequences of a packed list."""
    sequences: list[list[int]] = [[] for _ in range(sizes[0])]
    remaining = iter(values.tolist())
    for size in sizes:
        for sequence in sequences[:size]:
            sequence.append(next(remaining))
    return sequences


def test_batches_cover_every_row_once() -> None:
    data = encoder().encode(DATA.texts, DATA.labels)
    order = np.random.default_rng(0).permutation(40)
    made = list(batches(data, 16, order))
    assert [len(batch.rows) for batch in made] == [16, 16, 8]
    assert set(made[0].rows) == set(order[:16])
    by_length = [row for batch in batches_by_length(data, 16) for row in batch.rows]
    lengths = np.diff(data.token_offsets)[by_length]
    assert sorted(by_length) == list(range(40))
    assert (np.diff(lengths) <= 0).all()
