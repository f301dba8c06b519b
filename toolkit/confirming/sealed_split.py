"""The sealed test split: found, opened on request, and each opening written down.

A test split that was looked at before a choice was made is a validation split. So whoever opens it is told of
earlier openings, and leaves a note in the journal of the search whose models were shown it.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.configuration.experiment import ExperimentFile
from toolkit.confirming.confirming import Confirmation
from toolkit.data import Dataset
from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard.statistics import Interval, student_interval
from toolkit.pipeline import Pipeline
from toolkit.runs import JournalWriter, Project, Search, read_journal
from toolkit.runs.layout import within


@dataclass(frozen=True)
class ScoreOnTest:
    """A leader on the test split: mean and Student's interval over its fresh seeds."""

    name: str
    metric: str
    scores: Sequence[float]
    mean: float
    interval: Interval | None


@dataclass(frozen=True)
class Opening:
    """What the test split said.

    Attributes:
        earlier: when it was opened before for this experiment, ISO 8601 in UTC.
    """

    path: str
    sha256: str
    rows: int
    scores: Sequence[ScoreOnTest]
    earlier: Sequence[str]


def find_test_file(project: Project, experiments: Sequence[str]) -> Path:
    """The test file that the experiments' files in `experiments/` name; they must name the same one.

    Raises:
        NotFoundError: none of them does, or they differ; the message says how to name one.
    """
    found = {
        project.root / file.data.test
        for path in sorted((project.root / "experiments").glob("*.yaml"))
        for file in _read(path)
        if file.name in experiments and file.data.test is not None
    }
    if len(found) != 1:
        names = ", ".join(experiments)
        what = (
            "no file in experiments/ names" if not found else "the files in experiments/ name more than one"
        )
        raise NotFoundError(f"{what} test data of {names}: name the file with --test FILE")
    return found.pop()


def _read(path: Path) -> Iterator[ExperimentFile]:
    try:
        yield ExperimentFile.load(path)
    except ConfigurationError:  # another experiment's file, of which nobody asked
        return


def open_test(confirmation: Confirmation, path: Path, project: Project) -> Opening:
    """Evaluate the models of the fresh seeds on the test file, and note that in their searches' journals.

    Raises:
        DataError: the file cannot be read, or has labels that the models do not know.
        JournalError: another process writes one of the journals.
        ModelError: a model cannot be read.
    """
    data = Dataset.from_csv(path)
    pipelines = [
        [Pipeline.from_pretrained(search.model(run.trial)) for search, run in models]
        for models in confirmation.models
    ]
    earlier = sorted(set(_openings(project, confirmation.searches, data.digest)))
    now = time.time_ns() // 1_000_000  # one opening, in however many journals
    shown = within(project.root, str(path)) or str(path)
    for search in confirmation.searches:  # before anything is seen
        with JournalWriter(search.folder) as journal:
            journal.append(
                "note",
                at=now,
                text=f"the test split {shown} was opened by `toolkit confirm --open-test`",
                opened={"path": shown, "sha256": data.digest, "rows": len(data)},
            )
    scores = []
    for leader, models in zip(confirmation.field.leaders, pipelines, strict=True):
        evaluated = [pipeline.evaluate(data).metrics for pipeline in models]
        for metric in _metrics(confirmation, evaluated):
            values = [metrics[metric] for metrics in evaluated]
            mean = sum(values) / len(values)
            scores.append(ScoreOnTest(leader.name, metric, values, mean, student_interval(values)))
    return Opening(shown, data.digest, len(data), scores, earlier)


def _metrics(confirmation: Confirmation, evaluated: Sequence[dict[str, float]]) -> list[str]:
    """The test's counterpart of the leaderboard's metric, where it has one, and the accuracy."""
    own = confirmation.field.table.yardstick.metric.removeprefix("validation_")
    known = evaluated[0] if evaluated else {}
    return [name for name in dict.fromkeys((own, "accuracy")) if name in known]


def _openings(project: Project, searches: Sequence[Search], sha256: str) -> Iterator[str]:
    """When the confirmations of these experiments opened a test file of these bytes."""
    for experiment in {search.experiment for search in searches}:
        for path in sorted(project.searches_of(experiment).glob("*/journal.jsonl")):
            for record in read_journal(path):
                if record.kind == "note" and (record.body.get("opened") or {}).get("sha256") == sha256:
                    yield time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.t / 1000))
