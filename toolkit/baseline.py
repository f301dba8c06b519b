"""The honest rival: TF-IDF of words and characters with logistic regression, on the same split.

A search of one trial with one point, journaled, mirrored and exported like any other, so that every
leaderboard of the same validation data has its line. Nothing in it is random, and it computes in one
thread: the same data give the same bytes. What it gives up: it is not searched itself. Its
regularisation was chosen once by the validation loss of the embedded data (`docs/compare.md`).
"""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from toolkit.configuration.digest import code_digest, search_id
from toolkit.configuration.experiment import ExperimentFile
from toolkit.configuration.schema import nearest
from toolkit.data import Dataset, check_splits
from toolkit.errors import ConfigurationError, DataError
from toolkit.leaderboard.exporting import export
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.runs import (
    JournalWriter,
    Project,
    SearchFolder,
    SearchHeader,
    Status,
    check_name,
    has_begun,
    load_search,
)
from toolkit.runs import provenance as provenance_of
from toolkit.runs.changes import tell_changes
from toolkit.runs.layout import run_id
from toolkit.runs.search import file_digest
from toolkit.trackers import check_tracking
from toolkit.trackers.follower import start_follower
from toolkit.trackers.mirror import unmirrored
from toolkit.trackers.waiting import wait_for_mirror
from toolkit.training.metrics import accuracy, confusion_matrix, metric_names, validation_metrics

CODE = ("baseline.py", "data", "training/metrics.py")
"""The files and rooms whose code decides what a baseline scores."""


@dataclass(frozen=True)
class BaselineConfiguration:
    """What the baseline is.

    Attributes:
        word_ngrams: shortest and longest run of words that is a feature.
        char_ngrams: the same of characters, within a word and its borders.
        C: inverse strength of the regularisation.
        max_iter: most iterations of the solver (L-BFGS); it needs about fifty.
    """

    word_ngrams: tuple[int, int] = (1, 2)
    char_ngrams: tuple[int, int] = (2, 5)
    C: float = 30.0
    max_iter: int = 1000

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """As the journal and `best_config.yaml` have it."""
        features = {"word_ngrams": list(self.word_ngrams), "char_ngrams": list(self.char_ngrams)}
        return {
            "pipeline": {"type": "TfidfLogisticRegression", "sublinear_tf": True, **features},
            "trainer": {"type": "lbfgs", "C": self.C, "max_iter": self.max_iter},
        }

    @classmethod
    def from_dict(cls, config: Mapping[str, Mapping[str, Any]]) -> "BaselineConfiguration":
        """Read what `to_dict` wrote.

        Raises:
            ConfigurationError: it is the configuration of something else.
        """
        try:
            pipeline, trainer = config["pipeline"], config["trainer"]
            words, characters = (tuple(pipeline[name]) for name in ("word_ngrams", "char_ngrams"))
            made = cls(words, characters, trainer["C"], trainer["max_iter"])
        except (KeyError, TypeError) as error:
            raise ConfigurationError(f"is no configuration of a baseline: {error}") from None
        if made.to_dict() != config:
            raise ConfigurationError(f"is no configuration of a baseline: {config!r}")
        return made


@dataclass(frozen=True)
class BaselinePlan:
    """A baseline that could be trained now; made by `plan_baseline`.

    Attributes:
        name: of its experiment: that of the file with `-baseline` behind it.
        labels: sorted; those of the training data unless the file gives others.
        warnings: what surprises about the data, in sentences.
    """

    name: str
    experiment: ExperimentFile
    train: Dataset
    valid: Dataset
    labels: tuple[str, ...]
    configuration: BaselineConfiguration = field(default_factory=BaselineConfiguration)
    warnings: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        """12 hex digits of configuration, metric, labels, data and code."""
        data = {"training": self.train.digest, "validation": self.valid.digest}
        return search_id(self._spec, data, code_digest(CODE))

    @property
    def _spec(self) -> dict[str, Any]:
        search = self.experiment.search
        ranking = {"metric": search.metric, "mode": search.mode, "labels": list(self.labels)}
        return {**self.configuration.to_dict(), **ranking}

    def header(self, origin: dict[str, Any]) -> SearchHeader:
        """The first record of its journal.

        Args:
            origin: where it comes from, see `toolkit.runs.provenance`.
        """
        search, data = self.experiment.search, self.experiment.data
        return SearchHeader(
            id=self.id,
            experiment=self.name,
            job="baseline",
            metric=search.metric,
            mode=search.mode,
            num_trials=1,
            spec=self._spec,
            data={"training": _about(data.train, self.train), "validation": _about(data.valid, self.valid)},
            labels=list(self.labels),
            code=code_digest(CODE),
            provenance=origin,
            tracking={name: dict(options) for name, options in self.experiment.tracking.items()},
            note=f"TF-IDF with logistic regression: the plain rival of {self.experiment.name}",
        )


