"""The experiment file: data, pipeline, trainer, search and tracking of one question, as YAML.

Search spaces stand inside `pipeline` and `trainer`, where the value would stand. The same file is DVC's
parameter file of its stage, so `dvc params diff` and `dvc exp run -S` work on it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toolkit.configuration.pipeline import PipelineConfiguration
from toolkit.configuration.schema import (
    InvalidField,
    check_one_of,
    check_whole,
    is_number,
    is_whole,
    nearest,
    nest,
    plain,
    put,
    read,
)
from toolkit.configuration.spaces import Sampled, find_spaces, sample
from toolkit.configuration.trainer import TrainerConfiguration
from toolkit.configuration.vocabulary import VocabularyConfiguration
from toolkit.configuration.yaml_text import from_yaml, read_yaml
from toolkit.errors import ConfigurationError

SCHEDULERS = ("asha", "median", "asha_async", "fifo")
# Bytes that leave room in a file name of 255 for what is put behind it.
_LONGEST_NAME = 200
# Control characters, halves of a surrogate pair, line and paragraph separators.
_UNFIT_FOR_NAMES = ("Cc", "Cs", "Zl", "Zp")
KEEP_MODELS = 5
"""How many trials' models a search keeps unless it is told otherwise."""
ALL_TRACKERS: dict[str, dict[str, Any]] = {"mlflow": {}, "wandb": {}, "tensorboard": {}}


@dataclass(frozen=True, kw_only=True)
class DataFiles:
    """Paths of the CSV files, relative to the project's root.

    Attributes:
        train: what trials are trained on.
        valid: what ranks them.
        test: sealed: only `toolkit evaluate` looks at it.
    """

    train: str
    valid: str
    test: str | None = None

    def __post_init__(self) -> None:
        for name in ("train", "valid", "test"):
            value = getattr(self, name)
            if not (isinstance(value, str) and value) and not (name == "test" and value is None):
                raise InvalidField(name, f"must be the path of a CSV file, got {value!r}")


@dataclass(frozen=True, kw_only=True)
class SchedulerConfiguration:
    """What decides how many epochs a trial gets.

    Attributes:
        type: `asha` stops trials by successive halving, `median` by the median stopping rule; both
            decide the same whenever they are run. `asha_async` is Ray's ASHA: which trials it stops
            depends on which report arrives first, so two searches differ. `fifo` stops none.
        max_t: most epochs a trial may get; None means as many as the trainer has.
        grace_period: no trial is stopped before this epoch (counted from 1).
        reduction_factor: one in so many trials goes on at each rung; of `asha` and `asha_async`.
    """

    type: str = "asha"
    max_t: int | None = None
    grace_period: int = 1
    reduction_factor: float = 4

    def __post_init__(self) -> None:
        check_one_of(self, "type", SCHEDULERS)
        check_whole(self, "max_t", optional=True)
        check_whole(self, "grace_period")
        if not is_number(self.reduction_factor) or self.reduction_factor <= 1:
            raise InvalidField("reduction_factor", f"must be a number above 1, got {self.reduction_factor!r}")


@dataclass(frozen=True, kw_only=True)
class SearchConfiguration:
    """How the space is searched.

    Attributes:
        metric: what ranks trials; must be one that a training reports.
        mode: min or max.
        num_samples: trials, times the cells of the grids.
        seed: everything random derives from it.
        scheduler: see `SchedulerConfiguration`.
        resources_per_trial: what a trial takes: `cpu` and `gpu`, not both 0. Fractions are allowed, of a
            GPU below 1 only.
    """

    metric: str = "validation_loss"
    mode: str = "min"
    num_samples: int = 1
    seed: int = 42
    scheduler: SchedulerConfiguration = field(default_factory=SchedulerConfiguration)
    resources_per_trial: Mapping[str, float] = field(default_factory=lambda: {"cpu": 1, "gpu": 0})

    def __post_init__(self) -> None:
        if not isinstance(self.metric, str) or not self.metric:
            raise InvalidField("metric", f"must name a metric, got {self.metric!r}")
        check_one_of(self, "mode", ("min", "max"))
        check_whole(self, "num_samples")
        check_whole(self, "seed", least=0)
        nest(self, "scheduler", SchedulerConfiguration)
        _check_resources(self.resources_per_trial)


