"""TensorBoard: one folder a trial with scalars by epoch and its row for the HPARAMS page.

Written with tensorboardX, so neither torch nor tensorflow is loaded. An event file cannot be continued
safely after a kill, so a torn one is set aside and its trial written whole. A scalar is a 32-bit float
there; what is no number stands as text.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tensorboardX.proto.api_pb2 import Status as HparamsStatus
from tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData, SessionEndInfo, SessionStartInfo
from tensorboardX.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboardX.summary import text as text_summary
from tensorboardX.writer import FileWriter

from toolkit.runs import ParamChange, Point, Project, Run, Search, SearchHeader, Status
from toolkit.runs.layout import trial_name
from toolkit.runs.search import Artifact
from toolkit.trackers.flat import all_params, as_text
from toolkit.trackers.metrics import as_number, tensorboard_tag
from toolkit.trackers.receipts import free_name, is_whole, write_receipt
from toolkit.trackers.registry import OPTIONS, check_options

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
        self._writers: dict[str, FileWriter] = {}
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
            writer.add_summary(_point_summary(point), point.epoch, walltime=point.t / 1000)
        writer.flush()

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        """A text at the epoch; the HPARAMS page shows what the run began with."""
        for change in changes:
            self._say(self._writers[run.run_id], "params", change.params, change.epoch, change.t)

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
        self._write(writer, "session_end_info", HParamsPluginData(session_end_info=information), ended)
        note = {"status": run.status, "rung": run.rung, "reason": run.reason, "error": run.error}
        told = {key: value for key, value in note.items() if value is not None}
        self._say(writer, "end", told, None, ended)
        writer.close()
        write_receipt(self._folder(run), run)

    def close(self, search: Search) -> None:
        self.release()

    def release(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _folder(self, run: Run) -> Path:
        return self._root / trial_name(run.trial)

    def _start(self, run: Run) -> None:
        folder = self._folder(run)
        _set_aside(folder)
        writer = FileWriter(str(folder))
        self._writers[run.run_id] = writer
        information = SessionStartInfo(group_name=run.run_id, start_time_secs=run.started / 1000)
        for name, value in (run.params or all_params(run)).items():
            _set_hparam(information, name, value)
        self._write(
            writer, "session_start_info", HParamsPluginData(session_start_info=information), run.started
        )
        self._say(writer, "lineage", self._lineage(run), None, run.started)

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

    def _say(self, writer: FileWriter, tag: str, told: Mapping[str, Any], epoch: int | None, t: int) -> None:
        """Something about the run, as JSON in a text of its own."""
        writer.add_summary(text_summary(tag, as_text(told)), epoch, walltime=t / 1000)

    def _write(self, writer: FileWriter, kind: str, content: HParamsPluginData, t: int) -> None:
        """One message to the HPARAMS plugin; it takes names and kinds of the columns from these."""
        plugin = SummaryMetadata.PluginData(plugin_name="hparams", content=content.SerializeToString())
        value = Summary.Value(tag=f"_hparams_/{kind}", metadata=SummaryMetadata(plugin_data=plugin))
        writer.add_summary(Summary(value=[value]), None, walltime=t / 1000)


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
