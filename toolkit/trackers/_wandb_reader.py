"""Reads a search back out of W&B's offline files: LevelDB's log framing round protocol buffers.

Reading needs no `wandb` process and takes a millisecond a file.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wandb.proto import wandb_internal_pb2

from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, SearchHeader, Status
from toolkit.trackers._wandb import EXIT_CODE, mode_of, stored_name, stored_value
from toolkit.trackers.receipts import SUPERSEDED
from toolkit.trackers.stored import StoredRun

_FILE_HEADER, _BLOCK, _RECORD_HEADER = 7, 32768, struct.Struct("<IHB")
_FULL, _FIRST, _LAST = 1, 2, 4


class WandbReader:
    """The offline runs of a search's group that are not superseded."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        mode = mode_of(options)
        if mode != "offline":
            raise TrackerError(f"W&B is {mode}: only its offline files can be read back here")
        self._folder, self._header = project.wandb_dir / "wandb", header

    def runs(self) -> list[StoredRun]:
        folders = sorted(self._folder.glob(f"offline-run-*-{self._header.id}-*"))
        files = [file for folder in folders if folder.suffix != SUPERSEDED for file in folder.glob("*.wandb")]
        return [_stored(file) for file in files]

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        whole = isinstance(value, float) and value.is_integer()  # the file says 1 for 1.0
        return stored_name(name), int(value) if whole else stored_value(value)

    def as_param(self, value: Any) -> Any:
        return value

    def as_status(self, status: Status) -> str:
        return str(EXIT_CODE.get(status, ""))


def records(file: Path) -> Iterator[Any]:
    """The records of an offline file, as far as it is whole."""
    data, position, message = file.read_bytes(), _FILE_HEADER, b""
    while position + _RECORD_HEADER.size <= len(data):
        room = _BLOCK - position % _BLOCK
        _, length, kind = _RECORD_HEADER.unpack_from(data, position)
        if room < _RECORD_HEADER.size or kind == 0:  # the rest of a block is filled with zeros
            position += room
            continue
        start = position + _RECORD_HEADER.size
        piece, position = data[start : start + length], start + length
        message = piece if kind in (_FULL, _FIRST) else message + piece
        if kind in (_FULL, _LAST) and len(piece) == length:
            record = wandb_internal_pb2.Record()
            record.ParseFromString(message)
            yield record


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