def _check_resources(resources: object) -> None:
    if not isinstance(resources, Mapping):
        raise InvalidField("resources_per_trial", f"must be a dictionary of cpu and gpu, got {resources!r}")
    for name, amount in resources.items():
        if name not in ("cpu", "gpu"):
            raise InvalidField(
                f"resources_per_trial.{name}", f"is no resource{nearest(name, ('cpu', 'gpu'))}"
            )
        if not is_number(amount) or amount < 0:
            raise InvalidField(f"resources_per_trial.{name}", f"must be a number from 0, got {amount!r}")
    # Ray refuses both, but only once the search has begun. What is not named is 1 CPU and no GPU.
    if resources.get("cpu", 1) == 0 and resources.get("gpu", 0) == 0:
        raise InvalidField("resources_per_trial", f"must be above 0 for cpu or gpu, got {dict(resources)}")
    gpu = resources.get("gpu", 0)
    if gpu > 1 and gpu != int(gpu):
        raise InvalidField("resources_per_trial.gpu", f"must be whole where it is above 1, got {gpu!r}")


@dataclass(frozen=True, kw_only=True)
class ExperimentFile:
    """One experiment file, checked as far as it can be without its data.

    Attributes:
        name: becomes a folder's name: at most 200 bytes in UTF-8, without `/`, `\\`, control characters
            and a dot at its start.
        pipeline, trainer: dictionaries with search spaces inside; the first trial's values are checked
            here, all others before the search starts.
        vocabulary: limits of the vocabulary (`min_count`, `max_vocab_size`).
        tracking: tracker -> its options; all of them unless given, none with `{}`.
        keep_models: how many of the best trials keep their models, from 0, or `all`. It decides nothing
            about the results: the best trial always keeps its model.

    Raises:
        ConfigurationError: at construction, naming the dotted path of what cannot be.
    """

    name: str
    data: DataFiles
    pipeline: Mapping[str, Any]
    trainer: Mapping[str, Any] = field(default_factory=dict)
    vocabulary: Mapping[str, Any] = field(default_factory=dict)
    search: SearchConfiguration = field(default_factory=SearchConfiguration)
    tracking: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: dict(ALL_TRACKERS))
    keep_models: int | str = KEEP_MODELS

    def __post_init__(self) -> None:
        _check_name(self.name)
        nest(self, "data", DataFiles)
        nest(self, "search", SearchConfiguration)
        for name in ("pipeline", "trainer"):
            if not isinstance(getattr(self, name), Mapping):
                raise InvalidField(name, f"must be a dictionary, got {getattr(self, name)!r}")
        put(self, "tracking", _trackers(self.tracking))
        models_to_keep(self.keep_models)
        check_trial(self.configuration, self.search.seed, trial=0)
        read(VocabularyConfiguration, self.vocabulary, "vocabulary")

    @property
    def configuration(self) -> dict[str, Any]:
        """Pipeline and trainer with their spaces, as one dictionary."""
        return {"pipeline": self.pipeline, "trainer": self.trainer}

    @property
    def has_spaces(self) -> bool:
        return bool(find_spaces(self.configuration))

    @classmethod
    def load(cls, path: str | Path, overrides: Iterable[str] = ()) -> "ExperimentFile":
        """Read an experiment file and apply `path=value` overrides.

        Raises:
            ConfigurationError: not YAML, an unknown key, a value or a space that cannot be; the message
                names the file and the dotted path.
        """
        content = read_yaml(path)
        for override in overrides:
            content = with_override(content, override)
        try:
            return read(cls, content)
        except ConfigurationError as error:
            raise ConfigurationError(f"{path}: {error}") from None

    def with_search(self, **changes: Any) -> "ExperimentFile":
        """The same experiment with other settings of its search."""
        return replace(self, search=replace(self.search, **changes))

    def to_dict(self) -> dict[str, Any]:
        """Plain values as they would stand in a file."""
        return plain(self)


