"""The index follows the journals: it reads on where it left off, and only what has grown.

Several processes may do that at once. Whoever holds the transaction reads on; the next one finds it done.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from toolkit.errors import JournalError
from toolkit.leaderboard.index.growing import GrowingSearch, forget
from toolkit.leaderboard.index.opening import Index
from toolkit.runs import SearchFolder, read_journal
from toolkit.runs.search import fold
from toolkit.runs.values import loads

_RECORDS_A_TRANSACTION = 20_000
_TAIL = 100


def catch_up(
    index: Index, runs: Path, folders: Sequence[SearchFolder] | None = None
) -> dict[str, JournalError]:
    """Take in what the journals have that the index has not; the place of each that cannot be read.

    Args:
        runs: folder of all journals; the index names those below it by their path from there.
        folders: only these, wherever they lie; without them all below `runs`, and what has gone is dropped.
    """
    known = dict(index.database.execute("SELECT place, file FROM search"))
    found = dict(_journals(runs) if folders is None else ((place_of(runs, f.path), f.path) for f in folders))
    unreadable: dict[str, JournalError] = {}
    for place, path in found.items():
        try:
            file = _file(path)
            if file is not None and known.get(place) != file:
                _read_on(index, place, SearchFolder(Path(path)))
        except JournalError as error:
            unreadable[place] = error
    if folders is None:
        gone = [place for place in known if place not in found and not place.startswith("/")]
        if gone:
            with index.writing():
                for place in gone:
                    forget(index, place)
    return unreadable


def _journals(runs: Path) -> Iterator[tuple[str, str | Path]]:
    """(place, folder) of all searches below `runs`, by experiment and id."""
    for experiment, folder in _folders(runs):
        for search, path in _folders(folder):
            yield f"{experiment}/{search}", path


def _folders(folder: Path | str) -> list[tuple[str, str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name, entry.path) for entry in entries if entry.is_dir())
    except OSError:
        return []


def place_of(runs: Path, folder: Path) -> str:
    """How the index names a search's folder: from `runs` on where it lies below it."""
    folder = folder.resolve()
    root = runs.resolve()
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)


def _file(folder: Path | str) -> str | None:
    """What tells one state of a journal from another; None where there is none."""
    try:
        about = os.stat(f"{folder}/journal.jsonl")  # noqa: PTH116 - of ten thousand, this is twice as fast
    except OSError:
        return None
    return f"{about.st_ino} {about.st_size} {about.st_mtime_ns}"


def _read_on(index: Index, place: str, folder: SearchFolder) -> None:
    """Read the journal to its end, in transactions of some thousand records."""
    is_whole = False
    while not is_whole:
        with index.writing():
            file = _file(folder.path)
            if file is None:
                return
            known = _still_the_same(index, place, folder, file)
            records = read_journal(folder.journal, 0 if known is None else known.search.offset)
            some = list(islice(records, _RECORDS_A_TRANSACTION))
            is_whole = len(some) < _RECORDS_A_TRANSACTION
            if known is None:
                if not some:
                    return  # it has not begun
                known = GrowingSearch.begin(index, place, fold(folder, [some.pop(0)]))
            for record in some:
                known.search.apply(record)
            # What was written after we looked at the file is read again, and known then.
            tail = _before(folder.journal, known.search.offset)
            known.write(file if is_whole else _inode(file), tail)


def _still_the_same(index: Index, place: str, folder: SearchFolder, file: str) -> GrowingSearch | None:
    """The search as the index has it; forgotten where another journal has taken its place."""
    row = index.database.execute(
        "SELECT file, offset, id, started, state FROM search WHERE place = ?", (place,)
    ).fetchone()
    if row is None:
        return None
    was, offset, search_id, started, state = row
    first = next(read_journal(folder.journal), None)
    is_longer = _inode(was) == _inode(file) and int(file.split()[1]) >= offset
    # Somebody may have cut off a damaged line, and the search gone on beyond where it was.
    is_longer = is_longer and loads(state).get("tail") == _before(folder.journal, offset)
    if is_longer and first is not None and (first.body.get("id"), first.t) == (search_id, started):
        return GrowingSearch.find(index, place, folder)
    forget(index, place)
    return None


def _before(journal: Path, offset: int) -> str:
    """The last bytes before a place in the journal."""
    with journal.open("rb") as file:
        start = max(0, offset - _TAIL)
        file.seek(start)
        return file.read(offset - start).hex()


def _inode(file: str) -> str:
    return file.split()[0]
