"""A search that is killed again and again, and resumed: the same bytes, and each point once everywhere."""

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.matrix import Cell, count_all, hold_all
from tests.faults.processes import WAYS, kill_followers, kill_search
from tests.faults.searches import ALL_TRACKERS, SmallSearch, finish
from tests.faults.superseded import torn_event_files, torn_wandb_runs
from toolkit.hpo.tune import plan_of, run_search
from toolkit.runs import Project, Status
from toolkit.trackers import mirror

pytestmark = pytest.mark.usefixtures("ray_running")


@dataclass(frozen=True)
class Undisturbed:
    """What the search leaves when nobody kills it: its results, and how many epochs its journal tells of."""

    results: dict[str, bytes]
    epochs: int

    @classmethod
    def of(cls, search: SmallSearch) -> "Undisturbed":
        statuses = {run.status for run in search.found().runs.values()}
        assert statuses == {Status.COMPLETED, Status.STOPPED}  # else this shows little
        return cls(search.results(), search.epochs_told)


def kill_at_a_random_moment(
    search: SmallSearch, process: subprocess.Popen[str], way: str, epochs: int, rng: random.Random
) -> bool:
    """Kill the search while it starts, or its workers do, or some epochs later; False when it was faster.

    Args:
        epochs: how many the journal has in the end.
    """
    starts, size = rng.random() < 0.2, search.size
    more = int(rng.uniform(0, 0.4) * (epochs - search.epochs_told))
    wanted = search.epochs_told + more
    deadline = time.monotonic() + 120
    while not search.is_written_by(process.pid) or (
        not starts and (search.size == size or search.epochs_told < wanted)
    ):
        if process.poll() is not None:
            return False
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(rng.uniform(0, 2 if starts or more <= 0 else 0.05))  # a random moment, not a wait for anything
    if process.poll() is not None:
        return False
    kill_search(process, search.folder, way)
    return True


def kill_and_resume(search: SmallSearch, kills: int, seed: int, wanted: Undisturbed) -> dict[str, Cell]:
    """Kill the search so many times, let it finish, and count; what a journal held is never changed.

    A search that was faster than its killer is begun anew.
    """
    rng, before, done = random.Random(seed), b"", 0
    while done < kills:
        process = search.start(workers=rng.choice([1, 2]))
        way = WAYS[(seed + done) % len(WAYS)]
        if kill_at_a_random_moment(search, process, way, wanted.epochs, rng):
            done += 1
            now = b"" if search.journal is None else search.journal.read_bytes()
            assert now.startswith(before[: before.rfind(b"\n") + 1])
            before = now
        else:
            assert search.results() == wanted.results
            kill_followers(search.folder)
            for folder in ("runs", "results", "wandb", "mlartifacts"):
                shutil.rmtree(search.folder / folder, ignore_errors=True)
            (search.folder / "mlflow.db").unlink(missing_ok=True)
            before = b""
    train_here(search)
    assert search.results() == wanted.results
    search.assert_exact()
    folder = search.found().folder
    assert {outcome.error for outcome in mirror(folder, Project.here())} == {None}
    return count_all(folder)


def train_here(search: SmallSearch) -> None:
    """Search, or go on with it, in this process, whose Ray runs already: what `toolkit tune` does."""
    project = Project.here(search.folder)
    run_search(search.experiment, plan_of(search.experiment, project.root), project)


@pytest.fixture
def undisturbed(tmp_path: Path) -> Undisturbed:
    search = smallest(tmp_path / "undisturbed")
    train_here(search)
    return Undisturbed.of(search)


def smallest(folder: Path, **fields: str) -> SmallSearch:
    return SmallSearch.make(folder, rows=120, trials=4, epochs=12, **fields)


def test_killed_at_random_moments_and_resumed_nothing_is_lost_or_doubled(
    undisturbed: Undisturbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = smallest(tmp_path / "killed", tracking=ALL_TRACKERS)
    monkeypatch.chdir(search.folder)
    hold_all("driver killed at 5 random moments", kill_and_resume(search, 5, 1, undisturbed))


@pytest.fixture(scope="module")
def sequential(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """The search as one worker does it."""
    search = SmallSearch.make(tmp_path_factory.mktemp("sequential"))
    finish(search.start(workers=1))
    yield Undisturbed.of(search)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_killed_fifty_times(sequential: Undisturbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts, torn_runs, torn_files = [], 0, 0
    for seed in range(100, 105):
        search = SmallSearch.make(tmp_path / str(seed), tracking=ALL_TRACKERS)
        monkeypatch.chdir(search.folder)
        counts.append(kill_and_resume(search, 10, seed, sequential))
        torn_runs += len(torn_wandb_runs(search.folder))
        torn_files += len(torn_event_files(search.found().folder))
    assert torn_runs > 0 and torn_files > 0  # else no kill came while a run was written
    hold_all("driver killed at 50 random moments", *counts)