def _about(path: str, data: Dataset) -> dict[str, Any]:
    return {"path": path, "sha256": data.digest, "rows": len(data)}


def plan_baseline(experiment: ExperimentFile, root: Path) -> BaselinePlan:
    """Read the experiment's training and validation data, relative to `root`, and check them.

    Raises:
        DataError: the files cannot be read, or do not fit together.
        ConfigurationError: its name cannot name a folder, a tracker would not take its options, or it is
            ranked by a metric that no training reports.
    """
    name = f"{experiment.name}-baseline"
    check_name(name)
    check_tracking(experiment.tracking)
    train, valid = (Dataset.from_csv(root / path) for path in (experiment.data.train, experiment.data.valid))
    warnings = check_splits(train, valid)
    labels = _labels(experiment, train)
    metric, known = experiment.search.metric, metric_names(labels)
    if metric not in known:
        raise ConfigurationError(f"search.metric: no training reports {metric!r}{nearest(metric, known)}")
    return BaselinePlan(name, experiment, train, valid, labels, warnings=tuple(warnings))


def _labels(experiment: ExperimentFile, train: Dataset) -> tuple[str, ...]:
    """The labels that the experiment's own runs have: only then do they stand in one leaderboard."""
    given = experiment.pipeline.get("head", {}).get("labels")
    labels = set(train.labels if given is None else given)
    unknown = sorted(set(train.labels) - labels)
    if unknown:
        raise DataError(f"{train.path}: labels that pipeline.head.labels does not list: {', '.join(unknown)}")
    return tuple(sorted(labels))


def run_baseline(
    plan: BaselinePlan, project: Project, say: Callable[[str], None] = lambda line: None
) -> SearchOutcome:
    """Train the baseline, unless this very one is finished already, and write its results.

    Args:
        say: takes lines for people.

    Raises:
        JournalError: another process trains it now.
        OSError: the results cannot be written.
    """
    folder = project.search(plan.name, plan.id)
    if has_begun(folder) and load_search(folder).status is Status.COMPLETED:
        search = load_search(folder)
        return SearchOutcome(search, export(search, project.results_of(plan.name)), False, unmirrored(folder))
    # A folder that cannot be made is better known before the training.
    project.results_of(plan.name).mkdir(parents=True, exist_ok=True)
    results = _train_on_record(plan, project, folder, say)
    return SearchOutcome(load_search(folder), results, True, unmirrored(folder))


def _train_on_record(
    plan: BaselinePlan, project: Project, folder: SearchFolder, say: Callable[[str], None]
) -> dict[str, Path]:
    """Train with the journal open and write the results; the journal gets a truthful end either way."""
    with JournalWriter(folder) as journal:
        _begin(plan, project, journal)
        follower = start_follower(folder, project) if plan.experiment.tracking else None
        started = time.perf_counter()
        try:
            metrics, steps = train(plan.configuration, plan.train, plan.valid, plan.labels)
        except BaseException as error:  # recorded, and raised again
            _fail(journal, error)
            raise
        seconds = time.perf_counter() - started
        journal.append("point", 0, epoch=0, step=steps, metrics=metrics, seconds=seconds)
        journal.append("end", 0, status=Status.COMPLETED)
        results = _write_results(journal, project.results_of(plan.name))
        for name, path in results.items():
            journal.append("artifact", name=name, path=str(path), sha256=file_digest(path))
        journal.append("end", status=Status.COMPLETED, best_trial=0)
    wait_for_mirror(follower, say)
    return results


