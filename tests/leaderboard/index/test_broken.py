"""An index file that is broken, or cannot be written: the answer is the same, and the next one too."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.faults.small_disk import small_disk
from tests.leaderboard.journals import Trial, write_search
from toolkit.cli.compare import command
from toolkit.leaderboard.index import opening
from toolkit.leaderboard.index.opening import FILE_NAME
from toolkit.runs import JournalWriter, SearchFolder

_PAGE = 4096


def answer() -> list[object]:
    result = CliRunner().invoke(command, ["--json"], catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


@pytest.fixture
def index(project: Path) -> Path:
    """The index file of two searches."""
    trials = [Trial([0.5, 0.3], params={"lr": 0.1}), Trial([0.4], params={"lr": 0.2})]
    write_search(project / "runs" / "names" / ("a" * 12), trials)
    write_search(project / "runs" / "other" / ("b" * 12), [Trial([0.2])], experiment="other", id="b" * 12)
    assert len(answer()) == 3
    return project / "runs" / FILE_NAME


@pytest.mark.parametrize("byte", [b"\xff", b"\x00", b"n"])
@pytest.mark.parametrize("size", [64, 200, _PAGE])
def test_a_page_is_broken(index: Path, byte: bytes, size: int) -> None:
    """What sqlite cannot see, such as zeros in place of values, is beyond this."""
    whole, expected = index.read_bytes(), answer()
    for start in range(0, len(whole), _PAGE):
        index.write_bytes(whole[:start] + byte * size + whole[start + size :])
        assert answer() == expected
        assert answer() == expected


def test_what_is_no_index_is_replaced(index: Path) -> None:
    whole, expected = index.read_bytes(), answer()
    for content in (b"", b"no database at all" * 400, whole[:1000], whole[: len(whole) // 2]):
        index.write_bytes(content)
        assert answer() == expected
        assert index.stat().st_size >= len(whole)


def test_a_first_index_that_was_interrupted_is_made_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_search(project / "runs" / "names" / ("a" * 12), [Trial([0.5])])
    really = opening.create

    def interrupted(database: sqlite3.Connection) -> None:
        really(database)
        raise KeyboardInterrupt

    monkeypatch.setattr(opening, "create", interrupted)
    with pytest.raises(KeyboardInterrupt):
        opening.open_index(project / "runs")
    monkeypatch.undo()
    monkeypatch.chdir(project)
    with closing(opening.open_index(project / "runs")) as index:
        assert index.path == project / "runs" / FILE_NAME
    assert len(answer()) == 1


@pytest.mark.parametrize("free", [0, 4_096, 20_000, 60_000, 120_000])
def test_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        monkeypatch.chdir(disk.path)
        trials = [Trial([0.5, 0.3], params={f"lr{n}": n}) for n in range(100)]
        write_search(disk.path / "runs" / "names" / ("a" * 12), trials)
        disk.fill(but=free)
        assert len(answer()) == 100
        disk.empty()
        assert len(answer()) == 100
        assert (disk.path / "runs" / FILE_NAME).stat().st_size > 20_000
        monkeypatch.chdir(tmp_path)


def test_a_journal_is_cut_off_anywhere_and_goes_on(index: Path) -> None:
    """As who has a damaged line is told to do; the index knew what was cut off."""
    folder = index.parent / "names" / ("a" * 12)
    journal = folder / "journal.jsonl"
    whole = journal.read_bytes()
    for end in range(whole.index(b"\n") + 1, len(whole), 97):
        index.unlink()
        journal.write_bytes(whole)  # the inode stays
        assert len(answer()) == 3
        with journal.open("r+b") as file:
            file.truncate(end)
        with JournalWriter(SearchFolder(folder)) as writer:
            trial = 7
            while journal.stat().st_size < len(whole):
                writer.append("trial", trial, params={"lr": trial}, config={}, seed=0)
                trial += 1
        found = answer()
        index.unlink()
        assert found == answer(), end
