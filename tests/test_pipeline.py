"""A pipeline from its configuration to its predictions."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.cli.models import write_project
from tests.training.toy import toy_config, toy_data
from toolkit import Dataset, Pipeline, configuration
from toolkit.configuration import TrainerConfiguration, VocabularyConfiguration
from toolkit.errors import ConfigurationError, DataError, ModelError
from toolkit.text import Vocabulary
from toolkit.training import BaseTrainLogger, TrainingResults
from toolkit.training.archive import CONFIG, WEIGHTS, read_archive, write_archive

TRAIN, VALID = toy_data(80), toy_data(30, seed=1)
TRAINER = TrainerConfiguration(optimizer={"type": "adam", "lr": 0.02}, num_epochs=8, cuda_device=-1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pipeline, TrainingResults]:
    pipeline = Pipeline.from_config(toy_config())
    output = tmp_path_factory.mktemp("trained")
    return pipeline, pipeline.train(output, training=TRAIN, validation=VALID, trainer=TRAINER)


def test_number_of_parameters_is_the_reference_s() -> None:
    """The tutorial's model with a vocabulary of 52 words and 83 characters."""
    config: dict[str, Any] = toy_config()
    config["features"]["word"]["embedding_dim"] = 16
    config["features"]["char"]["embedding_dim"] = 16
    config["features"]["char"]["encoder"]["hidden_size"] = 32
    config["head"]["pooler"]["hidden_size"] = 16
    config["head"]["feedforward"]["hidden_dims"] = 16
    config["head"]["labels"] = [f"label {number}" for number in range(22)]
    pipeline = Pipeline.from_config(config)
    entries = {
        "word": [f"w{number}" for number in range(50)],
        "char": [chr(97 + number) for number in range(81)],
    }
    pipeline.use_vocabulary(Vocabulary(entries))
    assert pipeline.num_trainable_parameters == 22_070


def test_learns_and_predicts(trained: tuple[Pipeline, TrainingResults]) -> None:
    pipeline, results = trained
    prediction = pipeline.predict(text="Hotel Krone 7")
    assert prediction["labels"][0] == "Hotels"
    assert sorted(prediction["labels"]) == list(pipeline.labels)
    assert prediction["probabilities"] == sorted(prediction["probabilities"], reverse=True)
    assert sum(prediction["probabilities"]) == pytest.approx(1)
    assert results.metrics["validation_accuracy"] > 0.9
    assert pipeline.metrics == results.metrics


def test_evaluation_is_that_of_the_best_epoch(trained: tuple[Pipeline, TrainingResults]) -> None:
    pipeline, results = trained
    evaluation = pipeline.evaluate(VALID)
    assert evaluation.metrics["accuracy"] == results.metrics["validation_accuracy"]
    assert evaluation.metrics["loss"] == results.metrics["validation_loss"]
    assert sum(map(sum, evaluation.confusion)) == len(VALID)
    assert [row["label"] for row in evaluation.per_label] == list(evaluation.labels) == list(pipeline.labels)
    assert [row["support"] for row in evaluation.per_label] == list(map(sum, evaluation.confusion))
    json.dumps(evaluation.to_dict(), allow_nan=False)


def test_a_prediction_does_not_depend_on_its_company(trained: tuple[Pipeline, TrainingResults]) -> None:
    pipeline, _ = trained
    together = pipeline.predict_batch(VALID.texts)
    for text, prediction in zip(VALID.texts, together, strict=True):
        alone = pipeline.predict(text)
        assert alone["labels"] == prediction["labels"]
        assert alone["probabilities"] == pytest.approx(prediction["probabilities"], abs=1e-5)
    # One spelling for one text, whether the umlaut is one character or two.
    assert pipeline.predict("Müller") == pipeline.predict("Mu\u0308ller")


def test_archive_round_trip(trained: tuple[Pipeline, TrainingResults], tmp_path: Path) -> None:
    pipeline, results = trained
    again = Pipeline.from_pretrained(results.model_path)
    assert again.config == pipeline.config
    assert again.vocab == pipeline.vocab
    assert again.metrics == results.metrics
    assert again.predict_batch(VALID.texts) == pipeline.predict_batch(VALID.texts)
    assert again.save(tmp_path / "copy.tar.gz").read_bytes() == results.model_path.read_bytes()
    written = json.loads((results.model_path.parent / "metrics.json").read_text(encoding="utf-8"))
    assert written == results.metrics


def test_the_same_call_gives_the_same_model(
    trained: tuple[Pipeline, TrainingResults], tmp_path: Path
) -> None:
    torch.rand(3)
    results = Pipeline.from_config(toy_config()).train(
        tmp_path, training=TRAIN, validation=VALID, trainer=TRAINER
    )
    assert results.metrics == trained[1].metrics
    assert results.model_path.read_bytes() == trained[1].model_path.read_bytes()


