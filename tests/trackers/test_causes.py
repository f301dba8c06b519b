"""What a failing service comes down to: one line that says what is away, and how."""

import errno
import http.server
import os
import socket
import threading
import time
from collections.abc import Iterator

import mlflow
import pytest
import sqlalchemy

from toolkit.errors import TrackerError
from toolkit.trackers.causes import in_words


@pytest.fixture(autouse=True)
def _no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")


class Stub(http.server.BaseHTTPRequestHandler):
    """Fails in the way that the first folder of the path names."""

    def do_GET(self) -> None:
        way = self.path.split("/")[1]
        if way == "slow":
            time.sleep(1.2)
        elif way != "cut":
            self.send_error(int(way))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def stub() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def asked(uri: str) -> str:
    with pytest.raises(Exception) as caught:
        mlflow.MlflowClient(tracking_uri=uri).get_experiment_by_name("any")
    return in_words(caught.value)


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("500", "answers with error 500"),
        ("503", "answers with error 503"),
        ("cut", "does not answer: the connection was cut"),
        pytest.param("slow", "does not answer: it took too long", marks=pytest.mark.slow),
    ],
)
def test_a_server_that_fails(stub: str, way: str, told: str) -> None:
    assert asked(f"{stub}/{way}") == f"{stub} {told}"


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert asked(url) == f"{url} does not answer: connection refused"


def test_a_database_speaks_for_itself() -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    with pytest.raises(sqlalchemy.exc.OperationalError) as caught, engine.connect() as connection:
        connection.exec_driver_sql("SELECT secret FROM nowhere")
    assert in_words(caught.value) == "no such table: nowhere"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TrackerError("all of it, " + "long " * 100), "all of it, " + ("long " * 100).strip()),
        (ValueError("two\nlines"), "ValueError: two lines"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "OSError: [Errno 28] No space left on device"),
    ],
)
def test_other_errors(error: Exception, told: str) -> None:
    assert in_words(error) == told
