"""A search that is stopped by Ctrl-C or by SIGTERM says so everywhere, and goes on as if nothing had been."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from ruamel.yaml import YAML

from tests.faults.matrix import count_all, hold_all
from tests.faults.searches import assert_no_epoch_twice
from tests.newcomer import ROOT
from toolkit.runs import Project, Search, Status, find_searches
from toolkit.trackers import mirror

TRIALS, EPOCHS = 3, 150
TRACKING = {"mlflow": {}, "wandb": {"mode": "offline"}, "tensorboard": {}}


def ctrl_c(process: subprocess.Popen[str]) -> None:
    """A terminal sends it to every process in the foreground."""
    os.killpg(process.pid, signal.SIGINT)


def ctrl_c_twice(process: subprocess.Popen[str]) -> None:
    ctrl_c(process)
    ctrl_c(process)


def sigterm(process: subprocess.Popen[str]) -> None:
    process.terminate()


@pytest.mark.slow
def test_it_is_a_failure_that_can_be_resumed(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    path = toy_project / "toy.yaml"
    YAML(typ="safe", pure=True).dump(long_search(toy_experiment), path)
    for fault, interrupt in (("Ctrl-C", ctrl_c), ("Ctrl-C twice", ctrl_c_twice), ("SIGTERM", sigterm)):
        points = points_of(toy_project)
        process = start_tune(path)
        while points_of(toy_project) <= points:
            assert process.poll() is None
            time.sleep(0.02)
        interrupt(process)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 1
        assert err.splitlines()[-1].startswith(f"Error: interrupted: {TRIALS} of {TRIALS} trials are missing")
        assert "the same command goes on from here" in err
        assert ("finishing the epochs under way" in err) == (fault != "SIGTERM")
        assert "Traceback" not in err and "***" not in err
        assert out == ""
        assert not list((toy_project / "results").rglob("*.*"))
        search = mirrored()
        assert {search.status, *(run.status for run in search.runs.values())} == {Status.INTERRUPTED}
        hold_all(fault, count_all(search.folder))
        assert statuses_in_mlflow(search) == {("KILLED", "INTERRUPTED")}

    _, err = start_tune(path).communicate(timeout=200)
    search = mirrored()
    assert {len(run.points) for run in search.runs.values()} == {EPOCHS}, err
    assert_no_epoch_twice(search.folder)
    hold_all("interrupted in these ways one after the other, resumed", count_all(search.folder))
    assert statuses_in_mlflow(search) == {("FINISHED", "COMPLETED")}


def long_search(toy_experiment: dict[str, Any]) -> dict[str, Any]:
    """One that runs for seconds: no scheduler stops any of its trials."""
    return {
        **toy_experiment,
        "trainer": {**toy_experiment["trainer"], "num_epochs": EPOCHS, "patience": EPOCHS - 1},
        "search": {"num_samples": TRIALS, "scheduler": {"type": "fifo"}},
        "tracking": TRACKING,
    }


def start_tune(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "toolkit", "tune", str(path), "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def points_of(project: Path) -> int:
    journals = project.glob("runs/*/*/journal.jsonl")
    return sum(path.read_text(encoding="utf-8").count('"kind":"point"') for path in journals)


def mirrored() -> Search:
    """The search, when every tracker has it."""
    (search,) = find_searches(Project.here())
    assert {outcome.error for outcome in mirror(search.folder, Project.here())} == {None}
    return search


def statuses_in_mlflow(search: Search) -> set[tuple[str, str]]:
    """(MLflow's status, ours) of the search and of its trials."""
    client = MlflowClient(Project.here().mlflow_uri)
    experiment = client.get_experiment_by_name(search.experiment)
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id])
    assert len(runs) == len(search.runs) + 1
    return {(run.info.status, run.data.tags["toolkit.status"]) for run in runs}
