"""Reads a search back out of W&B's offline files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, SearchHeader, Status
from toolkit.trackers._wandb import EXIT_CODE, mode_of, project_name, stored_name, stored_value
from toolkit.trackers._wandb_files import records, run_folders
from toolkit.trackers.stored import StoredRun


class WandbReader:
    """The offline runs of a search's group that are not superseded."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        mode = mode_of(options)
        if mode != "offline":
            raise TrackerError(f"W&B is {mode}: only its offline files can be read back here")
        self._folder, self._header = project.wandb_dir, header
        self._project = project_name(header, options)

    def runs(self) -> list[StoredRun]:
        folders = run_folders(self._folder, f"{self._header.id}-*", self._project)
        return [_stored(file) for folder in folders for file in folder.glob("*.wandb")]

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        whole = isinstance(value, float) and value.is_integer()  # the file says 1 for 1.0
        return stored_name(name), int(value) if whole else stored_value(value)

    def as_param(self, value: Any) -> Any:
        return value

    def as_status(self, status: Status) -> str:
        return str(EXIT_CODE.get(status, ""))


def _stored(file: Path) -> StoredRun:
    run_id, status, points = "", "", []
    config: dict[str, Any] = {}
    for record in records(file):
        kind = record.WhichOneof("record_type")
        if kind == "run":
            run_id = record.run.run_id
            config |= _config(record.run.config)
        elif kind == "config":  # it was changed on the way
            config |= _config(record.config)
        elif kind == "exit":
            status = str(record.exit.exit_code)
        elif kind == "history":
            row = {
                tuple(item.nested_key) or (item.key,): json.loads(item.value_json)
                for item in record.history.item
            }
            step = row[("_step",)]
            points += [(step, ".".join(key), value) for key, value in row.items() if not _is_ours(key)]
    ours = config.get("toolkit", {})
    changes = [
        (change["epoch"], name, value)
        for change in ours.get("changes", [])
        for name, value in change["params"].items()
    ]
    return StoredRun(run_id, points, status, ours.get("params", {}), changes)


def _config(record: Any) -> dict[str, Any]:
    return {item.key: json.loads(item.value_json) for item in record.update if item.key}


def _is_ours(key: tuple[str, ...]) -> bool:
    return key in {("_step",), ("_runtime",), ("_timestamp",), ("epoch",)}
