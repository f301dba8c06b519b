"""Folders that Ray itself has written are taken in: every row that it kept, and how its trials ended."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.runs import Project, Search, Status, load_search
from toolkit.runs.ray_journal import take_in
from toolkit.runs.ray_results import BOOKKEEPING

_SCRIPT = """
import math, sys
from ray import tune
from ray.tune.schedulers import ASHAScheduler
from toolkit.hpo.session import ensure_ray

def function(config):
    for i in range(4):
        if config["number"] == 0 and i == 2:
            raise ValueError("no such luck")
        loss = math.nan if config["number"] == 1 and i == 0 else config["model"]["lr"] * (i + 1)
        tune.report({"loss": loss, "nested": {"acc": 0.1 * i}, "note": "gut"})

class Class(tune.Trainable):
    def setup(self, config):
        self.n = 0
    def step(self):
        self.n += 1
        return {"accuracy": self.config["a"] * self.n, "done": self.n >= 4}
    def save_checkpoint(self, folder):
        return {"n": self.n}
    def load_checkpoint(self, checkpoint):
        self.n = checkpoint["n"]

storage = sys.argv[1]
ensure_ray(1)  # Ray's own start hangs in a path with a space or an apostrophe
tune.Tuner(
    function,
    param_space={"number": tune.grid_search([0, 1, 2, 3]), "model": {"lr": tune.loguniform(0.001, 0.1)}},
    tune_config=tune.TuneConfig(
        metric="loss", mode="min",
        scheduler=ASHAScheduler(max_t=4, grace_period=1, reduction_factor=2),
    ),
    run_config=tune.RunConfig(name="function", storage_path=storage),
).fit()
tune.run(Class, name="class", config={"a": tune.grid_search([0.1, 0.2])}, storage_path=storage, verbose=0)
"""


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("storage")
    subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(folder)], check=True, timeout=240, env=dict(os.environ)
    )
    return folder


def kept(experiment: Path) -> dict[str, list[dict]]:
    """Trial's folder -> the rows in its `result.json`."""
    files = experiment.glob("*/result.json")
    return {file.parent.name: [json.loads(line) for line in file.read_text().splitlines()] for file in files}


def sources(search: Search) -> dict[str, int]:
    lines = map(json.loads, search.folder.journal.read_text().splitlines())
    return {line["source"]: line["trial"] for line in lines if line["kind"] == "trial"}


@pytest.mark.slow
def test_a_function_under_asha(project: Path, storage: Path) -> None:
    search = load_search(take_in(Project.here(), storage / "function", mode="min"))
    assert (search.header.metric, search.status, len(search.runs)) == ("loss", Status.COMPLETED, 4)
    for folder, rows in kept(storage / "function").items():
        run = search.runs[sources(search)[folder]]
        assert [point.epoch + 1 for point in run.points] == [row["training_iteration"] for row in rows]
        assert repr([p.metrics["loss"] for p in run.points]) == repr([row["loss"] for row in rows])
        assert {name for p in run.points for name in p.metrics} == {"loss", "nested/acc", "note"}
        assert set(run.params) == {"number", "model.lr"}
    failed, with_nan = search.runs[0], search.runs[1]
    assert (failed.status, failed.reason) == (Status.FAILED, "ValueError: no such luck")
    assert failed.error is not None and "\x1b" not in failed.error
    assert math.isnan(with_nan.points[0].metrics["loss"])
    assert {run.status for run in list(search.runs.values())[1:]} == {Status.COMPLETED}
    assert min(len(run.points) for run in search.runs.values()) < 4  # ASHA has stopped one


@pytest.mark.slow
def test_a_class(project: Path, storage: Path) -> None:
    search = load_search(take_in(Project.here(), storage / "class", "accuracy", "max"))
    assert [len(run.points) for run in search.runs.values()] == [4, 4]
    assert {name for run in search.runs.values() for p in run.points for name in p.metrics} == {"accuracy"}


@pytest.mark.slow
def test_the_list_of_bookkeeping_has_all_that_ray_adds(storage: Path) -> None:
    rows = [row for name in ("function", "class") for trial in kept(storage / name).values() for row in trial]
    assert set().union(*rows) - BOOKKEEPING == {"loss", "nested", "note", "accuracy"}