def test_training_goes_on_from_the_weights_there_are(
    trained: tuple[Pipeline, TrainingResults], tmp_path: Path
) -> None:
    pipeline = Pipeline.from_pretrained(trained[1].model_path)
    results = pipeline.train(
        tmp_path, training=TRAIN, validation=VALID, trainer=TrainerConfiguration(num_epochs=1, cuda_device=-1)
    )
    assert results.metrics["validation_loss"] < trained[1].metrics["validation_loss"] * 1.5
    with pytest.raises(ModelError, match="weights already"):
        pipeline.create_vocabulary(VocabularyConfiguration(datasets=[TRAIN]))


LIMITS = VocabularyConfiguration(min_count={"word": 2})


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        (None, {}),
        (LIMITS, {"min_count": {"word": 2}}),
        (LIMITS.with_datasets([TRAIN]), {"min_count": {"word": 2}}),
        (LIMITS.with_datasets([TRAIN, TRAIN]), None),
        (LIMITS.with_datasets([VALID]), None),
    ],
)
def test_a_vocabulary_of_the_training_data_alone_can_be_made_again(
    tmp_path: Path, given: VocabularyConfiguration | None, limits: dict[str, Any] | None
) -> None:
    pipeline, trainer = Pipeline.from_config(toy_config()), dataclasses.replace(TRAINER, num_epochs=1)
    pipeline.train(tmp_path, training=TRAIN, trainer=trainer, vocab_config=given)
    assert pipeline.vocab_limits == limits
    pipeline.train(tmp_path, training=TRAIN, trainer=trainer)  # goes on from its weights
    assert pipeline.vocab_limits is None


class Recorder(BaseTrainLogger):
    def __init__(self, name: str, calls: list[tuple[Any, ...]]) -> None:
        self.name, self.calls = name, calls

    def init_train(self, pipeline: Any, trainer_configuration: Any, training: Any, validation: Any) -> None:
        assert pipeline.num_trainable_parameters > 0
        self.calls.append((self.name, "init", trainer_configuration, training, validation))

    def log_epoch_metrics(self, epoch: int, metrics: Any) -> None:
        self.calls.append((self.name, epoch, metrics["validation_loss"]))

    def end_train(self, results: TrainingResults) -> None:
        assert results.model_path.is_file()
        self.calls.append((self.name, "end", results.metrics["best_epoch"]))


def test_loggers_are_called_in_their_order(tmp_path: Path) -> None:
    calls: list[tuple[Any, ...]] = []
    config = TrainerConfiguration(num_epochs=2, cuda_device=-1)
    results = Pipeline.from_config(toy_config()).train(
        tmp_path,
        training=TRAIN,
        validation=VALID,
        trainer=config,
        loggers=[Recorder("a", calls), BaseTrainLogger(), Recorder("b", calls)],
    )
    steps = [call[:2] for call in calls]
    assert steps == [(name, step) for step in ("init", 0, 1, "end") for name in ("a", "b")]
    assert calls[0][2:] == (config, TRAIN, VALID)
    assert calls[4][2] == results.metrics["validation_loss"]


def test_the_archive_holds_the_best_epoch_not_the_last(tmp_path: Path) -> None:
    # A larger loss counts as better here: the first epoch is the best one.
    config = TrainerConfiguration(
        optimizer={"type": "adam", "lr": 0.02},
        num_epochs=4,
        validation_metric="+validation_loss",
        patience=None,
    )
    pipeline = Pipeline.from_config(toy_config())
    results = pipeline.train(tmp_path, training=TRAIN, validation=VALID, trainer=config)
    assert results.metrics["best_epoch"] < 3
    loaded = Pipeline.from_pretrained(results.model_path)
    for each in (pipeline, loaded):
        assert each.evaluate(VALID).metrics["loss"] == results.metrics["validation_loss"]


@pytest.mark.parametrize("feature", ["word", "char"])
@pytest.mark.parametrize("pooler", [{"type": "lstm", "num_layers": 2}, {"bidirectional": False}])
def test_other_architectures_train(feature: str, pooler: dict[str, Any], tmp_path: Path) -> None:
    config = toy_config(**pooler)
    config["features"] = {feature: config["features"][feature]}
    del config["head"]["feedforward"]
    results = Pipeline.from_config(config).train(
        tmp_path, training=TRAIN, trainer=TrainerConfiguration(num_epochs=1)
    )
    assert 0 < results.metrics["training_loss"] < 2
    assert len(Pipeline.from_pretrained(results.model_path).predict("Hotel")["labels"]) == 3


