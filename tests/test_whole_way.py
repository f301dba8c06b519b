"""From a fresh clone to a tracked, ranked search: `make repro` as a newcomer types it, on a small scale."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.newcomer import clone, git, python, run, start
from toolkit.runs import Project, Status, find_searches

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
EXPERIMENTS = ("german-business-names", "german-business-names-noisy", "base")


def shrink(folder: Path) -> None:
    """Two trials of two epochs instead of fifty of three; everything else as it is shipped."""
    yaml = YAML()
    for name in EXPERIMENTS:
        path = folder / "experiments" / f"{name}.yaml"
        content = yaml.load(path.read_text(encoding="utf-8"))
        content["search"]["num_samples"] = 2
        content["trainer"]["num_epochs"] = 2
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    git(folder, "commit", "--quiet", "--all", "--message", "smaller searches")


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A clone after `make repro`, and what it printed."""
    folder = clone(tmp_path_factory.mktemp("unrelated"))
    shrink(folder)
    yield folder, run(folder, "make", "repro").stdout


def test_it_ends_with_the_leaderboard_and_where_to_look_next(reproduced: tuple[Path, str]) -> None:
    _, told = reproduced
    end = told[told.rindex("validation_loss, lowest first") :]
    assert "german-business-names-baseline" in told
    for words in ("toolkit ui", "toolkit compare", "results"):
        assert words in end


def test_its_last_lines_say_that_the_results_are_not_the_committed_ones_and_why(
    reproduced: tuple[Path, str],
) -> None:
    folder, told = reproduced
    verdict = told[told.rindex("Where to look next:") :].partition(
        "different from the results committed in "
    )[2]
    assert verdict.startswith(git(folder, "rev-parse", "--short", "HEAD").strip())
    assert "experiments/base.yaml: search.num_samples 5 -> 2, trainer.num_epochs 3 -> 2" in verdict


