"""Leaders on fresh seeds through the real Ray: the same twice, and after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from toolkit.runs import Project, Search, Status, find_searches, read_journal
from toolkit.runs.layout import trial_model

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]
_PATIENCE = 120


def start(runs: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "toolkit", "confirm", "toy", "--top", "3", "--seeds", "2", "--json"]
    return subprocess.Popen(
        [*command, "--runs", runs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        start_new_session=True,
    )


def confirmed(runs: str) -> dict[str, Any]:
    """What the command says, once it has ended well."""
    process = start(runs)
    out, err = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0, err
    return json.loads(out)


def fresh(runs: str) -> Search:
    project = Project.here().with_folders(Path(runs), None)
    (found,) = find_searches(project, ["toy-confirm"])
    return found


def content(search: Search) -> dict[int, Any]:
    """Trial -> everything that its journal and its model have of it, but for times."""
    told = {}
    for number, run in search.runs.items():
        points = [(point.epoch, point.step, point.metrics, point.last) for point in run.points]
        model = trial_model(search.folder.trials, number).read_bytes()
        told[number] = (run.run_id, run.params, run.config, run.seed, run.status, points, model)
    return told


def wait_for_a_point(runs: str, process: subprocess.Popen[str]) -> None:
    patience = time.monotonic() + _PATIENCE
    while time.monotonic() < patience and process.poll() is None:
        for journal in Path(runs).glob("toy-confirm/*/journal.jsonl"):
            if any(record.kind == "point" for record in read_journal(journal)):
                return
        time.sleep(0.02)
    pytest.fail("no epoch was reported")


def test_the_same_leaders_twice_and_after_a_kill_are_the_same(search: Search, project: Path) -> None:
    shutil.copytree(project / "runs", project / "killed")
    told = confirmed("runs")
    assert [len(leader["scores"]) for leader in told["leaders"]] == [2, 2, 2]
    whole = fresh("runs")
    assert whole.status is Status.COMPLETED

    process = start("killed")
    wait_for_a_point("killed", process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=_PATIENCE)
    torn = fresh("killed")
    assert torn.status is Status.RUNNING  # it was killed in the middle
    there = torn.folder.journal.read_bytes()
    assert confirmed("killed") == told
    again = fresh("killed")
    assert again.id == whole.id
    assert again.folder.journal.read_bytes().startswith(there[: there.rindex(b"\n") + 1])
    assert content(again) == content(whole)
