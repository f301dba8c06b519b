"""The lines of a journal, read: `docs/journal.md` is the contract. Who only reads loads nothing else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.errors import JournalError
from toolkit.runs.layout import SearchFolder
from toolkit.runs.values import loads

FORMAT_VERSION = 1
_MOST_TRIALS = 2**32


@dataclass(frozen=True)
class Record:
    """One line of a journal.

    Attributes:
        kind: search, trial, point, end, artifact, note, ...; readers skip kinds that they do not know.
        t: when it was written, UTC milliseconds; never less than the line before.
        trial: number of the trial that it speaks of; None when it speaks of the search.
        body: the whole line.
        end: offset in bytes just behind the line: where a reader that has dealt with it goes on.
    """

    kind: str
    t: int
    trial: int | None
    body: dict[str, Any]
    end: int


def read_journal(path: Path, offset: int = 0) -> Iterator[Record]:
    """The records from `offset` on; a last line without its newline is not there yet.

    Raises:
        JournalError: the file is missing, a line in the middle is no JSON object, or the format is
            newer than this version reads.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise JournalError(f"cannot read the journal {path}: {error.strerror}") from error
    with file:
        file.seek(offset)
        for line in file:
            if not line.endswith(b"\n"):
                return
            offset += len(line)
            yield _record(path, line, offset)


def _record(path: Path, line: bytes, end: int) -> Record:
    try:
        body = loads(line)
        version, kind, t = body["v"], body["kind"], body["t"]
        if not isinstance(kind, str) or not all(map(_is_whole, (version, t, body.get("trial", 0)))):
            raise ValueError("v, t and trial must be whole numbers, kind must be text")
        if not 0 <= body.get("trial", 0) < _MOST_TRIALS or t.bit_length() > 63:
            raise ValueError("the trial or the time is out of reach")
        if b"\\ud" in line.lower():
            json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise JournalError(
            f"{path}, before byte {end}: not a line of a journal ({line[:60]!r}); "
            "restore the file, or cut it off before this line"
        ) from error
    if version > FORMAT_VERSION:
        raise JournalError(
            f"{path} has format {version}, this version reads up to {FORMAT_VERSION}: update toolkit"
        )
    return Record(kind=kind, t=t, trial=body.get("trial"), body=body, end=end)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def has_begun(folder: SearchFolder) -> bool:
    """Whether the folder's journal has its first line: a process may have died before it wrote that.

    Raises:
        JournalError: the first line is not one of a journal.
    """
    return folder.journal.exists() and next(iter(read_journal(folder.journal)), None) is not None