def models_to_keep(keep_models: object) -> int | None:
    """How many models that is; None for all of them.

    Raises:
        ConfigurationError: it is neither a whole number from 0 nor `all`.
    """
    if keep_models == "all":
        return None
    if not is_whole(keep_models) or keep_models < 0:
        raise InvalidField(
            "keep_models", f"must be a whole number of at least 0, or all, got {keep_models!r}"
        )
    return keep_models


def _check_name(name: object) -> None:
    """The name becomes a folder's; where characters were replaced, two experiments could share one."""
    if not isinstance(name, str) or not name.strip():
        raise InvalidField("name", f"must be a name, got {name!r}")
    odd = [char for char in name if char in "/\\" or unicodedata.category(char) in _UNFIT_FOR_NAMES]
    if odd or name.strip().startswith("."):
        what = repr(odd[0]) if odd else "a dot at its start"
        raise InvalidField("name", f"names a folder too and must not have {what}, got {name!r}")
    size = len(name.encode("utf-8"))
    if size > _LONGEST_NAME:
        raise InvalidField("name", f"must be at most {_LONGEST_NAME} bytes in UTF-8, got {size}")


def check_trial(configuration: Mapping[str, Any], seed: int, trial: int) -> Sampled:
    """What one trial samples, held against what pipeline and trainer accept.

    Raises:
        ConfigurationError: naming the dotted path, and the value that was sampled there.
    """
    sampled = sample(configuration, seed, trial)
    read(PipelineConfiguration, _with_some_labels(sampled.config["pipeline"]), "pipeline")
    read(TrainerConfiguration, sampled.config["trainer"], "trainer")
    return sampled


def _with_some_labels(pipeline: object) -> object:
    """Labels come from the training data unless given; two stand in for them until it is read."""
    if not isinstance(pipeline, Mapping) or not isinstance(pipeline.get("head"), Mapping):
        return pipeline
    return {**pipeline, "head": {"labels": ["a", "b"], **pipeline["head"]}}


def _trackers(tracking: object) -> dict[str, dict[str, Any]]:
    """Tracker -> options, those switched off (`false`) left out."""
    if not isinstance(tracking, Mapping):
        raise InvalidField("tracking", f"must be a dictionary of trackers, got {tracking!r}")
    chosen: dict[str, dict[str, Any]] = {}
    for name, options in tracking.items():
        if options is False:
            continue
        if options is not None and options is not True and not isinstance(options, Mapping):
            raise InvalidField(f"tracking.{name}", f"must be a dictionary of options, got {options!r}")
        chosen[str(name)] = dict(options) if isinstance(options, Mapping) else {}
    return chosen


def with_override(content: Mapping[str, Any], override: str) -> dict[str, Any]:
    """The content with `path=value` put in; the value is read as YAML.

    Raises:
        ConfigurationError: no `=`, or the path leads through something that is no dictionary.
    """
    path, equals, text = override.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise ConfigurationError(f"--set {override}: expected path=value, as in trainer.num_epochs=5")
    value = from_yaml(f"value: {text}", where=f"--set {override}")["value"]
    return _put(content, keys, value, override)


def _put(content: Mapping[str, Any], keys: list[str], value: Any, override: str) -> dict[str, Any]:
    first, rest = keys[0], keys[1:]
    if not rest:
        return {**content, first: value}
    inner = content.get(first, {})
    if not isinstance(inner, Mapping):
        raise ConfigurationError(f"--set {override}: {first!r} is {inner!r}, there is nothing below it")
    return {**content, first: _put(inner, rest, value, override)}
