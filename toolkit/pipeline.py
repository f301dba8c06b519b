"""`Pipeline`: from a configuration to a trained model and its predictions.

It holds the parts together and no algorithm: `configuration` says what is wanted, `text` turns strings
into indices, `nn` indices into scores, `training` fits the weights and reads and writes models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from toolkit.configuration import PipelineConfiguration, TrainerConfiguration, VocabularyConfiguration
from toolkit.errors import DataError, ModelError
from toolkit.nn import TextClassifier, build
from toolkit.text import EncodedDataset, Encoder, Tokenizer, Vocabulary
from toolkit.training import BaseTrainLogger, Training, TrainingResults
from toolkit.training.evaluation import Evaluation, Outputs, evaluate, run_model
from toolkit.training.output_folder import make_output_folder
from toolkit.training.saved_model import SavedModel, metrics_json

MODEL_FILE, METRICS_FILE = "model.tar.gz", "metrics.json"


class LabelledTexts(Protocol):
    """What a pipeline needs of a data set, such as `toolkit.Dataset`."""

    @property
    def texts(self) -> Sequence[str]: ...

    @property
    def labels(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class EncodedSplits:
    """Data for all trainings with one text configuration, and the vocabulary of the training data.

    Made by `of`; `start` begins a training on them. A search's trials and a replay of one go this way.
    """

    vocabulary: Vocabulary
    train: EncodedDataset
    valid: EncodedDataset | None

    @classmethod
    def of(
        cls,
        pipeline: Mapping[str, Any],
        vocabulary: VocabularyConfiguration,
        train: LabelledTexts,
        valid: LabelledTexts | None,
    ) -> "EncodedSplits":
        """Encode both data sets as this pipeline, which names its labels, sees them.

        Args:
            vocabulary: limits of the vocabulary; the texts that it counts are the training data's.

        Raises:
            ConfigurationError: the pipeline's configuration cannot be.
            DataError: a label that the pipeline does not name.
        """
        made = Pipeline.from_config(dict(pipeline))
        made.create_vocabulary(vocabulary.with_datasets([train]))
        return cls(made.vocab, made.encode(train), None if valid is None else made.encode(valid))

    def start(self, config: Mapping[str, Any]) -> "tuple[Pipeline, Training]":
        """A fresh pipeline and its training that has not begun.

        Args:
            config: `{"pipeline": ..., "trainer": ...}`, with a value everywhere.

        Raises:
            ConfigurationError: the configuration cannot be.
        """
        pipeline = Pipeline.from_config(dict(config["pipeline"])).use_vocabulary(self.vocabulary)
        trainer = TrainerConfiguration.from_dict(config["trainer"])
        return pipeline, pipeline.start_training(self.train, self.valid, trainer)


class Pipeline:
    """A text classifier from its configuration to its predictions.

    Made by `from_config` or `from_pretrained`. A pipeline from a configuration gets its vocabulary, its
    labels and its first weights at the latest when it is trained.
    """

    def __init__(self, config: PipelineConfiguration, vocabulary: Vocabulary | None = None) -> None:
        self._config = config
        self._vocabulary = vocabulary
        self._tokenizer = Tokenizer(config.tokenizer)
        self._model: TextClassifier | None = None
        self._metrics: Mapping[str, float] = {}
        self._vocab_limits: dict[str, Any] | None = None

    @classmethod
    def from_config(cls, config: PipelineConfiguration | Mapping[str, Any] | str | Path) -> "Pipeline":
        """A pipeline without vocabulary and weights, from a configuration, its dictionary or a YAML file.

        Raises:
            ConfigurationError: the message names the dotted path of what cannot be.
        """
        if isinstance(config, str | Path):
            config = PipelineConfiguration.from_yaml(config)
        return cls(PipelineConfiguration.from_dict(config))

    @classmethod
    def from_pretrained(cls, path: str | Path) -> "Pipeline":
        """The trained pipeline in a `model.tar.gz`, on the CPU.

        Raises:
            ModelError: no such file, or it is no archive of a model, or it is damaged.
        """
        saved = SavedModel.read(path)
        if saved.config.head.labels is None:
            raise ModelError(f"{path}: its configuration has no labels")
        pipeline = cls(saved.config, saved.vocabulary)
        pipeline._metrics = saved.metrics
        model = pipeline._build(seed=0)
        try:
            model.load_state_dict(saved.weights)
        except RuntimeError as error:
            raise ModelError(f"{path}: the weights do not fit the configuration: {error}") from None
        pipeline._model = model
        return pipeline

    @property
    def config(self) -> PipelineConfiguration:
        """The configuration, with the labels as soon as they are known."""
        return self._config

    @property
    def vocab(self) -> Vocabulary:
        """The vocabulary.

        Raises:
            ModelError: there is none yet.
        """
        if self._vocabulary is None:
            raise ModelError("the pipeline has no vocabulary yet: call create_vocabulary or train")
        return self._vocabulary

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, sorted: the order of everything that has one value a label.

        Raises:
            ModelError: they are not known yet.
        """
        if self._config.head.labels is None:
            raise ModelError("the pipeline has no labels yet: name them in head.labels or train it")
        return self._config.head.labels

    @property
    def metrics(self) -> Mapping[str, float]:
        """The metrics of the epoch that the weights are from; empty before a training."""
        return self._metrics

    @property
    def vocab_limits(self) -> dict[str, Any] | None:
        """What a record of the latest `train` needs to repeat it besides configurations, data and threads.

        The limits of the vocabulary that it made of its training data alone. None where it took one that
        was there or named other data sets; it may have gone on from weights then.
        """
        return self._vocab_limits

    @property
    def num_trainable_parameters(self) -> int:
        """How many numbers training adjusts; needs vocabulary and labels."""
        if self._model is not None:
            return self._model.num_trainable_parameters
        with torch.device("meta"):
            return self._build(seed=0).num_trainable_parameters

    def create_vocabulary(self, config: VocabularyConfiguration) -> None:
        """Make the vocabulary from the texts of the configuration's data sets.

        Raises:
            ConfigurationError: there is no data set.
            ModelError: the pipeline has weights, which belong to the vocabulary that it has.
        """
        self.use_vocabulary(Vocabulary.from_texts(config, self._tokenizer, self._config.features))

    def use_vocabulary(self, vocabulary: Vocabulary, labels: Sequence[str] | None = None) -> "Pipeline":
        """Take a vocabulary that is there already, and the labels unless the configuration names them.

        Raises:
            ModelError: the pipeline has weights, which belong to the vocabulary that it has.
        """
        if self._model is not None:
            raise ModelError(
                "the pipeline has weights already, and they belong to the vocabulary that it has"
            )
        self._vocabulary = vocabulary
        if labels is not None and self._config.head.labels is None:
            self._config = self._config.with_labels(labels)
        return self

    def encode(self, dataset: LabelledTexts) -> EncodedDataset:
        """The data set as index arrays, for `start_training`: encode once, train on it many times.

        Raises:
            DataError: it has labels that the pipeline does not know.
        """
        return self._encoder().encode(dataset.texts, dataset.labels)

    def start_training(
        self,
        training: EncodedDataset,
        validation: EncodedDataset | None = None,
        trainer: TrainerConfiguration | None = None,
    ) -> Training:
        """A training of this pipeline's weights, to be stepped epoch by epoch.

        A pipeline without weights gets them from the trainer's random seed; one that has weights goes
        on from them.
        """
        config = TrainerConfiguration() if trainer is None else trainer
        if self._model is None:
            self._model = self._build(config.random_seed)
        return Training(self._model, training, validation, config, self.labels)

    def train(
        self,
        output: str | Path,
        *,
        training: LabelledTexts,
        validation: LabelledTexts | None = None,
        trainer: TrainerConfiguration | None = None,
        loggers: Sequence[BaseTrainLogger] = (),
        vocab_config: VocabularyConfiguration | None = None,
    ) -> TrainingResults:
        """Train, and keep the weights of the best epoch.

        Args:
            output: folder for `model.tar.gz`, written whenever an epoch is the best so far, and
                `metrics.json`, that epoch's metrics.
            training: the labels come from it unless the configuration names them.
            validation: without it, the last epoch counts as the best.
            trainer: the defaults of `TrainerConfiguration` unless given.
            loggers: called in this order; `fail_train` instead of `end_train` when the training raises.
            vocab_config: makes the vocabulary, from the training data unless it names data sets;
                without it, a pipeline that has no vocabulary makes one from the training data.

        Raises:
            ConfigurationError, DataError: before the first epoch.
            ModelError: the output cannot be a folder; before the first epoch too.
        """
        config = TrainerConfiguration() if trainer is None else trainer
        self._prepare(training, vocab_config)
        encoded = None if validation is None else self.encode(validation)
        run = self.start_training(self.encode(training), encoded, config)
        model_path = make_output_folder(output) / MODEL_FILE
        try:
            for logger in loggers:
                logger.init_train(self, config, training, validation)
            self._run_training(run, model_path, loggers)
        except BaseException as error:
            for logger in loggers:
                logger.fail_train(error)
            raise
        results = TrainingResults(model_path, run.best_metrics)
        for logger in loggers:
            logger.end_train(results)
        return results

    def _run_training(self, run: Training, model_path: Path, loggers: Sequence[BaseTrainLogger]) -> None:
        """Train to the end; the files and the weights are those of the best epoch."""
        while not run.finished:
            metrics = run.epoch()
            if run.improved:
                self.save(model_path, run.best_weights, run.best_metrics)
            for logger in loggers:
                logger.log_epoch_metrics(run.epochs_done - 1, metrics)
        self._use_weights(run.best_weights, run.best_metrics)
        model_path.with_name(METRICS_FILE).write_text(metrics_json(run.best_metrics), encoding="utf-8")

    def predict(self, text: str) -> dict[str, list[Any]]:
        """All labels of one text and their probabilities, the most probable first.

        Returns:
            `{"labels": [...], "probabilities": [...]}`

        Raises:
            ModelError: the pipeline is not trained.
            DataError: the text is blank.
        """
        return self.predict_batch([text])[0]

    def predict_batch(self, texts: Sequence[str]) -> list[dict[str, list[Any]]]:
        """`predict` for many texts at once."""
        for position, text in enumerate(texts):
            if not isinstance(text, str) or not text.strip():
                raise DataError(f"text {position}: must be a string that is not blank, got {text!r}")
        probabilities = self._run(self._encoder().encode(texts)).probabilities  # (N, L)
        ranked = np.argsort(-probabilities, axis=1, kind="stable")
        return [
            {"labels": [self.labels[index] for index in order], "probabilities": row[order].tolist()}
            for row, order in zip(probabilities, ranked, strict=True)
        ]

    def evaluate(self, dataset: LabelledTexts) -> Evaluation:
        """Metrics, confusion matrix and the scores of each label on a labelled data set.

        Raises:
            ModelError: the pipeline is not trained.
            DataError: the data set has no rows, or labels that the pipeline does not know.
        """
        encoded = self.encode(dataset)
        if encoded.labels is None or len(encoded) == 0:
            raise DataError("there is nothing to evaluate: the data has no rows")
        return evaluate(self._run(encoded), encoded.labels, self.labels)

    def save(
        self,
        path: str | Path,
        weights: Mapping[str, Tensor] | None = None,
        metrics: Mapping[str, float] | None = None,
    ) -> Path:
        """Write `model.tar.gz` with these weights and metrics, or with those that the pipeline has.

        Raises:
            ModelError: there are no weights.
        """
        weights = self._trained().state_dict() if weights is None else weights
        metrics = self._metrics if metrics is None else metrics
        return SavedModel(self._config, self.vocab, weights, metrics).write(path)

    def __repr__(self) -> str:
        state = "untrained" if self._model is None else f"{self.num_trainable_parameters:,} parameters"
        return f"Pipeline({self._config.name!r}, {state})"

    def _prepare(self, training: LabelledTexts, vocab_config: VocabularyConfiguration | None) -> None:
        if self._config.head.labels is None:
            self._config = self._config.with_labels(training.labels)
        self._vocab_limits = None
        if self._vocabulary is None or vocab_config is not None:
            config = VocabularyConfiguration() if vocab_config is None else vocab_config
            config = config if config.datasets else replace(config, datasets=(training,))
            self.create_vocabulary(config)
            if len(config.datasets) == 1 and config.datasets[0] is training:
                self._vocab_limits = config.to_dict()

    def _build(self, seed: int) -> TextClassifier:
        assert self.labels  # raises where they are not known
        return build(self._config, self.vocab.size("word"), self.vocab.size("char"), seed)

    def _encoder(self) -> Encoder:
        return Encoder(self._tokenizer, self.vocab, self._config.features, self.labels)

    def _trained(self) -> TextClassifier:
        if self._model is None:
            raise ModelError("the pipeline has no weights yet: call train or from_pretrained")
        return self._model

    def _run(self, data: EncodedDataset) -> Outputs:
        return run_model(self._trained(), data)

    def _use_weights(self, weights: Mapping[str, Tensor], metrics: Mapping[str, float]) -> None:
        self._trained().load_state_dict(weights)
        self._metrics = dict(metrics)
