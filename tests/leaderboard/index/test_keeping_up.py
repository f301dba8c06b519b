"""The index is kept up with a search that runs, and never in the way of what goes on beside it."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.leaderboard.journals import Trial, header, write_search
from toolkit.leaderboard.index import keeping_up, open_index
from toolkit.leaderboard.index.keeping_up import keeping_up as keep_up
from toolkit.leaderboard.index_file import FILE_NAME
from toolkit.runs import JournalWriter, Project, SearchFolder


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping_up, "_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(keeping_up, "_PATIENCE_SECONDS", 0.05)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, tmp_path)


def indexed(runs: Path) -> list[tuple[str, str, int]]:
    """(place, status, epochs) of the searches, as another process reads them."""
    if not (runs / FILE_NAME).is_file():
        return []
    database = sqlite3.connect(runs / FILE_NAME)
    try:
        return database.execute(
            "SELECT place, s.status, coalesce(sum(epochs), 0) FROM search s "
            "LEFT JOIN run ON search = s.number GROUP BY s.number ORDER BY place"
        ).fetchall()
    except sqlite3.OperationalError:  # it is being made
        return []
    finally:
        database.close()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_is_written_is_there_soon_and_the_end_at_the_end(project: Project) -> None:
    folder = SearchFolder(project.runs / "names" / "one")
    with keep_up(folder, project), JournalWriter(folder) as journal:
        journal.append("search", **header().to_record())
        journal.append("trial", 0, params={}, config={}, seed=0)
        for epoch in range(3):
            metrics = {"validation_loss": 1.0}
            journal.append("point", 0, epoch=epoch, step=epoch, metrics=metrics, seconds=0.5)
            wait_for(lambda: indexed(project.runs) == [("names/one", "RUNNING", epoch + 1)])  # noqa: B023
        journal.append("end", status="COMPLETED")
    assert indexed(project.runs) == [("names/one", "COMPLETED", 3)]


def test_only_this_search_is_read(project: Project) -> None:
    write_search(project.runs / "names" / "one", [Trial([0.5])])
    write_search(project.runs / "names" / "two", [Trial([0.5])], id="b" * 12)
    with keep_up(SearchFolder(project.runs / "names" / "two"), project):
        pass
    assert indexed(project.runs) == [("names/two", "COMPLETED", 1)]


def test_an_index_that_is_locked_is_left_alone(project: Project) -> None:
    write_search(project.runs / "names" / "one", [Trial([0.5])])
    said: list[str] = []
    holder = open_index(project.runs)
    with holder.writing():
        with keep_up(SearchFolder(project.runs / "names" / "one"), project, said.append):
            time.sleep(0.15)  # some tries
        assert indexed(project.runs) == []
    with keep_up(SearchFolder(project.runs / "names" / "one"), project, said.append):
        pass
    holder.close()
    assert indexed(project.runs) == [("names/one", "COMPLETED", 1)]
    assert said == []


def test_what_goes_wrong_is_told_once_and_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_search(project.runs / "names" / "one", [Trial([0.5])])
    said: list[str] = []
    tries: list[int] = []
    really = keeping_up.catch_up

    def full(*arguments: object) -> None:
        tries.append(1)
        if len(tries) < 5:
            raise sqlite3.OperationalError("database or disk is full")
        really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping_up, "catch_up", full)
    with keep_up(SearchFolder(project.runs / "names" / "one"), project, said.append):
        wait_for(lambda: len(tries) >= 5)
    assert said == ["index: database or disk is full; `toolkit compare` reads the journal itself"]
    assert indexed(project.runs) == [("names/one", "COMPLETED", 1)]


def test_a_journal_that_cannot_be_read_is_not_our_news(project: Project) -> None:
    write_search(project.runs / "names" / "one", [Trial([0.5])])
    with (project.runs / "names" / "one" / "journal.jsonl").open("a") as file:
        file.write("no record\n")
    said: list[str] = []
    with keep_up(SearchFolder(project.runs / "names" / "one"), project, said.append):
        pass
    assert (said, indexed(project.runs)) == ([], [])


def test_what_is_shipped_ends_as_it_did(project: Project) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        keep_up(SearchFolder(project.runs / "names" / "one"), project),
    ):
        raise KeyboardInterrupt


@pytest.mark.parametrize("there", [True, False])
def test_elsewhere_an_index_is_kept_where_there_is_one(project: Project, tmp_path: Path, there: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_search(elsewhere / "names" / "one", [Trial([0.5])])
    if there:
        open_index(elsewhere).close()
    with keep_up(SearchFolder(elsewhere / "names" / "one"), project):
        pass
    assert indexed(elsewhere) == ([("names/one", "COMPLETED", 1)] if there else [])
    assert (elsewhere / FILE_NAME).exists() == there
    assert not project.runs.exists()
