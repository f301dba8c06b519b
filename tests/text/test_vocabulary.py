"""Entries and their indices."""

from types import SimpleNamespace
from typing import Any

import pytest

from toolkit.configuration import Features, TokenizerConfiguration, VocabularyConfiguration
from toolkit.errors import ConfigurationError, ModelError
from toolkit.text import Tokenizer, Vocabulary

GRU = {"type": "gru", "hidden_size": 2}
BOTH = {"word": {"embedding_dim": 2}, "char": {"embedding_dim": 2, "encoder": GRU}}
TEXTS = ["cc bb", "bb aa", "bb Aa"]


def vocabulary(features: dict[str, Any], **limits: Any) -> Vocabulary:
    config = VocabularyConfiguration(datasets=[SimpleNamespace(texts=TEXTS)], **limits)
    return Vocabulary.from_texts(config, Tokenizer(TokenizerConfiguration()), Features(**features))


def test_frequent_entries_come_first_and_ties_by_code_point() -> None:
    made = vocabulary(BOTH)
    assert made.entries("word") == ("<padding>", "<unknown>", "bb", "Aa", "aa", "cc")
    assert made.entries("char")[2:] == ("b", "a", "c", "A")
    assert [made.index("word", word) for word in ("bb", "cc", "dd", "<padding>x")] == [2, 5, 1, 1]
    assert (made.size("word"), made.size("char")) == (6, 6)


def test_letter_case_is_the_feature_s() -> None:
    lower = {
        "word": {"embedding_dim": 2, "lowercase_tokens": True},
        "char": {"embedding_dim": 2, "encoder": GRU, "lowercase_characters": True},
    }
    assert vocabulary(lower).entries("word")[2:] == ("bb", "aa", "cc")
    assert vocabulary(lower).entries("char")[2:] == ("b", "a", "c")


def test_limits() -> None:
    assert vocabulary(BOTH, min_count={"word": 2}).entries("word")[2:] == ("bb",)
    assert vocabulary(BOTH, max_vocab_size={"word": 2}).entries("word")[2:] == ("bb", "Aa")
    assert vocabulary(BOTH, max_vocab_size=1).size("char") == 3


def test_a_namespace_without_feature_is_empty() -> None:
    assert vocabulary({"word": BOTH["word"]}).size("char") == 2
    assert vocabulary({"char": BOTH["char"]}).size("word") == 2


def test_json_round_trip() -> None:
    made = vocabulary(BOTH)
    assert Vocabulary.from_json(made.to_json()) == made
    assert hash(Vocabulary.from_json(made.to_json())) == hash(made)
    assert vocabulary(BOTH, max_vocab_size=1) != made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold the namespaces word, char"),
        ('{"word": []}', "must hold the namespaces word, char"),
        ('{"word": [1], "char": []}', "'word' must be a list of strings"),
        ('{"word": [], "char": ["a", "a"]}', "'char' holds an entry twice"),
    ],
)
def test_refuses_what_is_no_vocabulary(text: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        Vocabulary.from_json(text)


def test_needs_data() -> None:
    with pytest.raises(ConfigurationError, match="needs a data set"):
        Vocabulary.from_texts(
            VocabularyConfiguration(), Tokenizer(TokenizerConfiguration()), Features(**BOTH)
        )
