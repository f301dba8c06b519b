"""`toolkit prune`: its lines, that it asks, and its exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pruning.searches import write_search
from toolkit.cli import prune
from toolkit.runs import JournalWriter, SearchFolder, Status, load_search
from toolkit.runs.sizes import in_words

DONE = [Status.COMPLETED] * 3
OLD, NEW = "0" * 12, "1" * 12
LINES = (
    f"toy@{OLD}  320 B: 2 models (200 B), 7 files of Ray (70 B), 2 superseded files (50 B)\n"
    f"toy@{NEW}  50 B: 2 superseded files (50 B)\n"
)


@pytest.fixture
def folder(project: Path) -> SearchFolder:
    """The older one of two searches."""
    old = write_search(OLD, DONE).folder
    write_search(NEW, DONE)
    return old


def run(*arguments: str) -> Result:
    return CliRunner().invoke(prune.command, list(arguments))


def test_a_dry_run_says_what_would_go(folder: SearchFolder) -> None:
    done = run("--dry-run")
    assert (done.exit_code, done.output) == (0, LINES)
    assert load_search(folder).model(0).is_file()


def test_what_was_freed(folder: SearchFolder) -> None:
    done = run("--yes")
    assert (done.exit_code, done.output) == (0, LINES + "freed 370 B\n")
    assert not load_search(folder).model(0).exists()
    assert run("--yes").output == "nothing to remove\n"


def test_where_nobody_can_be_asked_nothing_goes(folder: SearchFolder) -> None:
    done = run()
    assert done.exit_code == 2
    assert "say --yes where nobody can be asked" in done.output
    assert load_search(folder).model(0).is_file()


def test_a_no_is_a_no(folder: SearchFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "_is_asked", lambda: True)
    done = CliRunner().invoke(prune.command, [], input="n\n")
    assert done.exit_code == 1
    assert "Remove 370 B? [y/N]: n" in done.stderr
    assert load_search(folder).model(0).is_file()
    assert CliRunner().invoke(prune.command, [], input="y\n").exit_code == 0
    assert not load_search(folder).model(0).exists()


def test_json(folder: SearchFolder) -> None:
    with JournalWriter(folder):
        done = run("--json", "--yes")
    told = json.loads(done.stdout)
    assert (told["dry_run"], told["freed"]) == (False, 50)
    assert [(one["search"], one["bytes"]) for one in told["searches"]] == [(NEW, 50)]
    assert [one["search"] for one in told["left_alone"]] == [OLD]
    assert done.stderr.startswith(f"left alone: toy@{OLD} is being written by process ")


def test_only_the_named_ones(folder: SearchFolder) -> None:
    assert run(f"toy@{OLD[:3]}", "--dry-run").output == LINES.splitlines(keepends=True)[0]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_210_000, "3.2 MB")]
)
def test_sizes(count: int, words: str) -> None:
    assert in_words(count) == words
