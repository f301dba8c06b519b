"""Takes the folder of a plain Ray Tune experiment in as a search of the project: as a journal.

From then on it is a search like any other. Taking it in again adds what the folder has got since, and
changes nothing where that is nothing. Ray's folder is only read.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.runs.journal import JournalWriter
from toolkit.runs.layout import Project, SearchFolder, file_name, run_id
from toolkit.runs.ray_results import RayExperiment, RayTrial, find_ray_folders, read_ray_folder
from toolkit.runs.records import has_begun, read_journal
from toolkit.runs.search import Run, Search, SearchHeader, load_search
from toolkit.runs.status import Status


@dataclass(frozen=True)
class _Line:
    """A record to be written; lines of one time stand in the order in which they were made."""

    t: int
    kind: str
    trial: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def with_ray_folders(
    project: Project,
    addresses: Sequence[str],
    metric: str | None = None,
    mode: str | None = None,
    *,
    at_first: bool = False,
) -> list[str]:
    """The addresses, with each folder of plain Ray results replaced by the searches that were made of it.

    Args:
        at_first: metric and mode concern only folders that were not taken in before.

    Raises:
        ConfigurationError, JournalError: as `take_in` does.
    """
    found: list[str] = []
    for address in addresses:
        path = Path(address)
        is_ours = not address.strip() or not path.is_dir() or any(path.rglob("journal.jsonl"))
        folders = [] if is_ours else find_ray_folders(path)
        taken = [take_in(project, folder, metric, mode, at_first=at_first) for folder in folders]
        found += [str(folder.path) for folder in taken] or [address]
    return found


def take_in(
    project: Project,
    path: Path,
    metric: str | None = None,
    mode: str | None = None,
    *,
    at_first: bool = False,
) -> SearchFolder:
    """Bring the journal of a Ray experiment up to its folder; the search's id follows from its content.

    Args:
        metric, mode: what ranks the trials, where the folder's files do not say it.
        at_first: they are not held against a journal that is there already.

    Raises:
        ConfigurationError: the metric or the mode is not known, or is not that of the journal.
        JournalError: a file of the folder cannot be read, or the journal is being written.
        NotFoundError: there is no trial in the folder.
    """
    experiment = read_ray_folder(path.resolve())
    if not experiment.trials:
        raise NotFoundError(f"no trial of Ray Tune in {path}")
    name = file_name(experiment.path.name)
    digest = hashlib.sha256(json.dumps(["ray", experiment.identity]).encode()).hexdigest()
    folder = project.search(name, digest[:12])
    known = load_search(folder) if has_begun(folder) else None
    if known is None:
        header = _header(experiment, name, digest[:12], metric, mode)
        began = min(trial.started for trial in experiment.trials)
        lines = [_Line(began, "search", None, header.to_record())]
    else:
        lines = []
        if not at_first:
            _check_same(known.header, folder, metric, mode)
    new = _new_lines(experiment, known, digest[:12], _numbers(folder, known))
    if lines or new:
        with JournalWriter(folder) as writer:
            for line in [*lines, *new]:
                writer.append(line.kind, line.trial, at=line.t, **line.fields)
    return folder


def _header(
    experiment: RayExperiment, name: str, search_id: str, metric: str | None, mode: str | None
) -> SearchHeader:
    metric = metric or experiment.metric
    reported = sorted({n for trial in experiment.trials for point in trial.points for n in point.metrics})
    told = ", ".join(reported) or "nothing"
    if metric is None:
        raise ConfigurationError(
            f"the files in {experiment.path} do not say what ranks their trials: give --metric and --mode; "
            f"they report {told}"
        )
    if metric not in reported:
        raise ConfigurationError(f"no trial in {experiment.path} reports {metric!r}; they report {told}")
    if mode is None:
        raise ConfigurationError(
            f"the files in {experiment.path} do not say whether {metric} is best at its lowest or at its "
            "highest: give --mode min or --mode max"
        )
    return SearchHeader(
        id=search_id,
        experiment=name,
        metric=metric,
        mode=mode,
        job="ray",
        provenance={
            "origin": str(experiment.path),
            "host": next((trial.host for trial in experiment.trials if trial.host), None),
        },
        note=f"Taken in from the results of Ray Tune in a folder {experiment.path.name!r}.",
    )


def _check_same(header: SearchHeader, folder: SearchFolder, metric: str | None, mode: str | None) -> None:
    if (metric or header.metric, mode or header.mode) != (header.metric, header.mode):
        raise ConfigurationError(
            f"these results were taken in with --metric {header.metric} --mode {header.mode}: "
            f"remove {folder.path} to take them in anew"
        )


def _numbers(folder: SearchFolder, known: Search | None) -> dict[str, int]:
    """Trial's folder -> its number, as the journal has it."""
    if known is None:
        return {}
    records = read_journal(folder.journal)
    return {r.body["source"]: r.trial for r in records if r.kind == "trial" and r.trial is not None}


def _new_lines(
    experiment: RayExperiment, known: Search | None, search_id: str, numbers: dict[str, int]
) -> list[_Line]:
    lines: list[_Line] = []
    for trial in experiment.trials:
        number = numbers.setdefault(trial.folder, len(numbers))
        run = None if known is None else known.runs.get(number)
        lines += _begun(trial, number, search_id) if run is None else _resumed(trial, run)
        lines += _points(trial, number, -1 if run is None or not run.points else run.points[-1].epoch)
        if trial.ended is not None and (run is None or run.status is Status.RUNNING or _goes_on(trial, run)):
            lines.append(_end(trial, number, trial.ended))
    lines.sort(key=lambda line: line.t)  # stable: lines of one trial are in order already
    has_ended = known is not None and known.status is not Status.RUNNING
    if lines and has_ended:
        lines.insert(0, _Line(lines[0].t, "resume"))
    if experiment.is_over and (lines or not has_ended):
        last = max(trial.ended or trial.started for trial in experiment.trials)
        lines.append(_Line(last, "end", None, {"status": Status.COMPLETED, "best_trial": None}))
    return lines


def _begun(trial: RayTrial, number: int, search_id: str) -> Iterator[_Line]:
    fields = {"run": run_id(search_id, number), "params": trial.params, "config": trial.config, "seed": None}
    yield _Line(trial.started, "trial", number, {**fields, "source": trial.folder})


def _goes_on(trial: RayTrial, run: Run) -> bool:
    """Whether the trial is not as its run has ended."""
    last = run.points[-1].epoch if run.points else -1
    has_more = bool(trial.points) and trial.points[-1].epoch > last
    return run.status is not Status.RUNNING and (has_more or trial.status is not run.status)


def _resumed(trial: RayTrial, run: Run) -> Iterator[_Line]:
    if _goes_on(trial, run):
        new = [point.t for point in trial.points if not run.points or point.epoch > run.points[-1].epoch]
        yield _Line(min(new, default=run.ended or run.started), "resume", run.trial)


def _points(trial: RayTrial, number: int, behind: int) -> Iterator[_Line]:
    for point in trial.points:
        if point.epoch > behind:
            fields = {"epoch": point.epoch, "step": point.step, "metrics": point.metrics}
            yield _Line(point.t, "point", number, {**fields, "seconds": point.seconds})


def _end(trial: RayTrial, number: int, at: int) -> _Line:
    lines = (trial.error or "").strip().splitlines()
    reason = lines[-1] if lines else None
    return _Line(at, "end", number, {"status": trial.status, "reason": reason, "error": trial.error})
