"""MLflow's server not there, or failing at every call: told in a line, and no other tracker minds."""

import os
import socket
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Fault, Proxy
from tests.faults.toy_search import ToySearch, told
from toolkit.runs import Project
from toolkit.trackers import Outcome, mirror
from toolkit.trackers.mirror import Pace

pytestmark = pytest.mark.usefixtures("project")


@pytest.fixture(autouse=True)
def _no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `toolkit sync` sets it for its process."""
    monkeypatch.setattr(os, "environ", {**os.environ, "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"})


@pytest.fixture
def nobody() -> Iterator[str]:
    """A URL at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def shipped(url: str) -> tuple[Outcome, Outcome]:
    search = ToySearch("0e0000000001", {"mlflow": {"uri": url}, "tensorboard": {}})
    search.begin()
    search.end()
    with search.folder.follower_log.open("w") as log:
        mlflow, tensorboard = mirror(
            search.folder,
            Project.here(),
            pace=Pace(insist=0.0),
            talk=lambda line: print("12:00:00", line, file=log),
        )
    return mlflow, tensorboard


def test_nobody_listens(nobody: str, capsys: pytest.CaptureFixture[str]) -> None:
    mlflow, tensorboard = shipped(nobody)
    assert mlflow == Outcome("mlflow", 0, 20, f"{nobody} does not answer: connection refused")
    assert tensorboard == Outcome("tensorboard", 20, 0, None)
    assert told(Project.here().search("toys 0e0000000001", "0e0000000001"), capsys) == [
        f"20 points not yet in mlflow ({nobody} does not answer: connection refused)",
        "to send them: toolkit sync 'toys 0e0000000001@0e0000000001'",
    ]


def test_the_server_behind_a_proxy_is_away(nobody: str) -> None:
    with Proxy(nobody) as proxy:
        mlflow, tensorboard = shipped(proxy.url)
        assert mlflow == Outcome("mlflow", 0, 20, f"{proxy.url} does not answer: the connection was cut")
    assert tensorboard.remaining == 0


def test_every_call_is_answered_with_500(nobody: str) -> None:
    with Proxy(nobody) as proxy:
        proxy.fault = lambda call: Fault.ERROR
        mlflow, tensorboard = shipped(proxy.url)
        assert mlflow == Outcome("mlflow", 0, 20, f"{proxy.url} answers with error 500")
        assert 0 < len(proxy.calls) <= 6, "a service in trouble is not stormed"
    assert tensorboard.remaining == 0
