"""TensorBoard: one folder a trial with scalars by epoch and its row for the HPARAMS page.

Written with tensorboardX, so neither torch nor tensorflow is loaded; without its queue, whose thread dies
unheard of on a full disk and leaves its caller waiting for ever. An event file cannot be continued safely
after a kill, so a torn one is set aside and its trial written whole. A scalar is a 32-bit float there; what
is no number stands as text.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tensorboardX.event_file_writer import EventsWriter
from tensorboardX.proto.api_pb2 import Status as HparamsStatus
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData, SessionEndInfo, SessionStartInfo
from tensorboardX.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboardX.summary import text as text_summary

from toolkit.runs import ParamChange, Point, Project, Run, Search, SearchHeader, Status
from toolkit.runs.layout import trial_name
from toolkit.runs.search import Artifact
from toolkit.trackers.flat import all_params, as_text
from toolkit.trackers.metrics import as_number, tensorboard_tag
from toolkit.trackers.receipts import free_name, is_whole, write_receipt
from toolkit.trackers.registry import OPTIONS, check_options
from toolkit.trackers.space import check_space

STATUS = {
    Status.COMPLETED: "STATUS_SUCCESS",
    Status.STOPPED: "STATUS_SUCCESS",
    Status.FAILED: "STATUS_FAILURE",
    Status.INTERRUPTED: "STATUS_UNKNOWN",
}


class TensorboardTracker:
    """Writes event files below the search's folder `tensorboard/`; it has no options."""

    def __init__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> None:
        check_options("tensorboard", options, OPTIONS["tensorboard"])
        self._writers: dict[str, EventsWriter] = {}
        self._header = header
        self.target = "tensorboard"

    def open(self, search: Search) -> None:
        self._root = search.folder.tensorboard
        for run in search.runs.values():
            if not is_whole(self._folder(run), run):
                self.begin(run)
                if run.status is not Status.RUNNING:
                    self.end(run)

    def begin(self, run: Run) -> None:
        if run.run_id not in self._writers:
            self._start(run)
            self.change(run, run.changes)
            self.log(run, run.points)

    def log(self, run: Run, points: Sequence[Point]) -> None:
        writer = self._writers[run.run_id]
        for point in points:
            _write(writer, _point_summary(point), point.t, point.epoch)
        writer.flush()

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        """A text at the epoch; the HPARAMS page shows what the run began with."""
        for change in changes:
            _say(self._writers[run.run_id], "params", change.params, change.t, change.epoch)

    def artifact(self, artifact: Artifact, path: Path) -> None:
        """Event files hold no artifacts: they lie in the search's folder and in results/."""

    def end(self, run: Run) -> None:
        writer = self._writers.pop(run.run_id, None)
        if writer is None:
            return
        ended = run.started if run.ended is None else run.ended
        information = SessionEndInfo(
            status=HparamsStatus.Value(STATUS[run.status]), end_time_secs=ended / 1000
        )
        _tell_hparams(writer, "session_end_info", HParamsPluginData(session_end_info=information), ended)
        note = {"status": run.status, "rung": run.rung, "reason": run.reason, "error": run.error}
        told = {key: value for key, value in note.items() if value is not None}
        _say(writer, "end", told, ended)
        writer.close()
        write_receipt(self._folder(run), run)

    def close(self, search: Search) -> None:
        self.release()

    def release(self) -> None:
        for writer in self._writers.values():
            with suppress(OSError):  # a full disk: what lacks its receipt is written again
                writer.close()
        self._writers = {}

    def _folder(self, run: Run) -> Path:
        return self._root / trial_name(run.trial)

    def _start(self, run: Run) -> None:
        folder = self._folder(run)
        folder.mkdir(parents=True, exist_ok=True)
        check_space(folder)
        _set_aside(folder)
        writer = EventsWriter(str(folder / "events"))
        self._writers[run.run_id] = writer
        information = SessionStartInfo(group_name=run.run_id, start_time_secs=run.started / 1000)
        for name, value in (run.params or all_params(run)).items():
            _set_hparam(information, name, value)
        content = HParamsPluginData(session_start_info=information)
        _tell_hparams(writer, "session_start_info", content, run.started)
        _say(writer, "lineage", self._lineage(run), run.started)

    def _lineage(self, run: Run) -> dict[str, Any]:
        """Where the run came from, and what it was trained as."""
        header = self._header
        return {
            "run": run.run_id,
            "experiment": header.experiment,
            "seed": run.seed if run.seed is not None else header.seed,
            "data": header.data,
            **(run.origin or header.provenance),
            "config": run.config,
        }


def _tell_hparams(writer: EventsWriter, kind: str, content: HParamsPluginData, t: int) -> None:
    """One message to the HPARAMS plugin; it takes names and kinds of the columns from these."""
    plugin = SummaryMetadata.PluginData(plugin_name="hparams", content=content.SerializeToString())
    value = Summary.Value(tag=f"_hparams_/{kind}", metadata=SummaryMetadata(plugin_data=plugin))
    _write(writer, Summary(value=[value]), t)


def _say(writer: EventsWriter, tag: str, told: Mapping[str, Any], t: int, epoch: int | None = None) -> None:
    """Something about the run, as JSON in a text of its own."""
    _write(writer, text_summary(tag, as_text(told)), t, epoch)


def _write(writer: EventsWriter, summary: Summary, t: int, epoch: int | None = None) -> None:
    """Append to the file; `t` in milliseconds. A flush or close raises when the disk could not take it."""
    writer.write_event(Event(wall_time=t / 1000, step=epoch, summary=summary))


def _set_aside(folder: Path) -> None:
    """Rename the event files that are there, so that TensorBoard does not find them any more.

    It reads every file with `tfevents` in its name, in folders of any name.
    """
    for path in folder.glob("*tfevents*"):
        path.rename(free_name(path.with_name(path.name.replace("tfevents", "events"))))


def _point_summary(point: Point) -> Summary:
    summary = Summary()
    for name, value in point.metrics.items():
        number = as_number(value)
        if number is None:
            summary.value.extend(text_summary(tensorboard_tag(name), as_text(value)).value)
        else:
            summary.value.add(tag=tensorboard_tag(name), simple_value=number)
    return summary


def _set_hparam(information: SessionStartInfo, name: str, value: Any) -> None:
    cell = information.hparams[name]
    if isinstance(value, bool):
        cell.bool_value = value
    elif isinstance(value, int | float) and as_number(value) is not None:
        cell.number_value = value
    else:
        cell.string_value = as_text(value)
