"""What `toolkit compare` may cost, in counts: modules, reads, writes, statements. Times are benchmarks."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.journals import write_journals
from toolkit.cli import main
from toolkit.leaderboard.index import opening

ROOT = Path(__file__).parents[2]
HEAVY = {
    *("ray", "torch", "mlflow", "wandb", "pandas", "numpy", "rich", "sqlalchemy", "plotly", "optuna"),
    *("scipy", "textual", "sklearn", "matplotlib", "dvc"),
}
UNUSED = {"hashlib", "difflib", "toolkit.runs.secrets", "toolkit.leaderboard.index.matching"}
"""Cheap ones that a plain call does without all the same: each is some milliseconds."""
TOP = ["compare", "--top", "20"]


def call(*arguments: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    assert left.value.code in (0, None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three searches of ten runs each, indexed; it is the working directory."""
    return indexed(tmp_path / "project", 30, monkeypatch)


def indexed(folder: Path, runs: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_journals(folder / "runs", runs, searches=3)
    monkeypatch.chdir(folder)
    call(*TOP)
    return folder


@pytest.mark.parametrize("style", [[], ["--json"]])
def test_nothing_heavy_is_imported(project: Path, style: list[str]) -> None:
    code = (
        "import sys\nfrom toolkit.cli import main\n"
        "try: main()\nfinally: print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *TOP, *style]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    loaded = set(done.stderr.split())
    assert "toolkit.leaderboard.index.standings" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert loaded & UNUSED == set()


@pytest.mark.parametrize("arguments", [TOP, ["compare", "--where", "optimizer.lr < 0.01"]])
def test_an_unchanged_project_is_neither_read_nor_written(project: Path, arguments: list[str]) -> None:
    """No journal is opened, and nobody sees another version of the index."""
    opened, changes = watched(arguments)
    assert opened == []
    assert changes == 0


def test_who_watches_sees_a_change(project: Path) -> None:
    """The journal that has grown, and no other, is read."""
    journal = sorted((project / "runs").glob("*/*/journal.jsonl"))[1]
    lines = journal.read_text().splitlines(keepends=True)
    with journal.open("a") as file:
        file.write(next(line for line in reversed(lines) if '"kind":"end","trial"' in line))
    opened, changes = watched(TOP)
    assert set(opened) == {str(journal)}
    assert changes > 0


def watched(arguments: list[str]) -> tuple[list[str], int]:
    """The journals that a call opens, and how often it changed the index's file."""
    opened: list[str] = []
    listening = True

    def listen(event: str, details: tuple[Any, ...]) -> None:
        if listening and event == "open" and str(details[0]).endswith("journal.jsonl"):
            opened.append(str(details[0]))

    sys.addaudithook(listen)
    file = Path("runs/index.sqlite")
    with sqlite3.connect(file) as database:  # stays open: a version of the data counts for one connection
        before = database.execute("PRAGMA data_version").fetchone()[0]
        try:
            call(*arguments)
        finally:
            listening = False
        changes = database.execute("PRAGMA data_version").fetchone()[0] - before
    database.close()
    return opened, changes


def test_the_number_of_statements_does_not_grow_with_the_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for runs in (60, 600):
        indexed(tmp_path / str(runs), runs, monkeypatch)
        counts.append(statements(monkeypatch))
    assert counts[0] == counts[1] > 0


def statements(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many the index's connection carries out for the first twenty runs."""
    seen: list[str] = []

    class Counted(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.set_trace_callback(seen.append)

    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(
            opening.sqlite3, "connect", lambda *given, **options: connect(*given, factory=Counted, **options)
        )
        call(*TOP)
    return len(seen)