def test_every_search_is_complete_and_its_mirrors_too(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    searches = {search.experiment: search for search in find_searches(Project.here(folder))}
    assert set(searches) >= set(EXPERIMENTS)
    for name in EXPERIMENTS:
        assert searches[name].status is Status.COMPLETED
        assert len(searches[name].runs) == 2
    told = python(folder, "-m", "toolkit", "sync").stdout
    assert told.count("points shipped") + told.count("up to date") >= 3 * len(searches)


def test_mlflow_has_a_parent_with_its_children(reproduced: tuple[Path, str]) -> None:
    import mlflow

    folder, _ = reproduced
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("german-business-names")
    runs = client.search_runs([experiment.experiment_id])
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    children = [run for run in runs if "mlflow.parentRunId" in run.data.tags]
    assert len(parents) == 1
    assert {run.data.tags["mlflow.parentRunId"] for run in children} == {parents[0].info.run_id}
    assert len(children) == 2
    assert all(run.info.status in ("FINISHED", "KILLED") for run in runs)
    (search,) = find_searches(Project.here(folder), ["german-business-names"])
    for child in children:
        run_record = next(r for r in search.runs.values() if r.run_id == child.data.tags["toolkit.run"])
        history = client.get_metric_history(child.info.run_id, "validation_loss")
        stored = sorted((point.step, point.value) for point in history)
        assert stored == [(p.epoch, p.metrics["validation_loss"]) for p in run_record.points]


def test_a_second_time_does_nothing(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    assert "Running stage" not in python(folder, "-m", "dvc", "repro").stdout


@contextmanager
def emptied_runs(folder: Path) -> Iterator[None]:
    """No search has been run, within the block; afterwards everything is as it was."""
    (folder / "runs").rename(folder / "runs.before")
    try:
        yield
    finally:
        shutil.rmtree(folder / "runs", ignore_errors=True)
        (folder / "runs.before").rename(folder / "runs")


@pytest.mark.parametrize("name", ["base", "german-business-names"])
def test_training_again_leaves_the_lock_as_it_is(reproduced: tuple[Path, str], name: str) -> None:
    folder, _ = reproduced
    before = (folder / "dvc.lock").read_bytes()
    with emptied_runs(folder):
        python(folder, "-m", "dvc", "repro", "--force", "--single-item", f"tune@{name}")
        (search,) = find_searches(Project.here(folder))
        assert search.experiment == name
    assert (folder / "dvc.lock").read_bytes() == before


def journals(folder: Path) -> set[Path]:
    return set(folder.glob("runs/*/*/journal.jsonl"))


def wait_for_the_first(kind: str, folder: Path, process: subprocess.Popen[str], known: set[Path]) -> None:
    deadline = time.monotonic() + 120
    while not any(f'"kind":"{kind}"' in path.read_text() for path in journals(folder) - known):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)


def test_an_interrupted_repro_goes_on(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    before = (folder / "dvc.lock").read_bytes()
    with emptied_runs(folder):
        command = ("dvc", "repro", "--force", "--single-item", "tune@german-business-names")
        process = start(folder, *command)
        wait_for_the_first("trial", folder, process, set())  # which has two epochs to train
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate(timeout=120)
        assert process.returncode != 0
        assert "the same command goes on from here" in out + err
        told = run(folder, *command)
        assert "going on: " in told.stdout + told.stderr
        (search,) = find_searches(Project.here(folder), every=True)
        assert search.status is Status.COMPLETED
    assert (folder / "dvc.lock").read_bytes() == before


def test_dvc_shows_metrics_parameters_and_plots(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    metrics = json.loads(python(folder, "-m", "dvc", "metrics", "show", "--json").stdout)
    files = metrics["workspace"]["data"] if "data" in metrics.get("workspace", {}) else metrics[""]["data"]
    assert "validation_loss" in files["results/base/metrics.json"]["data"]
    assert "accuracy" in files["results/base/test/metrics.json"]["data"]
    plots = json.loads(python(folder, "-m", "dvc", "plots", "show", "--json").stdout)
    assert not plots.get("errors")
    assert len(plots["data"]) == 3 * len(EXPERIMENTS)
    path = folder / "experiments" / "base.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("num_epochs: 2", "num_epochs: 1"), encoding="utf-8")
    try:
        assert re.search(r"trainer\.num_epochs\s+2\s+1", python(folder, "-m", "dvc", "params", "diff").stdout)
    finally:
        path.write_text(text, encoding="utf-8")


def test_nothing_but_results_and_lock_has_changed(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    changed = [line[3:] for line in git(folder, "status", "--porcelain").splitlines()]
    allowed = ("results/", '"results/', "dvc.lock")
    assert all(name.startswith(allowed) for name in changed), changed
    assert not [name for name in changed if "model.tar.gz" in name or "timings" in name]


def test_ctrl_c_locks_nothing(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    before = (folder / "dvc.lock").read_bytes()
    path = folder / "experiments" / "base.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("num_epochs: 2", "num_epochs: 999\n  patience: 998"), encoding="utf-8")
    try:
        known = journals(folder)
        process = start(folder, "dvc", "repro", "--single-item", "tune@base")
        wait_for_the_first("point", folder, process, known)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate(timeout=120)
        assert process.returncode != 0
        assert "interrupted: 2 of 2 trials are missing" in out + err
        assert (folder / "dvc.lock").read_bytes() == before
    finally:
        path.write_text(text, encoding="utf-8")


def test_an_experiment_of_dvc_changes_a_value(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    git(folder, "add", "--all", "results", "dvc.lock")
    git(folder, "commit", "--quiet", "--message", "results")
    change = "experiments/base.yaml:search.num_samples=1"
    python(folder, "-m", "dvc", "exp", "run", "--set-param", change, "--name", "one-trial", "tune@base")
    leaderboard = (folder / "results" / "base" / "leaderboard.csv").read_text(encoding="utf-8")
    assert len(leaderboard.splitlines()) == 2
    assert "one-trial" in python(folder, "-m", "dvc", "exp", "list").stdout


def test_an_experiment_in_a_copy_of_the_project_gives_the_same(reproduced: tuple[Path, str]) -> None:
    folder, _ = reproduced
    git(folder, "add", "--all", "results", "dvc.lock")
    git(folder, "stash", "--quiet")
    with emptied_runs(folder):
        command = ("exp", "run", "--temp", "--force", "--single-item", "--name", "once-more")
        python(folder, "-m", "dvc", *command, "tune@german-business-names")
        (search,) = find_searches(Project.here(folder))
        assert search.status is Status.COMPLETED
    (ref,) = git(folder, "for-each-ref", "--format=%(refname)", "refs/exps/*/*/once-more").split()
    assert git(folder, "diff", "--stat", "HEAD", ref, "--", "dvc.lock", "results") == ""
