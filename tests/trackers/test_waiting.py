import subprocess
import sys
import time

import pytest

from toolkit.trackers import waiting
from toolkit.trackers.waiting import wait_for_mirror


def sleeper(seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"])


def test_a_short_wait_says_nothing() -> None:
    said: list[str] = []
    wait_for_mirror(None, said.append)
    wait_for_mirror(sleeper(0), said.append)
    assert said == []


def test_a_long_wait_is_told_once_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_SILENT_SECONDS", 0.05)
    monkeypatch.setattr(waiting, "_LONGEST_SECONDS", 0.2)
    said: list[str] = []
    follower = sleeper(30)
    began = time.monotonic()
    wait_for_mirror(follower, said.append)
    assert time.monotonic() - began < 5
    assert follower.poll() is None
    assert said == ["waiting for the trackers, 0 s at most"]
    follower.kill()
    follower.wait()
