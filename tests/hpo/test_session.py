import shlex
import subprocess
import sys
from typing import Any

import pytest

from toolkit.errors import ConfigurationError
from toolkit.hpo import session


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `ray.init` was called with; nothing starts."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(session.ray, "is_initialized", lambda: False)
    monkeypatch.setattr(session.ray, "init", lambda **given: calls.append({**given, "joined": joined()}))
    return calls


def joined() -> str:
    return subprocess.list2cmdline(["a newcomer's python", "-c"])


def test_ray_gets_as_many_slots_as_workers_and_a_quoted_python(
    started: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/a newcomer's clone/bin/python")
    before = joined()
    session.ensure_ray(workers=3)
    (call,) = started
    assert call["num_cpus"] == 3
    assert shlex.split(call["runtime_env"]["py_executable"]) == ["/a newcomer's clone/bin/python"]
    assert shlex.split(call["joined"]) == ["a newcomer's python", "-c"]
    assert joined() == before


@pytest.mark.parametrize(
    ("wanted", "there", "message"),
    [
        ({"cpu": 3}, {"CPU": 2.0}, "cpu: a trial asks for 3, but there are 2"),
        ({"gpu": 2}, {"CPU": 2.0, "GPU": 1.0}, "gpu: a trial asks for 2, but there are 1"),
    ],
)
def test_more_than_there_is(
    monkeypatch: pytest.MonkeyPatch, wanted: dict[str, float], there: dict[str, float], message: str
) -> None:
    monkeypatch.setattr(session.ray, "cluster_resources", lambda: there)
    with pytest.raises(ConfigurationError, match=message):
        session.available_resources(wanted)


def test_a_trial_on_a_gpu_alone_that_is_not_there_gets_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.ray, "cluster_resources", lambda: {"CPU": 2.0})
    with pytest.warns(UserWarning, match="there is none"):
        assert session.available_resources({"cpu": 0, "gpu": 0.5}) == {"cpu": 1, "gpu": 0}


def test_a_gpu_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.ray, "cluster_resources", lambda: {"CPU": 2.0, "GPU": 1.0})
    assert session.available_resources({"gpu": 0.5}) == {"cpu": 1, "gpu": 0.5}
