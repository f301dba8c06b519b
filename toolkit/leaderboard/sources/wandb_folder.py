"""W&B's offline files: those of a `wandb/` folder, of a project's root, or of one run.

Files that an online run leaves there are of the same kind and count too. What was set aside as superseded
does not. A file that a kill has torn counts as far as it is whole.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolkit.errors import NotFoundError, TrackerError
from toolkit.leaderboard.sources.wandb_run import WandbRun
from toolkit.runs import Status
from toolkit.runs.values import loads
from toolkit.trackers.receipts import SUPERSEDED

_MAGIC = b":W&B"
_NEEDED = frozenset({"run", "config", "summary", "history", "exit"})


def runs_in_folder(path: Path) -> list[WandbRun]:
    """The runs whose files lie in the folder, by project, each once: one that was resumed has several files.

    Raises:
        NotFoundError: there are none.
        TrackerError: a file cannot be read.
    """
    found: dict[tuple[str, str], WandbRun] = {}
    for file in wandb_files(path):
        run = _read(file)
        if run is None:
            continue
        known = found.setdefault((run.project, run.id), run)
        if known is not run:
            _go_on(known, run)
    if not found:
        raise NotFoundError(f"no run of W&B in {path}: it has no file *.wandb with a run in it")
    return list(found.values())


def wandb_files(path: Path) -> list[Path]:
    """The offline files of one run's folder, a `wandb/` folder, or a project's root; oldest first."""
    names = ("offline-run-*", "run-*")
    folders = [folder for home in (path, path / "wandb") for name in names for folder in home.glob(name)]
    kept = [folder for folder in folders if folder.suffix != SUPERSEDED]
    kept.sort(key=lambda folder: folder.name.removeprefix("offline-"))  # the time stands behind it
    return [file for folder in [path, *kept] for file in sorted(folder.glob("*.wandb")) if file.is_file()]


def _go_on(known: WandbRun, later: WandbRun) -> None:
    known.config |= later.config
    known.rows += later.rows
    known.note, known.status = later.note, later.status


def _read(file: Path) -> WandbRun | None:
    """The run of a file; None where it was torn before it said whose it is."""
    run: WandbRun | None = None
    for kind, record in _records(file):
        if kind == "run":
            run = _begun(record) if run is None else run
            run.config |= _values(record.config)
        elif run is None:
            continue
        elif kind == "config":
            run.config |= _values(record)
        elif kind == "summary":
            note = [item.value_json for item in record.update if item.key == "toolkit"]
            run.note = loads(note[-1]) if note else run.note
        elif kind == "history":
            run.rows.append({_name(item): json.loads(item.value_json) for item in record.item})
        else:
            run.status = _status(record.exit_code)
    return run


def _begun(record: Any) -> WandbRun:
    return WandbRun(
        id=record.run_id,
        project=record.project,
        started=record.start_time.ToMilliseconds(),
        group=record.run_group,
        job=record.job_type,
        notes=record.notes,
    )


def _values(record: Any) -> dict[str, Any]:
    """The user's part of a configuration; an empty one stands there as no key."""
    return {item.key: loads(item.value_json) for item in record.update if item.key not in ("", "_wandb")}


def _name(item: Any) -> str:
    nested = item.nested_key
    return nested[0] if len(nested) == 1 else ".".join(nested) or item.key


def _status(exit_code: int) -> Status:
    return {0: Status.COMPLETED, 255: Status.INTERRUPTED}.get(exit_code, Status.FAILED)


def _records(file: Path) -> Iterator[tuple[str, Any]]:
    """(kind, record) of those records of the file that tell of runs, as far as it is whole.

    Raises:
        TrackerError: the file cannot be read.
    """
    from toolkit.trackers._wandb_files import records  # loads wandb

    try:
        with file.open("rb") as begin:
            if begin.read(len(_MAGIC)) != _MAGIC:
                return
        for record in records(file):
            kind = record.WhichOneof("record_type")
            if kind in _NEEDED:
                yield kind, getattr(record, kind)
    except OSError as error:
        raise TrackerError(f"cannot read {file}: {error.strerror}") from error
