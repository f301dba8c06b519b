"""Weights & Biases: one run a trial, grouped by the search, and one of job type `search` at its end.

Offline unless an account is set up: nothing ever asks for a key. Points carry the journal's time and
`epoch` as step. An offline file that a kill has torn is set aside and its run written whole; online the
service keeps the points that it has and drops those that come again.
"""

import csv
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import wandb

from toolkit.errors import TrackerError
from toolkit.runs import ParamChange, Point, Project, Run, Search, SearchHeader, Status
from toolkit.runs.search import Artifact
from toolkit.runs.values import encode
from toolkit.trackers._wandb_files import run_folders, wait_until_whole
from toolkit.trackers.best import best_point, search_files
from toolkit.trackers.flat import as_text, with_value
from toolkit.trackers.metrics import as_number
from toolkit.trackers.receipts import free_name, is_whole, write_receipt
from toolkit.trackers.registry import OPTIONS, check_options
from toolkit.trackers.space import check_space
from toolkit.trackers.wandb_account import has_account

# Names that W&B keeps for itself, and the one that all others are drawn over; a metric of that name gets
# `metric` in front, and so does one that has it already.
_TAKEN = re.compile(r"(?:metric_)*(?:metric)?(?:_step|_runtime|_timestamp|_wandb|epoch)")
EXIT_CODE = {Status.COMPLETED: 0, Status.STOPPED: 0, Status.FAILED: 1, Status.INTERRUPTED: 255}


class WandbTracker:
    """Writes one search to W&B, online or into `wandb/` at the project's root.

    Args:
        options: `mode` (online, offline), `project`, `entity`; WANDB_MODE, WANDB_PROJECT, WANDB_ENTITY win.
    """

    def __init__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> None:
        check_options("wandb", options, OPTIONS["wandb"])
        self._header = header
        self._mode = mode_of(options)
        self._folder = project.wandb_dir
        self._project_name = project_name(header, options)
        self._entity = os.environ.get("WANDB_ENTITY") or options.get("entity")
        self.target = f"wandb {self._mode} {self._folder} {self._entity or ''}/{self._project_name}"
        self._runs: dict[str, Any] = {}
        self._defined: dict[str, set[str]] = {}

    def open(self, search: Search) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for run in search.runs.values():
            if not self._is_whole(run):
                self.begin(run)
                if run.status is not Status.RUNNING:
                    self.end(run)

    def begin(self, run: Run) -> None:
        if run.run_id not in self._runs:
            self._start(run)
            self.log(run, run.points)

    def log(self, run: Run, points: Sequence[Point]) -> None:
        session = self._runs[run.run_id]
        for point in points:
            metrics = {stored_name(name): stored_value(value) for name, value in point.metrics.items()}
            self._define(run, metrics)
            row = {"epoch": point.epoch, **metrics, "_timestamp": point.t / 1000}
            session.log(row, step=point.epoch)

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        """The configuration has what holds now, `toolkit.changes` how it came to that."""
        self._runs[run.run_id].config.update(encode(self._config(run)), allow_val_change=True)

    def artifact(self, artifact: Artifact, path: Path) -> None:
        """Files wait for the search's own run: a trial may have ended long before its file is told."""

    def end(self, run: Run) -> None:
        session = self._runs.pop(run.run_id, None)
        if session is None:
            return
        note = {"status": run.status, "rung": run.rung, "reason": run.reason, "error": run.error}
        session.summary.update({"toolkit": {k: v for k, v in note.items() if v is not None}})
        if run.error is not None:
            _save_text(session, "error.txt", run.error)
        folder = Path(session.settings.sync_dir)
        session.finish(exit_code=EXIT_CODE[run.status])
        if self._mode == "offline":
            wait_until_whole(folder, len(run.points))
        if folder.is_dir():
            write_receipt(folder, run)

    def close(self, search: Search) -> None:
        self._set_aside(search.id)
        session = self._init(
            search.id, f"{search.experiment}@{search.id}", "search", self._lineage(search.origin)
        )
        best = best_point(search)
        if best is not None:
            run, point = best
            metrics = {name: value for name, value in point.metrics.items() if as_number(value) is not None}
            session.summary.update({"best": {"run": run.run_id, "epoch": point.epoch, "metrics": metrics}})
        session.summary.update({"toolkit": {"status": search.status}})
        for artifact, path in search_files(search):
            if path.suffix == ".csv":
                session.log({artifact.name: _table(path)})
            name = re.sub(r"[^\w.\-]", "_", f"{search.experiment}-{artifact.name}")[:128]
            _log_file(session, name, artifact.name, path)
        folder = Path(session.settings.sync_dir)
        session.finish(exit_code=EXIT_CODE[search.status])
        if self._mode == "offline":
            wait_until_whole(folder, 0)

    def release(self) -> None:
        for session in self._runs.values():
            session.finish(exit_code=EXIT_CODE[Status.INTERRUPTED])
        self._runs = {}

    def _start(self, run: Run) -> None:
        self._set_aside(run.run_id)
        name = f"trial {run.trial}"
        self._runs[run.run_id] = self._init(run.run_id, name, self._header.job, self._config(run))
        self._defined[run.run_id] = set()

    def _config(self, run: Run) -> dict[str, Any]:
        """What the run is trained as now, and under `toolkit` where it comes from and what was sampled."""
        changes = [{"epoch": change.epoch, "t": change.t, "params": change.params} for change in run.changes]
        about = {"trial": run.trial, "seed": run.seed, "params": run.params, "changes": changes}
        config = run.config
        for change in run.changes:
            for path, value in change.params.items():
                config = with_value(config, path.split("."), value)
        return {**config, "toolkit": {**self._lineage(run.origin)["toolkit"], **about}}

    def _init(self, run_id: str, name: str, job_type: str, config: Mapping[str, Any]) -> Any:
        origin = config["toolkit"]
        settings = wandb.Settings(
            console="off",
            silent=True,
            disable_code=True,
            save_code=False,
            disable_git=True,  # the commit is the journal's, not that of whoever ships it
            git_commit=origin.get("commit"),
            git_remote_url=origin.get("remote"),
            program=origin.get("command"),
            x_disable_stats=True,
            x_disable_meta=True,  # arguments and machine of whoever ships it: no lineage, and maybe a secret
            x_save_requirements=False,
        )
        return wandb.init(
            project=self._project_name,
            entity=self._entity,
            dir=str(self._folder),
            id=run_id,
            name=name,
            group=self._header.id,
            job_type=job_type,
            notes=self._header.note or None,
            config=encode(dict(config)),
            mode=self._mode,
            resume="allow" if self._mode == "online" else None,
            reinit="create_new",
            settings=settings,
        )

    def _define(self, run: Run, metrics: Mapping[str, Any]) -> None:
        """Let new metrics be drawn over `epoch`, and the summary hold their lowest and highest value."""
        session, defined = self._runs[run.run_id], self._defined[run.run_id]
        if not defined:
            session.define_metric("epoch")
        for name in metrics.keys() - defined - {"epoch"}:
            summary = None if as_number(metrics[name]) is None else "min,max,last"
            session.define_metric(_escaped(name), step_metric="epoch", summary=summary)
        defined |= {"epoch", *metrics}

    def _lineage(self, origin: Mapping[str, Any]) -> dict[str, Any]:
        header = self._header
        return {
            "toolkit": {
                "search": header.id,
                "experiment": header.experiment,
                "metric": header.metric,
                "mode": header.mode,
                "search_seed": header.seed,
                "data": header.data,
                "labels": header.labels,
                **({"confirms": header.spec["confirms"]} if header.confirms else {}),
                **(origin or header.provenance),
            }
        }

    def _is_whole(self, run: Run) -> bool:
        if self._mode != "offline":
            return (
                run.status is not Status.RUNNING
            )  # ended means finished, and finishing waits for the upload
        folders = run_folders(self._folder, run.run_id, self._project_name)
        return len(folders) == 1 and is_whole(folders[0], run)

    def _set_aside(self, run_id: str) -> None:
        """Rename folder and file, so that `wandb sync wandb/offline-run-*` does not upload them either."""
        if self._mode == "offline":
            check_space(self._folder)
            for folder in run_folders(self._folder, run_id, self._project_name):
                for file in folder.glob("*.wandb"):
                    file.rename(free_name(file))
                folder.rename(free_name(folder))


