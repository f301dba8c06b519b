"""The limits of a vocabulary."""

from types import SimpleNamespace
from typing import Any

import pytest

from toolkit.configuration import VocabularyConfiguration, WordFeatures
from toolkit.errors import ConfigurationError

DATA = SimpleNamespace(texts=["a b"])


@pytest.mark.parametrize("name", ["datasets", "sources"])
def test_datasets_have_two_names(name: str) -> None:
    assert VocabularyConfiguration(**{name: [DATA]}).datasets == (DATA,)


def test_one_number_is_for_every_namespace() -> None:
    config = VocabularyConfiguration(datasets=[DATA], min_count={WordFeatures.namespace: 3}, max_vocab_size=5)
    assert (config.most("word"), config.most("char")) == (5, 5)
    assert (config.least("word"), config.least("char")) == (3, 1)
    assert VocabularyConfiguration().most("word") is None


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"min_count": {"wrd": 1}}, "min_count.wrd: is no namespace, did you mean 'word'?"),
        ({"min_count": {"word": 0}}, "min_count.word: must be a whole number of at least 1"),
        ({"min_count": 3}, "min_count: must be a dictionary"),
        ({"max_vocab_size": 0}, "max_vocab_size.word: must be"),
        ({"max_vocab_size": True}, "max_vocab_size: must be a dictionary"),
        ({"mincount": {}}, "mincount: is no key of VocabularyConfiguration, did you mean 'min_count'?"),
        ({"datasets": ["train.csv"]}, "datasets.0: must be a data set with texts"),
        ({"datasets": [DATA], "sources": [DATA]}, "sources: is another name for 'datasets'"),
    ],
)
def test_says_what_cannot_be(config: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        VocabularyConfiguration.from_dict(config)
    assert str(caught.value).startswith(said)


def test_round_trip_leaves_the_data_out() -> None:
    config = VocabularyConfiguration(datasets=[DATA], min_count={"word": 2}, max_vocab_size={"char": 9})
    assert config.to_dict() == {"min_count": {"word": 2}, "max_vocab_size": {"char": 9}}
    again = VocabularyConfiguration.from_dict(config.to_dict())
    assert again.datasets == ()
    assert again.with_datasets([DATA]) == config
