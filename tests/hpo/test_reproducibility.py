"""The same search gives the same bytes: with any number of workers, and after any kill."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import skip
from tests.newcomer import ROOT
from tests.trackers.test_kills import READERS
from tests.trackers.test_kills import assert_exact as assert_mirrored
from toolkit.leaderboard.keeping import final_costs, surplus
from toolkit.runs import Project, Search, Status, find_searches, read_journal

EXPERIMENT = "experiments/german-business-names.yaml"
TRIALS = 10
# Two rungs, after the first epoch and the fourth.
CHANGES = ("trainer.num_epochs=6", "trainer.patience=5", "tracking={}")
SMALLER = ("--num-samples", str(TRIALS), *(part for change in CHANGES for part in ("--set", change)))


def make_project(folder: Path) -> Path:
    """A project with the default experiment and the first rows of its data."""
    (folder / "experiments").mkdir(parents=True)
    (folder / "dvc.yaml").write_text("stages: {}\n")
    (folder / EXPERIMENT).write_bytes((ROOT / EXPERIMENT).read_bytes())
    data = folder / "data" / "business-names"
    data.mkdir(parents=True)
    for name, rows in (("train", 240), ("valid", 80), ("test", 0)):
        lines = (ROOT / "data" / "business-names" / f"{name}.csv").read_bytes().splitlines(keepends=True)
        (data / f"{name}.csv").write_bytes(b"".join(lines[: rows + 1]))
    return folder


def start(folder: Path, *arguments: str, workers: int = 2) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "toolkit", "tune", EXPERIMENT, *SMALLER, "--workers", str(workers)]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def finish(process: subprocess.Popen[str]) -> None:
    _, err = process.communicate(timeout=280)
    assert process.returncode == 0, err[-3000:]


def results(folder: Path) -> dict[str, bytes]:
    """Every result file but the one that holds times."""
    found = sorted(path for path in (folder / "results").rglob("*.*") if path.name != "timings.csv")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def the_search(folder: Path) -> Search:
    (found,) = find_searches(Project.here(folder), every=True)
    return found


@pytest.fixture(scope="module")
def sequential(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The search as one worker does it, undisturbed."""
    folder = make_project(tmp_path_factory.mktemp("sequential"))
    finish(start(folder, workers=1))
    statuses = {run.status for run in the_search(folder).runs.values()}
    assert statuses == {Status.COMPLETED, Status.STOPPED}  # else this shows little
    assert len(results(folder)) == 6
    yield folder


@pytest.mark.parametrize("workers", [pytest.param(2, marks=pytest.mark.slow), 4])
def test_any_number_of_workers_writes_the_same_bytes(sequential: Path, tmp_path: Path, workers: int) -> None:
    folder = make_project(tmp_path)
    finish(start(folder, workers=workers))
    assert results(folder) == results(sequential)
    assert_exact(folder)


def assert_exact(folder: Path) -> None:
    """Every trial has ended, each of its epochs stands in the journal once, and nothing is left over."""
    search = the_search(folder)
    assert search.status is Status.COMPLETED
    assert sorted(search.runs) == list(range(TRIALS))
    lines = [
        (record.trial, record.body["epoch"])
        for record in read_journal(search.folder.journal)
        if record.kind in ("point", "provisional")
    ]
    assert len(lines) == len(set(lines))
    for run in search.runs.values():
        assert run.status in (Status.COMPLETED, Status.STOPPED)
        assert [point.epoch for point in run.points] == list(range(len(run.points)))
        assert run.provisional == []
    dropped = surplus(final_costs(search), 5)
    assert [n for n in range(TRIALS) if not search.model(n).is_file()] == dropped
    assert sorted(search.dropped_models) == dropped
    assert not list(search.folder.trials.glob("*/state"))
    assert not list(search.folder.trials.glob("*/training/epochs"))


def wait_then_kill(process: subprocess.Popen[str], folder: Path, rng: random.Random) -> bool:
    """Kill the driver, or everything that it started, at a random moment; False when it was faster."""
    journal = next(iter((folder / "runs").rglob("journal.jsonl")), None)
    size = 0 if journal is None else journal.stat().st_size
    wanted = size + rng.choice([0, 1, 3000, 10_000, 25_000])
    deadline = time.monotonic() + 120
    while sum(p.stat().st_size for p in (folder / "runs").rglob("journal.jsonl")) < wanted:
        if process.poll() is not None or time.monotonic() > deadline:
            break
        time.sleep(0.01)
    time.sleep(rng.uniform(0, 0.6))
    if process.poll() is not None:
        return False
    if rng.random() < 0.5:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
    return True


def kill_and_resume(
    folder: Path, kills: int, seed: int, wanted: dict[str, bytes], arguments: tuple[str, ...] = ()
) -> None:
    """Kill the search so many times, then let it finish; what a journal held is never changed.

    A search that was faster than its killer is begun anew.
    """
    rng, before, done = random.Random(seed), b"", 0
    while done < kills:
        process = start(folder, *arguments, workers=rng.choice([1, 2, 4]))
        if wait_then_kill(process, folder, rng):
            done += 1
            journal = next(iter((folder / "runs").rglob("journal.jsonl")), None)
            now = b"" if journal is None else journal.read_bytes()
            assert now.startswith(before[: before.rfind(b"\n") + 1])
            before = now
        else:
            assert results(folder) == wanted
            shutil.rmtree(folder / "runs")
            shutil.rmtree(folder / "results")
            before = b""
    finish(start(folder, *arguments))
    assert results(folder) == wanted
    assert_exact(folder)


def test_killed_at_random_moments_and_resumed_it_writes_the_same_bytes(
    sequential: Path, tmp_path: Path
) -> None:
    folder = make_project(tmp_path)
    kill_and_resume(folder, kills=5, seed=1, wanted=results(sequential))


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(100, 110))
def test_killed_fifty_times(sequential: Path, tmp_path: Path, seed: int) -> None:
    folder = make_project(tmp_path)
    kill_and_resume(folder, kills=5, seed=seed, wanted=results(sequential))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_and_resumed_every_tracker_has_every_point_once(
    sequential: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path)
    trackers = ("--set", "tracking={mlflow: {}, wandb: {mode: offline}, tensorboard: {}}")
    kill_and_resume(folder, kills=4, seed=7, wanted=results(sequential), arguments=trackers)
    monkeypatch.chdir(folder)
    subprocess.run([sys.executable, "-m", "toolkit", "sync"], check=True, timeout=200)
    for tracker in READERS:
        assert assert_mirrored(tracker, the_search(folder).folder, Project.here(folder)) > TRIALS


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A project whose `runs/` is a disk of its own, with next to no room."""
    folder = make_project(tmp_path)
    runs = folder / "runs"
    runs.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(runs)], check=False)
    if mount.returncode != 0:
        skip("a disk of its own needs the right to mount one")
    yield folder
    subprocess.run(["umount", "--lazy", str(runs)], check=True)


@pytest.mark.slow
def test_a_full_disk_stops_the_search_and_it_goes_on_when_there_is_room(
    sequential: Path, small_disk: Path
) -> None:
    process = start(small_disk)
    _, err = process.communicate(timeout=280)
    assert process.returncode == 1
    assert "No space left on device" in err.splitlines()[-1]
    assert "the same command" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not results(small_disk)
    subprocess.run(["mount", "-o", "remount,size=500m", str(small_disk / "runs")], check=True)
    finish(start(small_disk))
    assert results(small_disk) == results(sequential)
    assert_exact(small_disk)