def project_name(header: SearchHeader, options: Mapping[str, Any]) -> str:
    """W&B's project of a search: its experiment's name unless another was asked for, as W&B takes it."""
    name = os.environ.get("WANDB_PROJECT") or options.get("project") or header.experiment
    return re.sub(r"[/\\#?%:]", "-", str(name))[:128]


def mode_of(options: Mapping[str, Any]) -> Literal["online", "offline", "disabled"]:
    """What the environment says, then the options; else online with an account, offline without one."""
    has_key = has_account(os.environ)
    given = os.environ.get("WANDB_MODE") or options.get("mode") or ("online" if has_key else "offline")
    if given == "disabled":
        return "disabled"
    if given == "offline":
        return "offline"
    if given != "online":
        raise TrackerError(f"the mode of W&B must be online, offline or disabled, not {given!r}")
    if not has_key:
        raise TrackerError(
            "W&B is to be online, but there is no account: `wandb login`, or set WANDB_API_KEY"
        )
    return "online"


def stored_name(name: str) -> str:
    """What a metric is called in W&B."""
    if _TAKEN.fullmatch(name) is None:
        return name
    return f"metric{name}" if name.startswith("_") else f"metric_{name}"


def original_name(stored: str) -> str:
    """What a metric was called before it was stored: the inverse of `stored_name`."""
    for name in (stored.removeprefix("metric"), stored.removeprefix("metric_")):
        if name != stored and stored_name(name) == stored:
            return name
    return stored


def stored_value(value: Any) -> Any:
    """What a metric is in W&B: JSON where a dictionary would be taken apart, an integer become infinite."""
    is_huge = isinstance(value, int) and value.bit_length() > 63
    return as_text(value) if is_huge or isinstance(value, dict) else value


def _escaped(name: str) -> str:
    """W&B reads a dot in a metric's definition as a step into a nested value."""
    return name.replace("\\", "\\\\").replace(".", "\\.")


def _save_text(session: Any, name: str, text: str) -> None:
    """A file of the run, uploaded with it."""
    path = Path(session.dir) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    session.save(str(path), base_path=session.dir, policy="now")


def _table(path: Path) -> Any:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return wandb.Table(columns=rows[0] if rows else [], data=rows[1:])


def _log_file(session: Any, name: str, kind: str, path: Path) -> None:
    made = wandb.Artifact(name=name, type=kind)
    made.add_file(str(path))
    session.log_artifact(made, aliases=["best", "latest"])
