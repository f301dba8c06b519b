"""Looks at a database before MLflow does: whether it answers, and whether its tables are of this MLflow.

MLflow itself tries an absent database for minutes within one call. Where tables are missing it takes the
database for a fresh one, so it would change the store of an older version without being asked, and two
processes that meet a fresh one would both create the tables, and one would crash.
"""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import filelock
import mlflow
from alembic.script import ScriptDirectory
from mlflow.store.db import utils as tables
from mlflow.store.db.db_types import DATABASE_ENGINES

from toolkit.errors import TrackerError
from toolkit.runs.secrets import without_credentials

# Any number will do, as long as every toolkit takes the same: the key of the lock in PostgreSQL.
_LOCK = 7_003_110_701


def client_of(uri: str, **arguments: str) -> mlflow.MlflowClient:
    """A client of the store; of a database only when it answers and is of this MLflow's version.

    Args:
        arguments: what else `MlflowClient` takes.

    Raises:
        TrackerError: the database does not answer, or its tables are of another version of MLflow.
    """
    if urlparse(uri).scheme.partition("+")[0] not in DATABASE_ENGINES:
        return mlflow.MlflowClient(tracking_uri=uri, **arguments)
    with ready(uri, sqlite_file(uri)):
        client = mlflow.MlflowClient(tracking_uri=uri, **arguments)
        client.search_experiments(max_results=1)
    return client


def sqlite_file(uri: str) -> Path | None:
    """The file of a sqlite store; None for a server or another database, which knows its own places."""
    if not uri.startswith("sqlite:///"):
        return None
    return Path(uri.removeprefix("sqlite:///").partition("?")[0]).absolute()


@contextmanager
def ready(uri: str, file: Path | None) -> Iterator[None]:
    """Hold the lock under which tables are made: a file's beside a sqlite file, in PostgreSQL its own.

    Args:
        file: of a sqlite store; None for other databases.

    Raises:
        TrackerError: the database does not answer, or its tables are of another version of MLflow.
    """
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with nullcontext() if file is None else filelock.FileLock(f"{file}.lock"):
        if file is not None and not file.exists():
            _make(file)
        engine = _engine(uri)
        try:
            with _connected(engine, uri) as connection:
                if engine.dialect.name == "postgresql":  # freed with the connection, by a kill too
                    connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
                _check_version(engine, uri)
                yield
        finally:
            engine.dispose()  # closes the connection for good, and the lock with it


def _make(file: Path) -> None:
    """A new sqlite store, made aside and renamed.

    MLflow makes its tables in dozens of steps: a process that was killed between them would leave a file that
    no later one can open.
    """
    aside = file.with_name(f"{file.name}.new")
    for left in (aside, Path(f"{aside}-journal")):  # by one that was killed
        left.unlink(missing_ok=True)
    engine = _engine(f"sqlite:///{aside}")  # ours: MLflow would keep its own, and with it a file that is gone
    try:
        tables._initialize_tables(engine)
    finally:
        engine.dispose()
    aside.replace(file)


def _engine(uri: str) -> Any:
    try:
        return tables.create_sqlalchemy_engine(uri)
    except ImportError as error:
        raise TrackerError(f"MLflow's database {_named(uri)} needs its driver: {error}") from error


@contextmanager
def _connected(engine: Any, uri: str) -> Iterator[Any]:
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    except Exception as error:  # of whatever driver the URI names
        lines = str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__]
        raise TrackerError(f"MLflow's database {_named(uri)} does not answer: {lines[0]}") from error
    with connection:
        yield connection


def _check_version(engine: Any, uri: str) -> None:
    found, wanted = tables._get_schema_version(engine), tables._get_latest_schema_revision()
    if found in (None, wanted):  # None: a fresh one
        return
    scripts = ScriptDirectory.from_config(tables._get_alembic_config(""))
    if found in {script.revision for script in scripts.walk_revisions()}:
        raise TrackerError(
            f"the tables of MLflow's store are of an older version (revision {found}; MLflow "
            f"{mlflow.__version__} needs {wanted}): keep a copy, then run `mlflow db upgrade {_named(uri)}`"
        )
    raise TrackerError(
        f"the tables of MLflow's store {_named(uri)} are of a newer version than MLflow {mlflow.__version__} "
        f"(revision {found}): update mlflow, or name another store with MLFLOW_TRACKING_URI"
    )


def _named(uri: str) -> str:
    """The URI as a shell takes it, without credentials."""
    return shlex.quote(without_credentials(uri))
