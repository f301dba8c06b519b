"""Reads a search back out of the in-memory tracker's store."""

from collections.abc import Mapping
from typing import Any

from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, SearchHeader, Status
from toolkit.trackers.memory import MemoryRun
from toolkit.trackers.stored import StoredRun


class MemoryReader:
    """The runs in `options["store"]`, exact."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        if "store" not in options:
            raise TrackerError("what a process keeps in its memory cannot be read back by another")
        self._runs = options["store"].runs

    def runs(self) -> list[StoredRun]:
        return [_stored(run_id, run) for run_id, run in self._runs.items()]

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def as_param(self, value: Any) -> Any:
        return value

    def as_status(self, status: Status) -> str:
        return status


def _stored(run_id: str, run: MemoryRun) -> StoredRun:
    points = [(point.epoch, name, value) for point in run.points for name, value in point.metrics.items()]
    changes = [(change.epoch, name, value) for change in run.changes for name, value in change.params.items()]
    return StoredRun(run_id, points, run.status, run.params, changes)
