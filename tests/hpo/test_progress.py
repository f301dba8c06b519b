import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from toolkit.hpo.progress import Progress, summary, time_left
from toolkit.runs import JournalWriter, SearchFolder, SearchHeader, load_search

HEADER = SearchHeader(id="0123456789ab", experiment="toy", metric="validation_loss", mode="min")


@pytest.fixture
def folder(tmp_path: Path) -> SearchFolder:
    folder = SearchFolder(tmp_path / "0123456789ab")
    with JournalWriter(folder) as journal:
        journal.append("search", **HEADER.to_record())
        for trial, loss in enumerate((0.5, 0.25, 0.75)):
            journal.append("trial", trial, params={"trainer.optimizer.lr": 0.1}, config={})
            journal.append("point", trial, epoch=0, step=1, metrics={"validation_loss": loss})
        journal.append("end", 1, status="COMPLETED")
        journal.append("end", 2, status="STOPPED", rung=1)
    return folder


def test_one_line_says_how_it_stands(folder: SearchFolder) -> None:
    search = load_search(folder)
    line = summary(search, num_trials=6, now=search.started / 1000 + 20).plain
    assert line == (
        "toy: 2/6 trials, 1 done, 1 stopped, 0 failed, best validation_loss 0.2500 (trial 1), about 40 s left"
    )


@pytest.mark.parametrize(
    ("ended", "told"), [(0, "time left unknown yet"), (1, "about 15 min left"), (9, "about 11 s left")]
)
def test_time_left_in_words(ended: int, told: str) -> None:
    assert time_left(elapsed=100, ended=ended, planned=10) == told


def test_a_terminal_sees_the_best_and_the_running_trials(folder: SearchFolder) -> None:
    console = Console(record=True, width=100, force_terminal=True)
    console.print(Progress(folder, 6, console)._view())
    shown = console.export_text()
    assert "2/6 trials" in shown
    assert [line.split()[:2] for line in shown.splitlines()[2:]] == [["1", "best"], ["0", "running"]]


def test_a_journal_that_is_not_there_yet(tmp_path: Path) -> None:
    console = Console(record=True, width=100)
    with Progress(SearchFolder(tmp_path / "none"), 6, console) as progress:
        console.print(progress._view())
    assert "starting" in console.export_text()


def test_without_a_terminal_a_line_is_printed_now_and_then(
    folder: SearchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.hpo.progress._LINE_SECONDS", 0.01)
    console = Console(record=True, width=200)
    with Progress(folder, 6, console):
        deadline = time.monotonic() + 20
        while "2/6 trials" not in console.export_text(clear=False):
            assert time.monotonic() < deadline


def test_a_terminal_is_redrawn_while_the_search_goes_on(
    folder: SearchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.hpo.progress._REFRESH_SECONDS", 0.01)
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    assert isinstance(console.file, io.StringIO)
    with Progress(folder, 6, console):
        with JournalWriter(folder) as journal:
            journal.append("end", 0, status="FAILED", reason="no memory")
        deadline = time.monotonic() + 20
        while "1 failed" not in console.file.getvalue():
            assert time.monotonic() < deadline


@pytest.mark.parametrize("width", [60, 80])
def test_a_narrow_terminal_keeps_what_matters(folder: SearchFolder, width: int) -> None:
    console = Console(record=True, width=width, force_terminal=True)
    console.print(Progress(folder, 6, console)._view())
    shown = console.export_text()
    for word in ("trial", "status", "epochs", "validation_loss", "running"):
        assert word in shown
