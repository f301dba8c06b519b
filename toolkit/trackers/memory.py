"""A tracker that keeps everything in this process: for tests, and to read the protocol by example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.runs import ParamChange, Point, Project, Run, Search, SearchHeader, Status
from toolkit.runs.search import Artifact


@dataclass
class MemoryRun:
    """A run as a service would store it."""

    params: dict[str, Any]
    points: list[Point] = field(default_factory=list)
    changes: list[ParamChange] = field(default_factory=list)
    status: Status = Status.RUNNING
    artifacts: dict[str, bytes] = field(default_factory=dict)


@dataclass
class MemoryStore:
    """What outlives a tracker: the service itself."""

    runs: dict[str, MemoryRun] = field(default_factory=dict)
    searches: dict[str, Status] = field(default_factory=dict)
    artifacts: dict[str, bytes] = field(default_factory=dict)


class MemoryTracker:
    """Keeps runs by run id and points by epoch, so that a verb that comes twice changes nothing.

    Args:
        options: `store` is the MemoryStore to write to; a fresh one without it.
    """

    def __init__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> None:
        self.store: MemoryStore = options.get("store") or MemoryStore()
        self.target = f"memory {id(self.store)}"
        self._search: Search | None = None

    def open(self, search: Search) -> None:
        self._search = search
        self.store.searches[search.id] = Status.RUNNING
        for run in search.runs.values():
            self.log(run, run.points)
            self._run(run).changes = list(run.changes)
            self.store.runs[run.run_id].status = run.status

    def begin(self, run: Run) -> None:
        self._run(run).status = Status.RUNNING

    def log(self, run: Run, points: Sequence[Point]) -> None:
        kept = self._run(run).points
        epochs = {point.epoch for point in kept}
        kept += [point for point in points if point.epoch not in epochs]

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        kept = self._run(run).changes
        kept += [change for change in changes if change not in kept]

    def artifact(self, artifact: Artifact, path: Path) -> None:
        assert self._search is not None
        of_search = artifact.trial is None
        home = self.store if of_search else self._run(self._search.runs[artifact.trial or 0])
        home.artifacts[path.name] = path.read_bytes()

    def end(self, run: Run) -> None:
        self._run(run).status = run.status

    def close(self, search: Search) -> None:
        self.store.searches[search.id] = search.status

    def release(self) -> None:
        self._search = None

    def _run(self, run: Run) -> MemoryRun:
        return self.store.runs.setdefault(run.run_id, MemoryRun(dict(run.params)))
