"""Everything about a search that is known before its first epoch: id, trials, configurations, seeds.

A plan is a pure function of its arguments; two machines that plan the same search plan the same trials.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from toolkit.configuration import PipelineConfiguration, TrainerConfiguration, VocabularyConfiguration
from toolkit.configuration.digest import code_digest, digest_of, search_id
from toolkit.configuration.experiment import SearchConfiguration, check_trial
from toolkit.configuration.schema import nearest, plain, read
from toolkit.configuration.spaces import num_trials, trial_seed, with_plain_spaces
from toolkit.data import Dataset
from toolkit.data.splits import check_splits
from toolkit.errors import ConfigurationError
from toolkit.training.metrics import metric_names
from toolkit.training.optimizer import make_optimizer


@dataclass(frozen=True)
class PlannedTrial:
    """One trial before it runs.

    Attributes:
        number: from 0, in the order of sampling.
        params: dotted path -> sampled value.
        config: {"pipeline": ..., "trainer": ...} with a value everywhere, the seed included.
        text: key of the text configuration: trials with the same key see the same index arrays.
    """

    number: int
    params: dict[str, Any]
    config: dict[str, Any]
    text: str

    @property
    def seed(self) -> int:
        return self.config["trainer"]["random_seed"]


@dataclass(frozen=True)
class SearchPlan:
    """A search that could start now; see `plan_search`."""

    name: str
    configuration: Mapping[str, Any]
    vocabulary: VocabularyConfiguration
    search: SearchConfiguration
    train: Dataset
    valid: Dataset
    labels: tuple[str, ...]
    trials: tuple[PlannedTrial, ...]
    warnings: tuple[str, ...] = ()
    scheduled_by_caller: bool = False
    """Whether the scheduler is given to `tune.run`, which says nothing of it beforehand."""

    @cached_property
    def id(self) -> str:
        """12 hex digits of what is searched, on which data, with which code."""
        data = {"training": self.train.digest, "validation": self.valid.digest}
        return search_id(self.identity, data, code_digest())

    @property
    def identity(self) -> dict[str, Any]:
        """What the id is made of: number of trials, budget, resources and names do not enter."""
        search = plain(self.search)
        kept = {key: search[key] for key in ("metric", "mode", "seed", "scheduler")}
        if self.scheduled_by_caller:
            kept["scheduler"] = "given to tune.run"
        return {**self.spec, **kept, "searcher": "random"}

    @property
    def spec(self) -> dict[str, Any]:
        """Pipeline, trainer and vocabulary with their search spaces, as they would stand in a file."""
        return {**with_plain_spaces(self.configuration), "vocabulary": self.vocabulary.to_dict()}

    @property
    def max_epochs(self) -> int:
        """Most epochs that any of the trials may get."""
        return max(read(TrainerConfiguration, trial.config["trainer"]).num_epochs for trial in self.trials)


def plan_search(
    *,
    name: str,
    pipeline: Mapping[str, Any],
    trainer: Mapping[str, Any],
    vocabulary: Mapping[str, Any] | VocabularyConfiguration,
    search: SearchConfiguration,
    train: Dataset,
    valid: Dataset,
    test: Dataset | None = None,
) -> SearchPlan:
    """Check everything that can be checked before the first epoch, and plan every trial.

    Raises:
        ConfigurationError: a configuration or space that cannot be, at the first trial that has it; a
            metric that no training reports.
        DataError: labels of the validation data that the training data lacks, and what else
            `check_splits` refuses.
    """
    warnings = check_splits(train, valid, test)
    labels = _labels(pipeline, train)
    head = {**pipeline.get("head", {}), "labels": list(labels)}
    _check_metric(search.metric, labels)
    configuration = {"pipeline": {**pipeline, "head": head}, "trainer": _with_metric(trainer, search)}
    count = num_trials(configuration, search.num_samples)
    trials = tuple(_plan_trial(configuration, search.seed, number) for number in range(count))
    return SearchPlan(
        name=name,
        configuration=configuration,
        vocabulary=read(VocabularyConfiguration, vocabulary, "vocabulary"),
        search=search,
        train=train,
        valid=valid,
        labels=labels,
        trials=trials,
        warnings=tuple(warnings),
    )


def _labels(pipeline: Mapping[str, Any], train: Dataset) -> tuple[str, ...]:
    """Sorted: a set's order differs from process to process, and would give every search its own id."""
    given = pipeline.get("head", {}).get("labels")
    return tuple(sorted(set(train.labels if given is None else given)))


def _check_metric(metric: str, labels: tuple[str, ...]) -> None:
    known = [name for name in metric_names(labels) if name.startswith("validation_")]
    if metric not in known:
        shown = [name for name in known if "__" not in name]
        raise ConfigurationError(f"search.metric: no validation reports {metric!r}{nearest(metric, shown)}")


def _with_metric(trainer: Mapping[str, Any], search: SearchConfiguration) -> dict[str, Any]:
    """The trainer's configuration, which keeps the model of the epoch that the search ranks a trial by."""
    wanted = f"{'-' if search.mode == 'min' else '+'}{search.metric}"
    given = trainer.get("validation_metric", wanted)
    if given not in (wanted, search.metric):
        raise ConfigurationError(
            f"trainer.validation_metric: {given!r} would keep another epoch's model than the one that is "
            f"ranked: the search asks for {wanted!r}; leave it out, or change search.metric and search.mode"
        )
    return {**trainer, "validation_metric": wanted}


def _plan_trial(configuration: Mapping[str, Any], seed: int, number: int) -> PlannedTrial:
    try:
        sampled = check_trial(configuration, seed, number)
    except ConfigurationError as error:
        raise ConfigurationError(f"trial {number}: {error}") from None
    config = sampled.config
    config["trainer"].setdefault("random_seed", trial_seed(seed, number))
    _check_optimizer(config["trainer"], number)
    return PlannedTrial(number, sampled.params, config, text_key(config["pipeline"]))


def _check_optimizer(trainer: Mapping[str, Any], number: int) -> None:
    """Have torch take or refuse the optimizer's arguments now, not in the middle of the search."""
    optimizer = read(TrainerConfiguration, trainer, "trainer").optimizer
    try:
        make_optimizer(optimizer, [torch.nn.Parameter(torch.zeros(1))])
    except ConfigurationError as error:
        raise ConfigurationError(f"trial {number}: trainer.{error}") from None


def text_key(pipeline: Mapping[str, Any]) -> str:
    """Digest of what decides how texts become index arrays: tokenizer, letter case, which features."""
    config = plain(read(PipelineConfiguration, pipeline))
    features = {
        name: {key: value for key, value in feature.items() if key.startswith("lowercase_")}
        for name, feature in config["features"].items()
    }
    return digest_of({"tokenizer": config["tokenizer"], "features": features})[:12]
