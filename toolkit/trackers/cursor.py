"""How far a tracker has got in a journal; kept in a file of its own beside it."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from toolkit.runs import Record, SearchFolder, read_journal


@dataclass(frozen=True)
class Cursor:
    """Everything before `offset` is in the store `target`.

    Attributes:
        offset: bytes of the journal.
        target: which store (see `Tracker.target`); another one starts from the beginning.
        closed: the search was ended there, so without new lines there is nothing to do.
    """

    offset: int = 0
    target: str = ""
    closed: bool = False


def read_cursor(folder: SearchFolder, tracker: str) -> Cursor:
    """The tracker's cursor; one at the beginning when there is none that fits the journal."""
    try:
        cursor = Cursor(**json.loads(folder.cursor(tracker).read_text(encoding="utf-8")))
        fits = cursor.offset <= folder.journal.stat().st_size
    except (OSError, ValueError, TypeError):
        return Cursor()
    return cursor if fits else Cursor()


def write_cursor(folder: SearchFolder, tracker: str, cursor: Cursor) -> None:
    """Keep the cursor: written aside and renamed, so it is the old or the new one, never half."""
    path = folder.cursor(tracker)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        aside.write_text(json.dumps(asdict(cursor)) + "\n", encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def records_before(folder: SearchFolder, offset: int) -> Iterator[Record]:
    """The records that a cursor at `offset` has behind it; at least the first one, the search's own."""
    for number, record in enumerate(read_journal(folder.journal)):
        if number > 0 and record.end > offset:
            return
        yield record