def test_vocabulary_comes_from_where_it_is_told(tmp_path: Path) -> None:
    pipeline = Pipeline.from_config(toy_config())
    pipeline.create_vocabulary(VocabularyConfiguration(sources=[TRAIN], max_vocab_size={"word": 5}))
    assert pipeline.vocab.size("word") == 7
    limits = VocabularyConfiguration(min_count={"word": 1000})
    pipeline.train(tmp_path, training=TRAIN, trainer=TrainerConfiguration(num_epochs=1), vocab_config=limits)
    assert pipeline.vocab.size("word") == 2


def test_says_what_is_missing() -> None:
    pipeline = Pipeline.from_config(toy_config())
    with pytest.raises(ModelError, match="no vocabulary yet"):
        pipeline.predict("Hotel")
    pipeline.create_vocabulary(VocabularyConfiguration(datasets=[TRAIN]))
    with pytest.raises(ModelError, match="no labels yet"):
        _ = pipeline.num_trainable_parameters
    pipeline.use_vocabulary(pipeline.vocab, labels=["b", "a"])
    assert pipeline.labels == ("a", "b")
    with pytest.raises(ModelError, match="no weights yet: call train or from_pretrained"):
        pipeline.predict("Hotel")
    with pytest.raises(ModelError, match="no weights yet"):
        pipeline.save("model.tar.gz")


@pytest.mark.parametrize("text", ["", "  \n", None, 3])
def test_refuses_a_text_that_is_none(trained: tuple[Pipeline, TrainingResults], text: Any) -> None:
    with pytest.raises(DataError, match="text 1: must be a string that is not blank"):
        trained[0].predict_batch(["Hotel", text])


def test_refuses_unknown_labels(trained: tuple[Pipeline, TrainingResults], tmp_path: Path) -> None:
    data = Dataset.from_dict({"text": ["a", "b"], "label": ["Hotels", "Kirchen"]})
    with pytest.raises(DataError, match="does not know: 'Kirchen'"):
        trained[0].evaluate(data)
    with pytest.raises(DataError, match="does not know: 'Kirchen'"):
        Pipeline.from_config(toy_config()).train(tmp_path, training=TRAIN, validation=data)
    assert list(tmp_path.iterdir()) == []


def test_refuses_an_unknown_optimizer_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"optimizer\.type: 'adan'"):
        Pipeline.from_config(toy_config()).train(
            tmp_path, training=TRAIN, trainer=TrainerConfiguration(optimizer={"type": "adan"})
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("member", "content", "said"),
    [
        (CONFIG, b"name: [", "is no model that this version can read: config.yaml:"),
        (CONFIG, b"name: x", "features: is missing"),
        (CONFIG, b"\xff", "is no model that this version can read"),
        (WEIGHTS, b"xx", "is no model that this version can read"),
        ("vocabulary.json", b'{"word": [], "char": []}', "the weights do not fit the configuration"),
        ("metrics.json", b"{", "is no model that this version can read"),
    ],
)
def test_refuses_archives_that_do_not_fit_together(
    trained: tuple[Pipeline, TrainingResults], tmp_path: Path, member: str, content: bytes, said: str
) -> None:
    members = read_archive(trained[1].model_path) | {member: content}
    path = write_archive(tmp_path / "model.tar.gz", members)
    with pytest.raises(ModelError, match=rf"model\.tar\.gz: .*{said}"):
        Pipeline.from_pretrained(path)


def test_from_config_takes_a_file(tmp_path: Path) -> None:
    config = Pipeline.from_config(toy_config()).config
    path = tmp_path / "pipeline.yaml"
    path.write_text(config.to_yaml(), encoding="utf-8")
    assert Pipeline.from_config(path).config == Pipeline.from_config(str(path)).config == config
    assert Pipeline.from_config(config).config is config
    assert repr(Pipeline.from_config(config)) == "Pipeline('toy', untrained)"


def test_the_page_about_it_runs_and_names_every_key(project: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "pipeline.md").read_text(encoding="utf-8")
    train, valid = (write_project(project).parent / "data" / name for name in ("train.csv", "valid.csv"))
    folder = project / "data" / "business-names"
    folder.mkdir()
    for path in (train, valid):
        path.rename(folder / path.name)
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, names)
    assert names["metrics"]["best_epoch"] in (0, 1)
    for cls in (TrainerConfiguration, VocabularyConfiguration, *configuration_classes()):
        for field in dataclasses.fields(cls):
            assert f"`{field.name}`" in page or f".{field.name}`" in page or f"`{field.name}=" in page, (
                field.name
            )


def configuration_classes() -> list[Any]:
    features = (configuration.WordFeatures, configuration.CharFeatures, configuration.RecurrentConfiguration)
    return [*features, configuration.FeedforwardConfiguration, configuration.TextCleaning]
