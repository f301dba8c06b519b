"""The search that the faults happen to: written as a driver would, shipped by whoever is told to."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.faults.matrix import count, hold
from tests.faults.mlflow_tables import everything
from toolkit.cli import sync
from toolkit.cli.outcome import tell
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.runs import Project, SearchFolder, Status, load_search
from toolkit.testing.toy import ODD_METRICS, ToyJournal, toy_header
from toolkit.trackers import start_follower, unmirrored

TRIALS, EPOCHS = 4, 5


class ToySearch:
    """Four trials of five epochs, one of them with metrics that are no plain numbers.

    Attributes:
        seconds: that the driver spent on its journal.
    """

    def __init__(
        self, search_id: str, tracking: dict[str, Any], *, experiment: str | None = None, trials: int = TRIALS
    ) -> None:
        header = toy_header(search_id, experiment or f"toys {search_id}", tracking=tracking)
        self.id, self.tracking, self.trials, self.seconds = search_id, tracking, trials, 0.0
        self._journal = ToyJournal(Path.cwd() / "runs" / header.experiment / header.id, header)
        self.folder = self._journal.folder

    def begin(self, epochs: range = range(2)) -> None:
        """The trials begin, and report these epochs."""
        with self._timed():
            for number in range(self.trials):
                self._journal.trial(number)
        self.go_on(epochs)

    def go_on(self, epochs: range) -> None:
        with self._timed():
            for epoch in epochs:
                for number in range(self.trials):
                    odd = ODD_METRICS if number == self.trials - 1 else None
                    self._journal.points(number, range(epoch, epoch + 1), odd)

    def end(self, epochs: range = range(2, EPOCHS)) -> None:
        """These epochs, every kind of end, and the end of the search."""
        self.go_on(epochs)
        with self._timed():
            self._journal.end(0)
            self._journal.end(1, Status.STOPPED, rung=5, reason="worse than the others at rung 5")
            self._journal.end(2, Status.FAILED, reason="ValueError: no", error="Traceback ...\n")
            for number in range(3, self.trials):
                self._journal.end(number)
            self._journal.artifact("leaderboard", "leaderboard.csv", "rank,run\n1,0\n")
            self._journal.artifact("model", "model.tar.gz", "not really a model\n", trial=0)
            self._journal.close()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds += time.monotonic() - began


class Followers:
    """The followers of a test; none outlives it."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Followers":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self, folder: SearchFolder) -> subprocess.Popen[bytes]:
        self._started.append(start_follower(folder))
        return self._started[-1]

    def end(self) -> None:
        """As when the machine is switched off, with a little warning."""
        for process in self._started:
            process.terminate()
            process.wait(timeout=20)


def two_at_once(ids: tuple[str, str], tracking: dict[str, Any], follower: Followers) -> list[ToySearch]:
    """Two searches of one experiment, each shipped by a follower of its own at the same time, to the end."""
    searches = [ToySearch(search_id, tracking, experiment="both toys") for search_id in ids]
    processes = [follower.start(search.folder) for search in searches]
    for search in searches:
        search.begin()
        search.end()
    assert [process.wait(timeout=90) for process in processes] == [0, 0]
    return searches


def told(folder: SearchFolder, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `toolkit tune` would say at its end: what is missing where, and the command that sends it."""
    capsys.readouterr()
    tell(SearchOutcome(load_search(folder), {}, True, unmirrored(folder)))
    lines = capsys.readouterr().err.splitlines()
    return [line for line in lines if "not yet in" in line or "toolkit sync" in line]


def run_sync(folder: SearchFolder) -> Result:
    return CliRunner().invoke(sync.command, [str(folder.path)])


def assert_finished(
    fault: str, column: str, folder: SearchFolder, tracker: str = "mlflow", *, store: str | None = None
) -> None:
    """`toolkit sync` has finished: everything is there once, and a second time changes nothing.

    Args:
        store: URI of MLflow's database, where the search's options do not name it: behind a server.
    """
    options = load_search(folder).header.tracking[tracker]
    cell = count(tracker, folder, options, store=store)
    before = _state(folder, tracker, store or options.get("uri"))
    again = run_sync(folder)
    assert again.exit_code == 0, again.output
    assert f"{tracker}: 0 points shipped\n" in again.stdout
    assert _state(folder, tracker, store or options.get("uri")) == before
    assert count(tracker, folder, options, store=store) == cell
    hold(fault, column, cell)


def _state(folder: SearchFolder, tracker: str, store: str) -> object:
    """Everything that the tracker holds of the search, to the last byte."""
    if tracker == "mlflow":
        search = load_search(folder)
        return everything(store, search.id, search.experiment)
    root = {"wandb": Project.here().wandb_dir, "tensorboard": folder.tensorboard}[tracker]
    files = [path for path in root.rglob("*") if path.is_file() and path.suffix != ".log"]
    return {path: path.read_bytes() for path in files}


def until(condition: Callable[[], object], seconds: float = 60, *, show: SearchFolder | None = None) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        shown = show.follower_log.read_text() if show is not None and show.follower_log.exists() else ""
        assert time.monotonic() < deadline, f"waited too long {shown}"
        time.sleep(0.02)


def has_failed(folder: SearchFolder, times: int = 1) -> bool:
    """Whether the follower has said so often that it will try again."""
    return folder.follower_log.exists() and folder.follower_log.read_text().count("trying again") >= times


def has_shipped(folder: SearchFolder, tracker: str = "mlflow") -> bool:
    return folder.cursor(tracker).exists() and unmirrored(folder)[tracker] == 0
