"""The searches of an index, without their runs: enough to say which may be ranked together."""

from dataclasses import dataclass

from toolkit.leaderboard.comparable import Yardstick, mode_of
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.schema import TRIAL_BITS
from toolkit.runs.values import loads

_COLUMNS = (
    "number, place, id, experiment, job, metric, mode, status, started, validation, validation_path, labels, "
    "counts, best, metrics, fresh_seeds"
)


@dataclass(frozen=True, slots=True)
class IndexedSearch:
    """A row of the table of searches.

    Attributes:
        number: how the index names it.
        place: its folder, from the folder of all journals on where it lies below it.
        started: UTC milliseconds.
        labels, counts, metrics: JSON.
        best: the lowest score of its runs: of its own metric, the sign turned where that is better high.
        fresh_seeds: whether it trains leaders of other searches again.
    """

    number: int
    place: str
    id: str
    experiment: str
    job: str
    metric: str
    mode: str
    status: str
    started: int
    validation: str | None
    validation_path: str | None
    labels: str
    counts: str
    best: float | None
    metrics: str
    fresh_seeds: bool

    @property
    def name(self) -> str:
        return f"{self.experiment}@{self.id}"

    @property
    def runs(self) -> tuple[int, int]:
        """The lowest and the highest number that a run of it may have."""
        return self.number << TRIAL_BITS, ((self.number + 1) << TRIAL_BITS) - 1

    def yardstick(self, metric: str | None, mode: str | None) -> Yardstick:
        """What its runs are measured by; its own metric and direction unless others are given.

        Raises:
            ConfigurationError: the direction of the metric is neither declared, nor given, nor plain.
        """
        metric, mode = mode_of(metric, mode, (self.metric, self.mode))
        return Yardstick(
            metric=metric,
            mode=mode,
            validation=self.validation,
            labels=tuple(loads(self.labels)),
            path=self.validation_path,
            alone=self.id if self.validation is None else None,
            fresh_seeds=bool(self.fresh_seeds),
        )


def all_searches(index: Index) -> list[IndexedSearch]:
    """All searches, in the order in which they came into the index."""
    return [
        IndexedSearch(*row)
        for row in index.database.execute(f"SELECT {_COLUMNS} FROM search ORDER BY number")
    ]
