"""Connections to the database of an MLflow store that can only read.

sqlite through Python's own module, since a leaderboard shall not wait for an import; other databases through
SQLAlchemy, which MLflow brings.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, NoReturn, Protocol
from urllib.parse import quote

from toolkit.errors import TrackerError
from toolkit.leaderboard.sources.mlflow.address import Address

_SECONDS = 5.0
"""How long a database may be locked, or not answer."""
_MAPPED = 1 << 36
_PAGES_IN_MEMORY = "-65536"  # in kB


class Connection(Protocol):
    """A database that is asked in SQL."""

    def rows(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of the answer; `:name` in the statement stands for a parameter.

        Raises:
            TrackerError: the database does not answer, or has no such tables.
        """
        ...


@contextmanager
def connected(address: Address) -> Iterator[Connection]:
    """A connection for the time of the block.

    Raises:
        TrackerError: the database cannot be opened, or its driver is not installed.
    """
    if address.kind == "sqlite":
        with _sqlite(address) as connection:
            yield connection
    else:
        with _other(address) as connection:
            yield connection


@contextmanager
def _sqlite(address: Address) -> Iterator[Connection]:
    assert address.path is not None
    # Read-only, also in that a file that vanished in between is not made.
    place = f"file:{quote(str(address.path.absolute()))}?mode=ro"
    try:
        opened = sqlite3.connect(place, uri=True, timeout=_SECONDS)
    except sqlite3.Error as error:
        _refuse(address, str(error), error)
    with closing(opened):
        yield SqliteConnection(opened, address)


class SqliteConnection:
    """Over a connection that belongs to the caller."""

    def __init__(self, connection: sqlite3.Connection, address: Address) -> None:
        self._connection, self._address = connection, address
        self.rows(f"PRAGMA mmap_size = {_MAPPED}")
        self.rows(f"PRAGMA cache_size = {_PAGES_IN_MEMORY}")

    def rows(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, parameters or {}).fetchall()
        except sqlite3.Error as error:
            _refuse(self._address, str(error), error)


@contextmanager
def _other(address: Address) -> Iterator[Connection]:
    try:
        import sqlalchemy
    except ImportError as error:
        raise TrackerError(
            f"{address.name} needs SQLAlchemy, which mlflow brings: pip install mlflow"
        ) from error
    try:
        engine = sqlalchemy.create_engine(
            address.uri, poolclass=sqlalchemy.NullPool, connect_args=_arguments(address)
        )
    except (ImportError, sqlalchemy.exc.ArgumentError) as error:
        raise TrackerError(f"{address.name} cannot be opened: {_first_line(error)}") from error
    try:
        with engine.connect() as opened:
            yield _Other(opened, address, sqlalchemy)
    except sqlalchemy.exc.SQLAlchemyError as error:
        _refuse(address, _first_line(getattr(error, "orig", error)), error)
    finally:
        engine.dispose()


def _arguments(address: Address) -> dict[str, Any]:
    if address.uri.startswith(("postgresql", "mysql")):
        return {"connect_timeout": int(_SECONDS)}
    return {}


class _Other:
    def __init__(self, connection: Any, address: Address, sqlalchemy: Any) -> None:
        self._connection, self._address, self._sqlalchemy = connection, address, sqlalchemy

    def rows(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        try:
            answer = self._connection.execute(self._sqlalchemy.text(statement), parameters or {})
            return [tuple(row) for row in answer]
        except self._sqlalchemy.exc.SQLAlchemyError as error:
            _refuse(self._address, _first_line(getattr(error, "orig", error)), error)


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _refuse(address: Address, cause: str, error: Exception) -> NoReturn:
    """Say in one line what is the matter with the database."""
    told = cause.lower()
    if "not a database" in told or (_is_missing(told) and ("runs" in told or "experiments" in told)):
        raise TrackerError(f"{address.name} is no MLflow store ({cause})") from error
    if _is_missing(told):
        raise TrackerError(
            f"the tables of {address.name} are of an old version of MLflow ({cause}): "
            f"keep a copy, then run `mlflow db upgrade {address.name}`"
        ) from error
    if "locked" in told:
        raise TrackerError(
            f"{address.name} is locked by another process for longer than {_SECONDS:.0f} s: try again"
        ) from error
    raise TrackerError(f"{address.name} cannot be read: {cause}") from error


def _is_missing(told: str) -> bool:
    return any(words in told for words in ("no such", "does not exist", "doesn't exist", "unknown column"))
