"""What a service has stored of a search, read back: for proofs that a mirror equals its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from toolkit.runs import Project, SearchFolder, SearchHeader, Status


@dataclass(frozen=True)
class StoredRun:
    """A run as it lies in a service.

    Attributes:
        points: (epoch, name, value) as often as stored, so that a doubled point is seen.
        status: in the service's own word.
        params: dotted path -> value of the sampled hyperparameters, as the run began with them.
        changes: (epoch, dotted path, new value) of what changed on the way, as often as stored.
    """

    run_id: str
    points: list[tuple[int, str, Any]]
    status: str
    params: Mapping[str, Any]
    changes: Sequence[tuple[int, str, Any]] = ()


class Reader(Protocol):
    """Reads one search back out of one service, and says what the service makes of names and values."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None: ...

    def runs(self) -> list[StoredRun]:
        """The runs of the trials, not that of the search; superseded ones left out."""

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        """How a reported metric reads back: the name, and the value as exact as the service holds it."""

    def as_param(self, value: Any) -> Any:
        """How a sampled value reads back."""

    def as_status(self, status: Status) -> str:
        """The service's word for a status; of a run without an end, what it says then."""
