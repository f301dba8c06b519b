"""Reads a search back out of its event files, by TensorBoard's own EventAccumulator."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import api_pb2, metadata

from toolkit.runs import Project, SearchFolder, SearchHeader, Status
from toolkit.runs.values import loads
from toolkit.trackers._tensorboard import STATUS
from toolkit.trackers.flat import as_text
from toolkit.trackers.metrics import TAKEN_TAGS, as_number, tensorboard_tag
from toolkit.trackers.stored import StoredRun

_TEXT = "/text_summary"
_EVERYTHING = {"scalars": 0, "tensors": 0}


class TensorboardReader:
    """The trials' folders below `tensorboard/`."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        self._root = folder.tensorboard

    def runs(self) -> list[StoredRun]:
        folders = [path for path in sorted(self._root.glob("*")) if list(path.glob("*tfevents*"))]
        return [self._as_params(run) for path in folders if (run := _stored(path)) is not None]

    def _as_params(self, run: StoredRun) -> StoredRun:
        """With changed values as the HPARAMS page would have them, like those that the run began with."""
        changes = [(epoch, name, self.as_param(value)) for epoch, name, value in run.changes]
        return replace(run, changes=changes)

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        number = as_number(value)
        return tensorboard_tag(name), as_text(value) if number is None else _single(number)

    def as_param(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        number = as_number(value)
        return as_text(value) if number is None else number

    def as_status(self, status: Status) -> str:
        return STATUS.get(status, "")


def _single(number: float) -> float:
    """The number as a 32-bit float holds it."""
    try:
        return struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _stored(path: Path) -> StoredRun | None:
    """The run in a folder; None where its files are torn off before they say which run it is."""
    events = EventAccumulator(str(path), size_guidance=_EVERYTHING)
    events.Reload()
    points: list[tuple[int, str, Any]] = []
    changes: list[tuple[int, str, Any]] = []
    for tag in events.Tags()["scalars"]:
        points += [(event.step, tag, event.value) for event in events.Scalars(tag)]
    for tag in events.Tags()["tensors"]:
        name = tag.removesuffix(_TEXT)
        texts = [(event.step, event.tensor_proto.string_val[0].decode()) for event in events.Tensors(tag)]
        if name == "params":
            changes += [(step, *item) for step, text in texts for item in loads(text).items()]
        elif name not in TAKEN_TAGS:
            points += [(step, name, text) for step, text in texts]
    try:
        plugin = events.PluginTagToContent(metadata.PLUGIN_NAME)
    except KeyError:
        return None
    start = metadata.parse_session_start_info_plugin_data(plugin[metadata.SESSION_START_INFO_TAG])
    params = {name: getattr(cell, cell.WhichOneof("kind")) for name, cell in start.hparams.items()}
    status = ""
    if metadata.SESSION_END_INFO_TAG in plugin:
        end = metadata.parse_session_end_info_plugin_data(plugin[metadata.SESSION_END_INFO_TAG])
        status = api_pb2.Status.Name(end.status)
    return StoredRun(start.group_name, points, status, params, changes)
