"""How far a tracker has got in a journal, store by store; kept in a file of its own beside it.

A search has one store of its own in each tracker, which its record and the environment name. It may be
mirrored into others besides: each keeps its place, so going from one to the other sends nothing twice.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from toolkit.runs import Record, SearchFolder, read_journal


@dataclass(frozen=True)
class Cursor:
    """Everything before `offset` is in the store `target`.

    Attributes:
        offset: bytes of the journal.
        target: which store (see `Tracker.target`); one without a cursor starts from the beginning.
        closed: the search was ended there, so without new lines there is nothing to do.
    """

    offset: int = 0
    target: str = ""
    closed: bool = False


@dataclass(frozen=True)
class Cursors:
    """All cursors of one tracker.

    Attributes:
        own: of the store that the search ships to by itself.
        others: of every other store that has something of the search.
    """

    own: Cursor = Cursor()
    others: tuple[Cursor, ...] = ()

    def at(self, target: str) -> Cursor:
        """The cursor of a store; one at the beginning where it has nothing."""
        known = (cursor for cursor in (self.own, *self.others) if cursor.target == target)
        return next(known, Cursor(target=target))

    def with_own(self, cursor: Cursor) -> "Cursors":
        """The same with this cursor as that of the own store; one of another store before it is kept."""
        before = self.own
        kept = [before] if before.target not in ("", cursor.target) else []
        return Cursors(cursor, (*kept, *self._others_than(cursor.target)))

    def with_other(self, cursor: Cursor) -> "Cursors":
        """The same with this cursor in the place of its store, whose own it need not be."""
        if self.own.target == cursor.target:
            return replace(self, own=cursor)
        return replace(self, others=(*self._others_than(cursor.target), cursor))

    def _others_than(self, target: str) -> list[Cursor]:
        return [cursor for cursor in self.others if cursor.target != target]


def read_cursors(folder: SearchFolder, tracker: str) -> Cursors:
    """The tracker's cursors; those that do not fit the journal are at its beginning.

    A file of an older version holds the own store's only.
    """
    try:
        stored = json.loads(folder.cursor(tracker).read_text(encoding="utf-8"))
        size = folder.journal.stat().st_size
        others = [_fitting(entry, size) for entry in stored.pop("others", [])]
        return Cursors(_fitting(stored, size), tuple(cursor for cursor in others if cursor.offset > 0))
    except (OSError, ValueError, TypeError, AttributeError):
        return Cursors()


def write_cursors(folder: SearchFolder, tracker: str, cursors: Cursors) -> None:
    """Keep the cursors: written aside and renamed, so they are the old or the new ones, never half."""
    path = folder.cursor(tracker)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    content = {**asdict(cursors.own), "others": [asdict(cursor) for cursor in cursors.others]}
    try:
        aside.write_text(json.dumps(content) + "\n", encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def records_before(folder: SearchFolder, offset: int) -> Iterator[Record]:
    """The records that a cursor at `offset` has behind it; at least the first one, the search's own."""
    for number, record in enumerate(read_journal(folder.journal)):
        if number > 0 and record.end > offset:
            return
        yield record


def _fitting(entry: dict[str, Any], size: int) -> Cursor:
    cursor = Cursor(**entry)
    return cursor if cursor.offset <= size else Cursor()
