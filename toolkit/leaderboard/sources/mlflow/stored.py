"""What an MLflow store says of a run: a sketch of every run, and the whole record of some.

A store of a million runs is sketched as a whole, to tell which runs belong together; what is heavy (metrics,
params, tags) is read for those that are asked for.
"""

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from toolkit.runs import Status

INFINITY = 1.7976931348623157e308
"""What MLflow's databases hold for infinity, as they have no word for it."""

STATUSES = {
    "FINISHED": Status.COMPLETED,
    "KILLED": Status.STOPPED,
    "FAILED": Status.FAILED,
    "RUNNING": Status.RUNNING,
    "SCHEDULED": Status.RUNNING,
}
"""MLflow's statuses in our words. Of a killed run that toolkit wrote, a tag tells if it was interrupted."""
PARENT, METRIC, DESCRIBED, STATUS = (
    "mlflow.parentRunId",
    "toolkit.metric",
    "toolkit.described",
    "toolkit.status",
)
VALIDATION = ("validation", "valid", "val", "evaluation", "eval")
"""Contexts of data sets by which people tell MLflow what a run was measured on."""


class Sketch(NamedTuple):
    """One active run, in a line.

    Attributes:
        id: MLflow's.
        experiment: MLflow's id of the experiment.
        started, ended: UTC milliseconds.
        parent: MLflow's id of the run that it is nested in.
        is_search: it is not a training but a search that toolkit wrote.
        is_described: toolkit wrote all that was known when it began, or did not write the run.
    """

    id: str
    experiment: str
    status: Status
    started: int
    ended: int | None
    parent: str | None
    is_search: bool
    is_described: bool


class Value(NamedTuple):
    """A stored value of a metric; several may have one step."""

    name: str
    step: int
    timestamp: int
    value: float


class DataInput(NamedTuple):
    """A data set that a run was told to have used.

    Attributes:
        context: its role: training, validation, ...
        source, profile: JSON, as MLflow keeps it.
    """

    context: str
    name: str
    digest: str
    source: str
    profile: str


@dataclass
class Record:
    """Everything that a leaderboard needs of a run."""

    sketch: Sketch
    artifacts: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    data: list[DataInput] = field(default_factory=list)


class Store(Protocol):
    """One MLflow store, read.

    Attributes:
        name: its address as it may be printed.
    """

    name: str

    def experiments(self) -> Mapping[str, str]:
        """MLflow's id of each active experiment -> its name."""
        ...

    def sketches(self) -> Sequence[Sketch]:
        """All active runs of active experiments, in the order in which they began."""
        ...

    def records(self, sketches: Sequence[Sketch]) -> Iterator[Record]:
        """The whole records of these runs, in their order."""
        ...

    def metric_names(self) -> Sequence[str]:
        """Names of the metrics that runs have, sorted."""
        ...

    def measured(self, sketches: Sequence[Sketch]) -> Set[str]:
        """MLflow's ids of those that have a metric."""
        ...

    def validation_digests(self, sketches: Sequence[Sketch]) -> Mapping[str, str]:
        """MLflow's id of a run -> digest of the data set that it was measured on, where it was told."""
        ...


def from_store(value: float, is_nan: bool) -> float:
    """A value as it was before MLflow's database took it."""
    if is_nan:
        return math.nan
    return math.copysign(math.inf, value) if abs(value) >= INFINITY else value