def _begin(plan: BaselinePlan, project: Project, journal: JournalWriter) -> None:
    """Open the records; one that was cut short goes on in the same journal."""
    is_new = journal.folder.journal.stat().st_size == 0
    origin = provenance_of(project.root, journal.folder)
    if is_new:
        journal.append("search", **plan.header(origin).to_record())
    else:
        journal.append("resume", provenance=origin)
    tell_changes(journal, origin)
    if is_new or not load_search(journal.folder).runs:
        run = run_id(plan.id, 0)
        journal.append("trial", 0, run=run, params={}, config=plan.configuration.to_dict(), seed=None)
    else:
        journal.append("resume", 0)


def _fail(journal: JournalWriter, error: BaseException) -> None:
    status = _status_after(error)
    interrupted = status is Status.INTERRUPTED
    reason = "interrupted" if interrupted else f"{type(error).__name__}: {error}"
    trace = None if interrupted else "".join(traceback.format_exception(error))
    journal.append("end", 0, status=status, reason=reason, error=trace)
    journal.append("end", status=status)


def _write_results(journal: JournalWriter, folder: Path) -> dict[str, Path]:
    """Export, or end the search as one that came to nothing; its only trial did complete."""
    try:
        return export(load_search(journal.folder), folder)
    except BaseException as error:  # recorded, and raised again
        journal.append("end", status=_status_after(error))
        raise


def _status_after(error: BaseException) -> Status:
    return Status.INTERRUPTED if isinstance(error, KeyboardInterrupt) else Status.FAILED


def train(
    configuration: BaselineConfiguration, training: Dataset, validation: Dataset, labels: Sequence[str]
) -> tuple[dict[str, float], int]:
    """The metrics of one training, named as those of any other, and the solver's iterations.

    Args:
        labels: sorted; all that the data have.
    """
    number = {label: index for index, label in enumerate(labels)}
    gold, valid_gold = (np.array([number[label] for label in data.labels]) for data in (training, validation))
    with threadpool_limits(1):  # sums in another order would give other last bits
        model = fit(configuration, training.texts, gold)
        trained = _score(model.log_probabilities(training.texts), gold, model.classes, len(number))
        scored = _score(model.log_probabilities(validation.texts), valid_gold, model.classes, len(number))
    metrics = {
        "training_loss": trained.loss,
        "training_accuracy": accuracy(trained.confusion),
        "validation_loss": scored.loss,
        **validation_metrics(scored.confusion, labels),
        "best_validation_loss": scored.loss,
        "best_epoch": 0,
    }
    return metrics, model.iterations


@dataclass(frozen=True)
class FittedBaseline:
    """A trained baseline.

    Attributes:
        vectorize: texts (N) -> features, a sparse matrix (N, F).
        classes: numbers of the labels it knows (K), sorted.
        iterations: how many the solver needed.
    """

    vectorize: Callable[[Sequence[str]], csr_matrix]
    classifier: LogisticRegression

    @property
    def classes(self) -> NDArray[np.int64]:
        return self.classifier.classes_

    @property
    def iterations(self) -> int:
        return int(self.classifier.n_iter_[0])

    def log_probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Natural logarithms of the probabilities (N, K), in the order of `classes`."""
        scores = self.classifier.decision_function(self.vectorize(texts))
        if scores.ndim == 1:  # two classes have one score, that of the second
            scores = np.stack([np.zeros_like(scores), scores], axis=1)
        return log_softmax(scores, axis=1)


def fit(
    configuration: BaselineConfiguration, texts: Sequence[str], labels: NDArray[np.int64]
) -> FittedBaseline:
    """Train on texts (N) and the numbers of their labels (N)."""
    words = TfidfVectorizer(ngram_range=configuration.word_ngrams, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=configuration.char_ngrams, sublinear_tf=True)
    features = make_union(words, characters)
    classifier = LogisticRegression(C=configuration.C, max_iter=configuration.max_iter)
    classifier.fit(features.fit_transform(texts), labels)
    return FittedBaseline(features.transform, classifier)


@dataclass(frozen=True, eq=False)
class _Scores:
    loss: float
    confusion: NDArray[np.int64]


def _score(
    log_probabilities: NDArray[np.float64],
    gold: NDArray[np.int64],
    classes: NDArray[np.int64],
    labels: int,
) -> _Scores:
    """Log loss and confusion matrix; the training data have every label of the others (`check_splits`)."""
    columns = np.searchsorted(classes, gold)
    loss = -log_probabilities[np.arange(len(gold)), columns].mean()
    predicted = classes[log_probabilities.argmax(axis=1)]
    return _Scores(float(loss), confusion_matrix(gold, predicted, labels))
