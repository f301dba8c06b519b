"""Removing leftovers: under the lock of the journal, which is told of each model before it goes."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.errors import JournalError
from toolkit.pruning.leftovers import MODELS, SearchLeftovers
from toolkit.runs import JournalWriter, load_search

_REASON = "toolkit prune"


@dataclass
class Removal:
    """What was done about one search.

    Attributes:
        bytes: freed.
        problems: why something is still there, one line each.
    """

    bytes: int = 0
    problems: list[str] = field(default_factory=list)


def remove(found: SearchLeftovers) -> Removal:
    """Remove the leftovers of a search, unless it has changed since they were found.

    A process that is killed on the way leaves nothing half: the next call removes the rest.
    """
    removal = Removal()
    if not found.leftovers:
        return removal
    try:
        with JournalWriter(found.search.folder) as journal:
            if load_search(found.search.folder).offset != found.search.offset:
                removal.problems.append("has changed meanwhile: nothing was removed")
                return removal
            for leftover in found.leftovers:
                if leftover.kind == MODELS and leftover.trial not in found.search.dropped_models:
                    journal.append("drop", leftover.trial, name="model", reason=_REASON)
            journal.flush()
            _remove_all(found, removal)
    except JournalError as error:
        removal.problems.append(str(error))
    return removal


def _remove_all(found: SearchLeftovers, removal: Removal) -> None:
    for leftover in found.leftovers:
        try:
            _remove(leftover.path)
            removal.bytes += leftover.bytes
        except OSError as error:
            removal.problems.append(f"{error.filename or leftover.path}: {error.strerror}")
    _remove_empty([leftover.path.parent for leftover in found.leftovers])


def _remove(path: Path) -> None:
    if path.is_symlink():
        raise OSError(0, "has become a link meanwhile", str(path))
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove the folders of trials that have nothing in them any more."""
    for folder in dict.fromkeys(folders):
        if folder.name == "training":
            with suppress(OSError):  # there is something in it
                folder.rmdir()
