"""Reads a search back out of Trackio's file, through Trackio's own storage class."""

import json
import math
from collections.abc import Mapping
from typing import Any

from toolkit.runs import Project, SearchFolder, SearchHeader, Status
from toolkit.trackers import StoredRun
from toolkit_trackio.store import folder_of, project_name, storage
from toolkit_trackio.values import stored_name, stored_value

# Trackio writes floats that JSON cannot hold by name, and takes texts of these names for them.
_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_COLUMNS = {"timestamp", "step"}


class TrackioReader:
    """The runs of a search, and what Trackio makes of names and values."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        self._id, self._project = header.id, project_name(header, options)
        self._storage = storage(folder_of(project), self._project)

    def runs(self) -> list[StoredRun]:
        ids = (str(record["id"]) for record in self._storage.get_run_records(self._project))
        return [self._run(run_id) for run_id in ids if run_id.startswith(f"{self._id}-")]

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        return stored_name(name), self.as_param(value)

    def as_param(self, value: Any) -> Any:
        stored = stored_value(value)
        return _FLOATS.get(stored, stored) if isinstance(stored, str) else stored

    def as_status(self, status: Status) -> str:
        return status.value

    def _run(self, run_id: str) -> StoredRun:
        config = self._storage.get_run_config(self._project, run_id=run_id)
        rows = self._storage.get_logs(self._project, run_id=run_id)
        points = [
            (row["step"], name, value) for row in rows for name, value in row.items() if name not in _COLUMNS
        ]
        sampled = {name: config[name] for name in json.loads(config["toolkit.sampled"])}
        changes = [
            (change["epoch"], name, self.as_param(value))
            for change in json.loads(config.get("toolkit.changes", "[]"))
            for name, value in change["params"].items()
        ]
        return StoredRun(run_id, points, config["toolkit.status"], sampled, changes)
