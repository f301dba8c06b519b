"""A whole plug-in in one file, as somebody else would write it: one JSON file holds the search.

`test_plug_in.py` installs it in a folder of its own; nothing imports it from here.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from toolkit.runs import (
    Artifact,
    ParamChange,
    Point,
    Project,
    Run,
    Search,
    SearchFolder,
    SearchHeader,
    Status,
)
from toolkit.trackers import StoredRun, check_options


def store(project: Project, header: SearchHeader) -> Path:
    return project.home / f"theirs-{header.id}.json"


class TheirReader:
    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        self._content = json.loads(store(project, header).read_text(encoding="utf-8"))

    def runs(self) -> list[StoredRun]:
        return [
            StoredRun(
                run_id,
                [(int(e), name, v) for e, row in run["points"].items() for name, v in row.items()],
                run["status"],
                run["params"],
                [tuple(change) for change in run["changes"]],
            )
            for run_id, run in self._content.items()
        ]

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def as_param(self, value: Any) -> Any:
        return value

    def as_status(self, status: Status) -> str:
        return status.value


class TheirTracker:
    reader = TheirReader

    def __init__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> None:
        check_options("theirs", options, ["colour"])
        self._path = store(project, header)
        self.target = f"theirs {self._path}"

    def open(self, search: Search) -> None:
        for run in search.runs.values():
            self._write(run)

    def begin(self, run: Run) -> None:
        self._write(run)

    def log(self, run: Run, points: Sequence[Point]) -> None:
        self._write(run)

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        self._write(run)

    def artifact(self, artifact: Artifact, path: Path) -> None: ...

    def end(self, run: Run) -> None:
        self._write(run)

    def close(self, search: Search) -> None: ...

    def release(self) -> None: ...

    def _write(self, run: Run) -> None:
        content = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        points = {point.epoch: point.metrics for point in run.points}
        changes = [(change.epoch, *item) for change in run.changes for item in change.params.items()]
        stored = {"params": run.params, "status": run.status.value, "points": points, "changes": changes}
        content[run.run_id] = stored
        self._path.write_text(json.dumps(content), encoding="utf-8")
