"""The journal: an append-only file of one JSON object a line, with one writer under a lock.

`docs/journal.md` is the contract. What this gives up: it is never compacted, and a reader always reads
from the front or from an offset that it kept; a search of a thousand trials is a few megabytes.
"""

import json
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import filelock

from toolkit.errors import JournalError
from toolkit.runs.layout import SearchFolder
from toolkit.runs.records import FORMAT_VERSION, has_begun, read_journal
from toolkit.runs.secrets import redacted_arguments, without_secrets
from toolkit.runs.values import dumps

__all__ = ["JournalWriter", "has_begun", "is_being_written", "owner", "read_journal"]
_FSYNC_SECONDS = 1.0


class JournalWriter:
    """Appends records to the journal of one search; at most one process holds it at a time.

    A record is handed to the operating system before `append` returns, so a killed process loses
    nothing; it is on the disk within a second (fsync), so a machine without power loses a second.
    Safe to call from several threads.

    Raises:
        JournalError: another living process writes this journal; the message names it.
    """

    def __init__(self, folder: SearchFolder) -> None:
        self.folder = folder
        folder.path.mkdir(parents=True, exist_ok=True)
        self._lock = filelock.FileLock(folder.lock)
        self._take_lock()
        self._last_t = _cut_torn_line(folder.journal)
        self._file = folder.journal.open("ab", buffering=0)
        self._mutex = threading.Lock()
        self._syncing = threading.Lock()
        self._dirty = False
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync_now_and_then, name="journal-fsync", daemon=True)
        self._syncer.start()

    @property
    def closed(self) -> bool:
        return self._closing.is_set()

    def append(self, kind: str, trial: int | None = None, *, at: int | None = None, **fields: Any) -> int:
        """Write one record and return its time `t`: now, or `at` for what happened a while ago.

        Raises:
            JournalError: the disk does not take it (full, gone); nothing of the record is left behind.
        """
        with self._mutex:
            now = time.time_ns() // 1_000_000 if at is None else at
            t = max(self._last_t, now)  # never back, even if the clock is set back
            head = {"v": FORMAT_VERSION, "t": t, "kind": kind}
            body = head if trial is None else {**head, "trial": trial}
            self._write((dumps({**body, **_without_secrets(fields)}) + "\n").encode())
            self._last_t, self._dirty = t, True
        return t

    def _write(self, line: bytes) -> None:
        start = self._file.seek(0, os.SEEK_END)
        try:
            written = self._file.write(line)
            if written != len(line):
                raise OSError(0, f"only {written} of {len(line)} bytes were taken")
        except OSError as error:
            self._file.truncate(start)
            raise self._refused(error) from error

    def flush(self) -> None:
        """Return when everything written so far is on the disk.

        Raises:
            JournalError: the disk does not take it.
        """
        with self._syncing:
            with self._mutex:
                if not self._dirty:
                    return
                self._dirty = False
            try:
                os.fsync(self._file.fileno())  # nobody who appends waits for a slow disk
            except OSError as error:
                self._dirty = True
                raise self._refused(error) from error

    def _sync_now_and_then(self) -> None:
        while not self._closing.wait(_FSYNC_SECONDS):
            with suppress(JournalError):  # still dirty: told by the next one that asks for it
                self.flush()

    def _refused(self, error: OSError) -> JournalError:
        return JournalError(
            f"cannot write the journal {self.folder.journal}: {error.strerror}; "
            "free some disk and start the same command again, it goes on from here"
        )

    def close(self) -> None:
        """Put the rest on the disk, as far as it takes it, and let go of the lock; a second call does
        nothing.
        """
        if self._closing.is_set():
            return
        self._closing.set()
        self._syncer.join()
        with suppress(JournalError):  # every record is with the operating system: `append` would have told
            self.flush()
        self._file.close()
        self.folder.owner.unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> "JournalWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take_lock(self) -> None:
        try:
            # A reader that asks whether anybody writes holds it for a moment.
            self._lock.acquire(timeout=2)
        except filelock.Timeout as error:
            raise JournalError(
                f"the search in {self.folder.path} is being written by {owner(self.folder)}: "
                "wait for it to end, or stop it"
            ) from error
        me = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": " ".join(redacted_arguments(sys.argv)),
        }
        self.folder.owner.write_text(json.dumps(me) + "\n", encoding="utf-8")


# Text of others, which may quote what they were given: a password in an address, a token.
_FREE_TEXT = ("error", "reason", "text", "note")


def _without_secrets(fields: dict[str, Any]) -> dict[str, Any]:
    told = {name: without_secrets(fields[name]) for name in _FREE_TEXT if isinstance(fields.get(name), str)}
    return {**fields, **told}


def owner(folder: SearchFolder) -> str:
    """Who writes the journal, in words; for messages."""
    try:
        me = json.loads(folder.owner.read_text(encoding="utf-8"))
        return f"process {me['pid']} on {me['host']} ({me['command']})"
    except (OSError, ValueError, KeyError):
        return "another process"


def is_being_written(folder: SearchFolder) -> bool:
    """Whether a living process holds the journal's lock."""
    lock = filelock.FileLock(folder.lock)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return True
    lock.release()
    return False


def _cut_torn_line(path: Path) -> int:
    """Remove a last line without its newline; the time of the last whole line, 0 if there is none."""
    if not path.exists():
        return 0
    last_t, end = 0, 0
    for record in read_journal(path):
        last_t, end = record.t, record.end
    if end < path.stat().st_size:
        with path.open("r+b") as file:
            file.truncate(end)
    return last_t
