"""The small files below `results/`: as a revision has them, and as they lie there now."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, NoReturn

from toolkit.errors import NotFoundError
from toolkit.runs import Revision
from toolkit.runs.revision import Blob

RESULTS, LOCK = "results", "dvc.lock"


@dataclass(frozen=True)
class ResultFile:
    """A file that the revision has, or that lies there now and git would take.

    Attributes:
        path: as git names it, from the project's root.
        before, now: its bytes; empty where there are none, and `now` of a new file is not read.
    """

    path: str
    state: Literal["same", "changed", "missing", "new"]
    before: bytes = b""
    now: bytes = b""

    @property
    def experiment(self) -> str | None:
        return experiment_of(self.path)


def experiment_of(path: str) -> str | None:
    """The folder below `results/` that the file lies in; None where it lies in none."""
    parts = PurePosixPath(path).parts
    return parts[1] if len(parts) > 2 and parts[0] == RESULTS else None


def result_files(revision: Revision, folder: Path) -> list[ResultFile]:
    """What the revision has below `results/`, and what lies in the folder and is not ignored, by path.

    Args:
        folder: stands for `results/` as it is now.

    Raises:
        NotFoundError: the revision has no results, or git cannot say which files it ignores.
        OSError: a file cannot be read.
    """
    committed = {path: blob for path, blob in revision.files(RESULTS).items() if path != RESULTS}
    if not committed:
        raise NotFoundError(
            f"{revision.short} has nothing below {RESULTS}/: commit what a search left there first, "
            f"`git add {LOCK} {RESULTS}`"
        )
    lying = {f"{RESULTS}/{name}" for name in _names(folder)}
    ignored = revision.ignored(lying - committed.keys())
    return [
        state_of(revision, path, committed.get(path), folder / path.removeprefix(f"{RESULTS}/"))
        for path in sorted({*committed, *lying} - ignored)
    ]


def state_of(revision: Revision, path: str, blob: Blob | None, place: Path) -> ResultFile:
    """What became of a file: the revision has it as `blob`, and it would lie at `place` now.

    Raises:
        OSError: it cannot be read.
    """
    if blob is None:
        return ResultFile(path, "new")
    now = _read(place, blob)
    if now is None:
        return ResultFile(path, "missing", blob.content)
    return ResultFile(path, "same" if revision.keeps(path, blob, now) else "changed", blob.content, now)


def _read(place: Path, blob: Blob) -> bytes | None:
    """The bytes there, or where a committed link leads; None where there is neither."""
    if blob.is_link and place.is_symlink():
        return os.fsencode(place.readlink())
    return place.read_bytes() if place.is_file() else None


def _names(folder: Path) -> Iterator[str]:
    """The paths of all files below the folder, as seen from it; a link to a folder counts as a file."""
    if not folder.is_dir():
        return
    for parent, folders, files in os.walk(folder, onerror=_raise):
        for name in [*files, *(name for name in folders if (Path(parent) / name).is_symlink())]:
            yield (Path(parent) / name).relative_to(folder).as_posix()


def _raise(error: OSError) -> NoReturn:
    raise error
