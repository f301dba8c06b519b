"""Dictionaries and YAML of a pipeline, and what is said about those that cannot be."""

from pathlib import Path
from typing import Any

import pytest

from tests.training.toy import toy_config
from toolkit.configuration import (
    CharFeatures,
    FeedforwardConfiguration,
    PipelineConfiguration,
    TextClassification,
    WordFeatures,
)
from toolkit.configuration.head import ACTIVATIONS
from toolkit.errors import ConfigurationError

GRU = {"type": "gru", "hidden_size": 4}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The toy configuration with one value put in."""
    config = toy_config()
    inner: Any = config
    *parents, last = path.split(".")
    for key in parents:
        inner = inner[key]
    inner[last] = value
    return config


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("features.word.embeding_dim", 3, "did you mean 'embedding_dim'?"),
        ("featurs", {}, "did you mean 'features'?"),
        ("features.word.embedding_dim", 0, "whole number of at least 1, got 0"),
        ("features.word.embedding_dim", True, "whole number of at least 1, got True"),
        ("features.word.embedding_dim", 2.0, "whole number of at least 1, got 2.0"),
        ("features.word.lowercase_tokens", "yes", "true or false, got 'yes'"),
        ("features.char.dropout", 1.0, "from 0 to below 1, got 1.0"),
        ("features.char.dropout", float("nan"), "from 0 to below 1, got nan"),
        ("features.char.encoder.type", "gruu", "did you mean 'gru'?"),
        ("features.char.encoder", 7, "must be a dictionary"),
        ("features.word", "word", "must be a dictionary"),
        ("head.type", "TextClasification", "did you mean 'TextClassification'?"),
        ("head.labels", "abc", "must be a list of strings, got 'abc'"),
        ("head.labels", ["a", "a"], "at least two different labels"),
        ("head.labels", ["a", 1], "must be a list of strings, got 1 in it"),
        ("head.feedforward.hidden_dims", [], "one for all layers or a list"),
        ("head.feedforward.hidden_dims", [8, 8], "one value for each of 1 layers"),
        ("head.feedforward.activations", ["rely"], "did you mean 'relu'?"),
        ("head.feedforward.dropout", [-0.1], "numbers from 0 to below 1"),
        ("tokenizer.text_cleaning.rules", ["strip_space"], "did you mean 'strip_spaces'?"),
        ("name", " ", "must be a name"),
    ],
)
def test_names_the_path_of_what_cannot_be(path: str, value: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        PipelineConfiguration.from_dict(changed(path, value))
    assert str(caught.value).startswith(path)
    assert said in str(caught.value)


@pytest.mark.parametrize("path", ["features", "head.pooler", "features.char.encoder.hidden_size", "name"])
def test_names_the_path_of_what_is_missing(path: str) -> None:
    config = toy_config()
    inner: Any = config
    *parents, last = path.split(".")
    for key in parents:
        inner = inner[key]
    del inner[last]
    with pytest.raises(ConfigurationError, match=f"^{path}: is missing"):
        PipelineConfiguration.from_dict(config)


def test_needs_a_feature() -> None:
    with pytest.raises(ConfigurationError, match=r"^features: must hold 'word', 'char' or both"):
        PipelineConfiguration.from_dict(toy_config() | {"features": {}})


@pytest.mark.parametrize("labels", [None, ["b", "a", "b"]])
def test_dictionary_and_yaml_round_trip(labels: list[str] | None, tmp_path: Path) -> None:
    config = PipelineConfiguration.from_dict(changed("head.labels", labels))
    assert PipelineConfiguration.from_dict(config.to_dict()) == config
    path = tmp_path / "pipeline.yaml"
    path.write_text(config.to_yaml(), encoding="utf-8")
    assert PipelineConfiguration.from_yaml(path) == config


def test_labels_are_sorted_and_each_stands_once() -> None:
    config = PipelineConfiguration.from_dict(toy_config())
    assert config.head.labels is None
    assert "labels" not in config.to_dict()["head"]
    assert config.with_labels(["ü", "b", "a", "b"]).head.labels == ("a", "b", "ü")


def test_classes_take_dictionaries_as_dictionaries_do() -> None:
    char = CharFeatures(embedding_dim=4, encoder=GRU)  # type: ignore[arg-type]
    assert char.encoder.num_layers == 1
    with pytest.raises(ConfigurationError, match=r"^encoder\.hiden_size: .* 'hidden_size'"):
        CharFeatures(embedding_dim=4, encoder={"type": "gru", "hiden_size": 3})  # type: ignore[arg-type]
    assert WordFeatures.namespace == "word"


@pytest.mark.parametrize("values", [(8, "relu", 0.5), ([8], ["relu"], [0.5]), ((8, 8), ("relu",), 0.5)])
def test_feedforward_takes_one_value_or_a_list(values: tuple[Any, Any, Any]) -> None:
    dims, activations, dropout = values
    feedforward = FeedforwardConfiguration(
        num_layers=2, hidden_dims=dims, activations=activations, dropout=dropout
    )
    assert feedforward.hidden_dims == (8, 8)
    assert feedforward.activations == ("relu", "relu")
    assert feedforward.dropout == (0.5, 0.5)


def test_head_needs_no_feedforward() -> None:
    assert TextClassification(pooler=GRU).feedforward is None  # type: ignore[arg-type]
    assert "relu" in ACTIVATIONS


def test_yaml_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("name: x\nfeatures: [1,\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.yaml:\d+: is not YAML"):
        PipelineConfiguration.from_yaml(path)
    path.write_text("- a list\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="must hold a dictionary, got list"):
        PipelineConfiguration.from_yaml(path)
    with pytest.raises(ConfigurationError, match=r"absent\.yaml: cannot be read: No such file"):
        PipelineConfiguration.from_yaml(tmp_path / "absent.yaml")
    path.write_text("name: x\nfeatures: {wrd: {}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.yaml: .*"):
        PipelineConfiguration.from_yaml(path)


def test_yaml_is_read_as_dvc_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text(
        "name: on\n"
        "features: {word: {embedding_dim: 3, dropout: 1e-1}}\n"
        "head: {pooler: {type: gru, hidden_size: 2}}\n",
        encoding="utf-8",
    )
    config = PipelineConfiguration.from_yaml(path)
    assert config.name == "on"
    assert config.features.word is not None
    assert config.features.word.dropout == 0.1
