"""A database that MLflow should not be let at: it is absent, or of another version."""

import shlex
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from toolkit.errors import TrackerError
from toolkit.runs import Project
from toolkit.testing.toy import toy_header, write_toy_journal
from toolkit.trackers import mirror
from toolkit.trackers._mlflow_database import ready
from toolkit.trackers.mirror import Pace


def store_of_revision(file: Path, revision: str) -> str:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        connection.commit()
    return f"sqlite:///{file}"


def test_an_older_one_is_left_alone_and_the_command_is_told(project: Path) -> None:
    uri = store_of_revision(project / "mlflow.db", "7f2a7d5fae7d")
    folder = write_toy_journal(project / "runs" / "toy names" / "x", toy_header())
    trackers = {"mlflow": {"uri": uri}}
    (outcome,) = mirror(folder, Project.here(), pace=Pace(insist=0.0), trackers=trackers)
    assert outcome.remaining == 6
    assert outcome.error is not None
    assert outcome.error.startswith(
        "the tables of MLflow's store are of an older version (revision 7f2a7d5fae7d;"
    )
    assert shlex.split(outcome.error.split("`")[1]) == ["mlflow", "db", "upgrade", uri]
    with closing(sqlite3.connect(project / "mlflow.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("alembic_version",)]


def test_a_newer_one_asks_for_a_newer_mlflow(tmp_path: Path) -> None:
    file = tmp_path / "mlflow.db"
    uri = store_of_revision(file, "of the future")
    with (
        pytest.raises(TrackerError, match=r"newer version than MLflow .*: update mlflow, or name"),
        ready(uri, file),
    ):
        pass


def test_an_absent_one_is_told_at_once_and_without_its_password() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}/mlflow"
        with pytest.raises(TrackerError) as caught, ready(f"postgresql://me:secret@{address}", None):
            pass
    told = str(caught.value)
    assert told.startswith(f"MLflow's database postgresql://{address} does not answer: connection failed")
    assert "secret" not in told


def test_a_driver_that_is_not_installed_is_named() -> None:
    with (
        pytest.raises(TrackerError, match="No module named 'oracledb'"),
        ready("oracle+oracledb://x/y", None),
    ):
        pass
