"""Where the index lies, and what is done where it cannot be there or is broken: it is made anew."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from toolkit.errors import BusyError
from toolkit.leaderboard.index.beyond import add_functions
from toolkit.leaderboard.index.schema import Fields, create
from toolkit.leaderboard.index_file import FILE_NAME, VERSION

T = TypeVar("T")
_PATIENCE_SECONDS = 60.0
FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What comes of a broken file; even the message may be broken."""
_CANNOT_BE_WRITTEN = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
    sqlite3.SQLITE_PERM,
)


class Index:
    """An open index. One thread uses it; other processes may read and write the same file meanwhile.

    Attributes:
        database: the connection, without a transaction of its own.
        fields: which metric and hyperparameter stands in which column.
        path: the file; None where it is in memory only.
    """

    def __init__(self, database: sqlite3.Connection, path: Path | None) -> None:
        self.database, self.path = database, path
        database.execute("PRAGMA temp_store = MEMORY")
        database.execute("PRAGMA mmap_size = 4294967296")  # a pass over a million runs takes half the time
        add_functions(database)
        self.fields = Fields(database)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction: all of it is kept, or nothing. Others that want to write wait meanwhile.

        Raises:
            BusyError: another process has kept it locked for a minute.
        """
        try:
            self.database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise BusyError(f"{self.path} is locked by another process: wait for it, or stop it") from error
        try:
            self.fields.read()
            yield
            self.database.execute("COMMIT")
        except BaseException:
            if self.database.in_transaction:  # where the disk is full, sqlite has rolled back by itself
                self.database.execute("ROLLBACK")
                self.fields.read()
            raise

    def close(self) -> None:
        self.database.close()


def in_memory() -> Index:
    """An empty index that nobody else sees."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    create(database)
    return Index(database, None)


def instead_of(index: Index, error: sqlite3.Error | UnicodeDecodeError) -> Index:
    """One in memory, where the file turned out to be broken or could not be written; a broken one is removed.

    Raises:
        sqlite3.Error: the one that is given, if the file is not to blame.
    """
    # Without a code it is about a text that is none, which Python noticed and not sqlite.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    is_broken = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if index.path is None or not (is_broken or code in _CANNOT_BE_WRITTEN):
        raise error
    if is_broken:
        _remove(index.path)
    return in_memory()


def open_index(runs: Path) -> Index:
    """The index beside the journals in `runs`; one in memory where there can be none.

    A file that is of another version, torn, or no index at all is replaced: the journals have everything.

    Raises:
        BusyError: another process has kept it locked for a minute.
    """
    path = runs / FILE_NAME
    if not os.access(runs, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return in_memory()
    try:
        return _open_whole(path)
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise BusyError(f"{path} is locked by another process: wait for it, or stop it") from error
        return in_memory()  # no room, no permission


def over_index(runs: Path, work: Callable[[Index], T]) -> T:
    """What `work` makes of the index; of one in memory where the file breaks or cannot be written on the way.

    Raises:
        BusyError: another process has kept it locked for a minute.
    """
    index = open_index(runs)
    try:
        return work(index)
    except FAILURES as error:
        with closing(instead_of(index, error)) as other:
            return work(other)
    finally:
        index.close()


def _open_whole(path: Path) -> Index:
    try:
        return _open(path)
    except sqlite3.OperationalError:
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # torn, of another version, or no index at all
        _remove(path)
        return _open(path)


def _open(path: Path) -> Index:
    database = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            database.execute("PRAGMA journal_mode = WAL")
            version = _created(database)
        if version != VERSION:
            raise sqlite3.DatabaseError(f"version {version}")
        # After a power cut the index may lack its last lines, which are read from the journals again.
        database.execute("PRAGMA synchronous = NORMAL")
        return Index(database, path)
    except BaseException:
        database.close()
        raise


def _created(database: sqlite3.Connection) -> int:
    """Make the tables, unless another process was faster; the version that is there now."""
    database.execute("BEGIN IMMEDIATE")
    try:
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            create(database)
            version = VERSION
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    return version


def _remove(path: Path) -> None:
    """Remove the file and what sqlite keeps beside it; what goes on reading it keeps its own."""
    stale = path.with_name(f"{path.name}.{time.time_ns()}")
    path.replace(stale)
    for beside in (stale, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        beside.unlink(missing_ok=True)
