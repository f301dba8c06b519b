"""The index kept up with a search while it runs, by the process that ships its journal to the trackers.

It is a favour to the next `toolkit compare`, which would catch up itself. So it yields to everybody: a file
that is locked is left to whoever holds it, and what goes wrong is told once and changes nothing.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.errors import BusyError
from toolkit.leaderboard.index.catching_up import catch_up
from toolkit.leaderboard.index.opening import FAILURES, Index, open_index
from toolkit.leaderboard.index_file import FILE_NAME
from toolkit.runs import Project, SearchFolder

_EVERY_SECONDS = 2.0
_PATIENCE_SECONDS = 1.0
_LAST_SECONDS = 30.0
"""How long the block's end waits for the last of it."""


@contextmanager
def keeping_up(
    folder: SearchFolder, project: Project, talk: Callable[[str], None] = lambda line: None
) -> Iterator[None]:
    """While the block runs, the index takes in what the search writes, and once more when it ends.

    The index is that of the project's journals. A search that lies elsewhere is kept in the one beside its
    own journals, where there is one already.

    Args:
        talk: takes the line that says why it does not work; what cannot be read in the journal is not told.
    """
    runs = _runs_of(folder, project)
    if runs is None:
        yield
        return
    ending = threading.Event()
    thread = threading.Thread(target=_keep_up, args=(folder, runs, ending, talk), name="index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(_LAST_SECONDS)


def _runs_of(folder: SearchFolder, project: Project) -> Path | None:
    """The folder whose index the search belongs to; None where there is none."""
    path = folder.path.resolve()
    if path.is_relative_to(project.runs.resolve()):
        return project.runs
    beside = path.parent.parent
    return beside if (beside / FILE_NAME).is_file() else None


def _keep_up(folder: SearchFolder, runs: Path, ending: threading.Event, talk: Callable[[str], None]) -> None:
    index: Index | None = None
    told = False
    is_last = False
    while not is_last:
        is_last = ending.wait(_EVERY_SECONDS)
        try:
            index = index or _open(runs)
            catch_up(index, runs, [folder])
        except BusyError:
            pass  # somebody else catches up, or will
        except (*FAILURES, OSError) as error:
            if not told:
                talk(f"index: {error}; `toolkit compare` reads the journal itself")
            told = True
            if index is not None:  # another process may have put a whole file in its place
                index.close()
                index = None
    if index is not None:
        index.close()


def _open(runs: Path) -> Index:
    index = open_index(runs)
    index.database.execute(f"PRAGMA busy_timeout = {_PATIENCE_SECONDS * 1000:.0f}")
    return index
