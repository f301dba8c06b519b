"""The versions are those of the installed MLflow; the database is made by hand, for MLflow takes seconds."""

import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.doctor.broken import said, write_experiment
from toolkit.doctor import mlflow_store


@pytest.fixture(autouse=True)
def _experiment(project: Path) -> None:
    write_experiment(tracking={"mlflow": {}})


def write_database(path: Path, version: str | None) -> None:
    connection = sqlite3.connect(path)
    if version is not None:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [version])
    connection.commit()
    connection.close()


def test_the_newest_version_is_what_the_migrations_end_with() -> None:
    known, newest = mlflow_store._known_versions()
    assert newest in known
    assert len(known) > 40


@pytest.mark.slow
def test_the_newest_version_is_what_mlflow_makes(project: Path) -> None:
    from mlflow import MlflowClient

    MlflowClient(tracking_uri="sqlite:///mlflow.db").search_experiments()
    assert mlflow_store._version_of(Path("mlflow.db")) == mlflow_store._known_versions()[1]


@pytest.mark.parametrize(
    ("version", "level", "told"),
    [
        ("newest", "ok", "is of the installed version"),
        ("0584bdc529eb", "problem", "was made by an older MLflow, which the installed one refuses"),
        ("ffffffffffff", "problem", "was made by a newer MLflow than is installed"),
        (None, "warning", "has no tables yet"),
    ],
)
def test_a_database(project: Path, version: str | None, level: str, told: str) -> None:
    newest = mlflow_store._known_versions()[1]
    write_database(project / "mlflow.db", newest if version == "newest" else version)
    before = (project / "mlflow.db").read_bytes()
    ((found, sentence),) = said(mlflow_store.store)
    assert (found, sentence.endswith(told)) == (level, True)
    assert (project / "mlflow.db").read_bytes() == before


def test_a_database_that_is_none(project: Path) -> None:
    (project / "mlflow.db").write_text("no database, " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        said(mlflow_store.store)


def test_no_store_yet(project: Path) -> None:
    ((level, found),) = said(mlflow_store.store)
    assert (level, found.endswith("is made when it is first used")) == ("ok", True)
    assert not (project / "mlflow.db").exists()


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """Answers `/health` only, with its attribute `code`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(server.code if self.path == "/health" else 404)  # type: ignore[attr-defined]
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("code", "level"), [(200, "ok"), (401, "ok"), (503, "problem")])
def test_a_server(server: HTTPServer, code: int, level: str) -> None:
    server.code = code  # type: ignore[attr-defined]
    uri = f"http://me:hidden@127.0.0.1:{server.server_port}"
    ((found, sentence),) = said(mlflow_store.store, MLFLOW_TRACKING_URI=uri)
    assert found == level
    assert "hidden" not in sentence


def test_a_server_that_is_away() -> None:
    ((level, found),) = said(mlflow_store.store, MLFLOW_TRACKING_URI="http://127.0.0.1:9")
    assert (level, "does not answer" in found) == ("problem", True)


@pytest.mark.parametrize(
    ("uri", "level"), [("file:///tmp/x", "problem"), ("mlruns", "problem"), ("postgresql://a/b", "ok")]
)
def test_other_stores(uri: str, level: str) -> None:
    assert [found for found, _ in said(mlflow_store.store, MLFLOW_TRACKING_URI=uri)] == [level]
