"""Reads the folder of a Ray Tune experiment that somebody else's program left, without Ray and its pickles.

A trial is a folder with `params.json`, its results in `result.json` (or, where that is gone, `progress.csv`)
and `error.txt` where it failed; `experiment_state-*.json` beside the trials tells their statuses.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.errors import JournalError
from toolkit.runs.status import Status

# Columns that Ray adds to what a trial reports; docs/tracking.md lists them.
BOOKKEEPING = frozenset(
    {
        "checkpoint_dir_name",
        "config",
        "date",
        "done",
        "experiment_id",
        "experiment_tag",
        "hostname",
        "iterations_since_restore",
        "node_ip",
        "pid",
        "should_checkpoint",
        "time_since_restore",
        "time_this_iter_s",
        "time_total_s",
        "timestamp",
        "timesteps_since_restore",
        "timesteps_total",
        "training_iteration",
        "trial_id",
        "warmup_time",
    }
)
_ENDS = {"TERMINATED": Status.COMPLETED, "ERROR": Status.FAILED}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class RayPoint:
    """One row that a trial reported.

    Attributes:
        epoch: Ray's `training_iteration` less 1.
        step: Ray's `timesteps_total` where the trial counts them, else `training_iteration`.
        t: UTC milliseconds; whole seconds, as Ray has them.
    """

    epoch: int
    step: int
    metrics: dict[str, Any]
    t: int
    seconds: float | None


@dataclass(frozen=True)
class RayTrial:
    """One trial's folder.

    Attributes:
        folder: its name, unique in the experiment.
        params: dotted path -> sampled value; the whole configuration where nothing says what was sampled.
        status: RUNNING where neither an end nor an error is on record.
        started, ended: UTC milliseconds; ended None while it runs.
    """

    folder: str
    params: dict[str, Any]
    config: dict[str, Any]
    points: list[RayPoint]
    status: Status
    error: str | None
    host: str | None
    started: int
    ended: int | None


@dataclass(frozen=True)
class RayExperiment:
    """An experiment's folder.

    Attributes:
        identity: says the same of the folder however much it grows.
        metric: what the experiment optimised, where its files say it.
        is_over: every trial has ended, those that had not begun when the files were written too.
        trials: in the order in which they began.
    """

    path: Path
    identity: str
    metric: str | None
    is_over: bool
    trials: list[RayTrial]


def find_ray_folders(path: Path) -> list[Path]:
    """The folders of experiments at `path` or below it."""
    trials = (file.parent for file in path.rglob("params.json") if _has_results(file.parent))
    return sorted({trial.parent for trial in trials} | ({path} if _states(path) else set()))


def read_ray_folder(path: Path) -> RayExperiment:
    """The experiment in a folder.

    Raises:
        JournalError: a file in it is not what Ray writes; the message names the file.
    """
    states = [_load(file) for file in _states(path)]
    told = {
        about["relative_logdir"]: (about, metadata)
        for state in states  # the newest last
        for about, metadata in map(_decoded, state.get("trial_data", []))
        if about.get("relative_logdir")
    }
    folders = [file.parent for file in path.glob("*/params.json")]
    trials = [_trial(folder, *told.get(folder.name, ({}, {})), has_state=bool(states)) for folder in folders]
    began = states[0].get("runner_data", {}).get("_start_time") if states else None
    metrics = [state.get("runner_data", {}).get("_metric") for state in states]
    return RayExperiment(
        path=path,
        identity=repr(began) if began is not None else min((f.name for f in folders), default=path.name),
        metric=next((name for name in reversed(metrics) if isinstance(name, str)), None),
        is_over=all(trial.ended is not None for trial in trials)
        and all(about.get("status") in _ENDS for about, _ in told.values()),
        trials=sorted(trials, key=lambda trial: (trial.started, trial.folder)),
    )


def _states(path: Path) -> list[Path]:
    return sorted(path.glob("experiment_state-*.json"))


def _has_results(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("result.json", "progress.csv", "error.txt"))


def _decoded(entry: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ray keeps a trial's state and its metadata as JSON inside of JSON."""
    try:
        about, metadata = (json.loads(part) if isinstance(part, str) else part for part in entry)
        return dict(about), dict(metadata)
    except (TypeError, ValueError):
        return {}, {}


def _trial(folder: Path, about: Mapping[str, Any], metadata: Mapping[str, Any], has_state: bool) -> RayTrial:
    config = _load(folder / "params.json")
    rows = list(_rows(folder))
    changed = int(folder.stat().st_mtime * 1000)
    points = _points(rows, changed)
    began = metadata.get("start_time")
    times = [point.t for point in points] + ([int(began * 1000)] if began else [])
    status = _status(folder, about, has_state)
    last = metadata.get("last_result_time")
    ended = max([*times, *([int(last * 1000)] if last else [])], default=changed)
    flat = dict(_flat(config, "."))
    sampled = [name.replace("/", ".") for name in about.get("evaluated_params") or flat]
    return RayTrial(
        folder=folder.name,
        params={name: flat[name] for name in sampled if name in flat},
        config=config,
        points=points,
        status=status,
        error=_error(folder) if status is Status.FAILED else None,
        host=next((row["hostname"] for row in rows if row.get("hostname")), None),
        started=min(times, default=changed),
        ended=None if status is Status.RUNNING else ended,
    )


def _status(folder: Path, about: Mapping[str, Any], has_state: bool) -> Status:
    told = about.get("status")
    if told is not None:
        return _ENDS.get(str(told), Status.RUNNING)
    if (folder / "error.txt").exists() or (folder / "error.pkl").exists():
        return Status.FAILED
    return Status.RUNNING if has_state else Status.COMPLETED


def _error(folder: Path) -> str:
    try:
        text = (folder / "error.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "Ray kept no text of the error."
    return _COLOURS.sub("", text)


def _points(rows: list[dict[str, Any]], otherwise: int) -> list[RayPoint]:
    """The rows as points; one whose iteration does not go on was trained again and counts once."""
    points: list[RayPoint] = []
    for number, row in enumerate(rows, start=1):
        iteration = _whole(row.get("training_iteration"), number)
        if points and iteration - 1 <= points[-1].epoch:
            continue
        seconds, stamp = row.get("time_this_iter_s"), row.get("timestamp")
        points.append(
            RayPoint(
                epoch=iteration - 1,
                step=_whole(row.get("timesteps_total"), iteration),
                metrics=dict(_reported(row)),
                t=int(stamp * 1000) if isinstance(stamp, int | float) else otherwise,
                seconds=float(seconds) if isinstance(seconds, int | float) else None,
            )
        )
    return points


def _whole(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _reported(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    own = {name: value for name, value in row.items() if name not in BOOKKEEPING}
    for name, value in _flat(own, "/"):
        if not name.startswith("config/"):
            yield name, value


def _flat(value: Mapping[str, Any], between: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and inner:
            yield from _flat(inner, between, f"{prefix}{key}{between}")
        else:
            yield f"{prefix}{key}", inner


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The trial's rows; a last line that is still being written is not there yet."""
    path = folder / "result.json"
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield _object(path, line)
    elif (folder / "progress.csv").is_file():
        with (folder / "progress.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: _cell(text) for name, text in row.items() if text not in (None, "")}


def _cell(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"True": True, "False": False}.get(text, text)


def _load(path: Path) -> dict[str, Any]:
    try:
        return _object(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JournalError(f"cannot read {path}: {error.strerror}") from error


def _object(path: Path, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("no object")
    except ValueError as error:
        raise JournalError(f"{path}: not what Ray Tune writes ({text[:60]!r})") from error
    return found
