"""The index grows with the journals, and answers as if every journal had been read whole."""

import math
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.index.oracle import as_standings, plainly
from tests.leaderboard.journals import Trial, header, write_search
from toolkit.errors import BusyError
from toolkit.leaderboard.index import Index, catch_up, catching_up, open_index, standings
from toolkit.leaderboard.index.opening import FILE_NAME
from toolkit.leaderboard.index.searches import all_searches
from toolkit.leaderboard.question import Question
from toolkit.runs import JournalWriter, SearchFolder, load_search

NAN = math.nan


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path)
    assert opened.path is not None
    yield opened
    opened.close()


def answer_of(index: Index, question: Question | None = None) -> list[Any]:
    question = Question() if question is None else question
    return [row for table in standings(index, all_searches(index), question) for row in as_standings(table)]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("records", [1, 7, 20_000])
def test_a_growing_journal_reads_as_a_whole_one(
    tmp_path: Path, index: Index, seed: int, records: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "_RECORDS_A_TRANSACTION", records + 1)
    dice = random.Random(seed)
    folders = [SearchFolder(tmp_path / "names" / name) for name in ("a" * 12, "b" * 12)]
    writers = [JournalWriter(folder) for folder in folders]
    for folder, writer in zip(folders, writers, strict=True):
        writer.append("search", **header(id=folder.path.name).to_record())
    begun: list[dict[int, _Epochs]] = [{}, {}]
    for _ in range(6):
        for _ in range(dice.randrange(40)):
            which = dice.randrange(2)
            _something_happens(dice, writers[which], begun[which])
        assert catch_up(index, tmp_path) == {}
        searches = [load_search(folder) for folder in folders]
        assert_equal(answer_of(index), plainly(searches, "validation_loss", "min"))
        for scope in ("best", "last"):
            for metric, mode in (("validation_loss", "min"), ("other", "max")):
                if any(metric in p.metrics for s in searches for r in s.runs.values() for p in r.points):
                    question = Question(metric, mode, scope="last" if scope == "last" else "best")
                    assert_equal(answer_of(index, question), plainly(searches, metric, mode, scope))
    for writer in writers:
        writer.close()


@dataclass
class _Epochs:
    """The last epoch of a trial, and whether it is provisional."""

    last: int = -1
    provisional: bool = False


def _something_happens(dice: random.Random, journal: JournalWriter, begun: dict[int, _Epochs]) -> None:
    """One record that a search may write."""
    if not begun or dice.random() < 0.2:
        trial = len(begun)
        begun[trial] = _Epochs()
        params = {"s.lr": dice.choice([0.1, 1, True, None, "1", NAN, [1, 2]]), "s.deep": dice.random()}
        journal.append("trial", trial, params=params, config={"a": {"b": dice.randrange(2)}}, seed=trial)
        return
    trial = dice.choice(list(begun))
    epochs = begun[trial]
    kind = dice.choice(["point"] * 9 + ["accept", "withdraw", "end", "resume", "params"])
    if kind == "point":
        if dice.random() < 0.9:
            epochs.last += 1  # else an epoch that stands there already
        epochs.last = max(epochs.last, 0)
        if epochs.provisional or dice.random() < 0.3:
            kind, epochs.provisional = "provisional", True
        value = dice.choice([dice.random(), 0.5, 0.5, NAN, math.inf, -math.inf, True, "0.1", None, 1])
        metrics = {"validation_loss": value, "other": dice.choice([0, 1, 2, NAN])}
        if dice.random() < 0.2:
            metrics["other__label"] = value
        journal.append(kind, trial, epoch=epochs.last, step=epochs.last, metrics=metrics, seconds=0.5)
    elif kind == "end":
        status = dice.choice(["COMPLETED", "STOPPED", "FAILED", "INTERRUPTED"])
        journal.append("end", trial, status=status, reason=dice.choice([None, "why"]))
    elif kind == "accept":
        journal.append(kind, trial, epoch=epochs.last)
        epochs.provisional = False
    elif kind == "params":
        journal.append(kind, trial, epoch=epochs.last + 1, params={"s.lr": 3})
    else:
        journal.append(kind, trial)
        epochs.provisional &= kind != "withdraw"


def assert_equal(found: object, expected: object) -> None:
    """Compare by what is written, since NaN is unequal to itself and True equal to 1."""
    assert repr(found) == repr(expected)


def test_only_what_has_grown_is_read(tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    write_search(tmp_path / "names" / "one", [Trial([0.5, 0.4])], id="1" * 12)
    grown = tmp_path / "names" / "two"
    write_search(grown, [Trial([0.3], status=None)], id="2" * 12, ended=False)
    catch_up(index, tmp_path)
    read: list[tuple[str, int]] = []
    really = catching_up.read_journal

    def spied(path: Path, offset: int = 0) -> Any:
        read.append((path.parent.name, offset))
        return really(path, offset)

    monkeypatch.setattr(catching_up, "read_journal", spied)
    catch_up(index, tmp_path)
    assert read == []
    size = (grown / "journal.jsonl").stat().st_size
    with JournalWriter(SearchFolder(grown)) as journal:
        journal.append("point", 0, epoch=1, step=20, metrics={"validation_loss": 0.1}, seconds=0.5)
    catch_up(index, tmp_path)
    assert read == [("two", 0), ("two", size)]  # its first line, whether it is the same journal; what is new
    assert answer_of(index)[0][:4] == (1, "names", "2" * 12, 0)


def test_another_journal_in_the_same_place_is_read_anew(tmp_path: Path, index: Index) -> None:
    folder = tmp_path / "names" / "one"
    write_search(folder, [Trial([0.1]), Trial([0.2])])
    catch_up(index, tmp_path)
    was = (folder / "journal.jsonl").read_bytes()
    (folder / "journal.jsonl").write_bytes(b"")  # the inode stays
    write_search(folder, [Trial([0.7], params={"s.lr": 7}), Trial([0.8]), Trial([0.9] * 9)])
    assert (folder / "journal.jsonl").stat().st_size > len(was)
    catch_up(index, tmp_path)
    assert_equal(answer_of(index), plainly([load_search(folder)], "validation_loss", "min"))


def test_a_search_that_is_gone_is_forgotten(tmp_path: Path, index: Index) -> None:
    write_search(tmp_path / "names" / "one", [Trial([0.5])], id="1" * 12)
    write_search(tmp_path / "names" / "two", [Trial([0.4])], id="2" * 12)
    catch_up(index, tmp_path)
    (tmp_path / "names" / "one" / "journal.jsonl").unlink()
    (tmp_path / "names" / "one").rename(tmp_path.parent / "elsewhere")
    catch_up(index, tmp_path)
    assert [row[2] for row in answer_of(index)] == ["2" * 12]
    assert index.database.execute("SELECT count(*) FROM run").fetchone() == (1,)
    assert index.database.execute("SELECT count(*) FROM point").fetchone() == (1,)


def test_an_unreadable_journal_is_named_and_the_others_are_there(tmp_path: Path, index: Index) -> None:
    write_search(tmp_path / "names" / "one", [Trial([0.5])], id="1" * 12)
    broken = tmp_path / "names" / "two"
    write_search(broken, [Trial([0.4])], id="2" * 12)
    whole = (broken / "journal.jsonl").read_bytes()
    (broken / "journal.jsonl").write_bytes(whole + b"no record\n")
    errors = catch_up(index, tmp_path)
    assert list(errors) == ["names/two"]
    assert "not a line of a journal" in str(errors["names/two"])
    assert list(catch_up(index, tmp_path)) == ["names/two"]  # it is told again
    assert [row[2] for row in answer_of(index)] == ["1" * 12]
    (broken / "journal.jsonl").write_bytes(whole)
    assert catch_up(index, tmp_path) == {}
    assert [row[2] for row in answer_of(index)] == ["2" * 12, "1" * 12]


def test_a_torn_last_line_is_not_there_yet(tmp_path: Path, index: Index) -> None:
    folder = tmp_path / "names" / "one"
    write_search(folder, [Trial([0.5], status=None)], ended=False)
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(b'{"v":1,"t":1')
    catch_up(index, tmp_path)
    assert [row[0] for row in answer_of(index)] == [1]
    with JournalWriter(SearchFolder(folder)) as journal:
        journal.append("point", 0, epoch=1, step=20, metrics={"validation_loss": 0.1}, seconds=0.5)
    catch_up(index, tmp_path)
    assert answer_of(index)[0][5] == 1


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"", "another version"])
def test_an_index_that_cannot_be_used_is_made_anew(tmp_path: Path, content: bytes | str) -> None:
    search = write_search(tmp_path / "names" / "one", [Trial([0.5])])
    index = open_index(tmp_path)
    catch_up(index, tmp_path)
    index.close()
    if isinstance(content, bytes):
        (tmp_path / FILE_NAME).write_bytes(content)
    else:
        other = sqlite3.connect(tmp_path / FILE_NAME)
        other.execute("PRAGMA user_version = 99")
        other.close()
    index = open_index(tmp_path)
    assert index.path == tmp_path / FILE_NAME
    catch_up(index, tmp_path)
    assert_equal(answer_of(index), plainly([search], "validation_loss", "min"))
    index.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, "names"]


def test_where_nothing_can_be_written_the_index_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = write_search(tmp_path / "names" / "one", [Trial([0.5])])
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    index = open_index(tmp_path)
    assert index.path is None
    catch_up(index, tmp_path)
    assert_equal(answer_of(index), plainly([search], "validation_loss", "min"))
    assert [path.name for path in tmp_path.iterdir()] == ["names"]


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path, index: Index) -> None:
    write_search(tmp_path / "names" / "one", [Trial([0.5], params={"s.lr": 1})])
    with pytest.raises(RuntimeError), index.writing():
        index.fields.metric("some")
        raise RuntimeError
    assert index.fields.metrics == {}
    catch_up(index, tmp_path)
    assert list(index.fields.metrics) == ["validation_loss"]


def test_more_names_than_columns(tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.leaderboard.index.schema.MOST_COLUMNS", 3)
    trials = [
        Trial(
            [{"validation_loss": 0.5 + n, "b": n, "c": NAN, "d'\"": 1.0}],
            params={"s.lr": 0.1, "s.wide": True, "s.flag": None},
            config={"a": {"x": 1, "y": n}},
        )
        for n in range(3)
    ]
    search = write_search(tmp_path / "names" / "one", trials)
    catch_up(index, tmp_path)
    assert_equal(answer_of(index), plainly([search], "validation_loss", "min"))
    [table] = standings(index, all_searches(index), Question())
    assert [row.params["a.y"] for row in table.rows] == [0, 1, 2]
    [table] = standings(index, all_searches(index), Question(where="b >= 1 and y == 2"))
    assert [row.trial for row in table.rows] == [2]
    [table] = standings(index, all_searches(index), Question("b", "max"))
    assert [row.trial for row in table.rows] == [2, 1, 0]


_READER = """
import sys
from pathlib import Path
from toolkit.leaderboard.index import catch_up, open_index, standings
from toolkit.leaderboard.index.searches import all_searches
from toolkit.leaderboard.question import Question
runs, until = Path(sys.argv[1]), int(sys.argv[2])
seen = 0
while seen < until:
    index = open_index(runs)
    assert catch_up(index, runs) == {}
    tables = standings(index, all_searches(index), Question(unranked=0))
    before, seen = seen, sum(row.epochs for table in tables for row in table.rows)
    assert seen >= before, (before, seen)
    index.close()
print(seen)
"""


def test_many_read_while_searches_are_written(tmp_path: Path) -> None:
    """Three processes follow two journals that grow; each sees all points, and never fewer than before."""
    epochs, trials = 20, 20
    root = str(Path(__file__).parents[3])
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(tmp_path), str(2 * epochs * trials)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": root},
        )
        for _ in range(3)
    ]
    writers = [JournalWriter(SearchFolder(tmp_path / "names" / name)) for name in ("a" * 12, "b" * 12)]
    for writer in writers:
        writer.append("search", **header(id=writer.folder.path.name).to_record())
        for trial in range(trials):
            writer.append("trial", trial, params={"s.lr": trial}, config={}, seed=trial)
    for epoch in range(epochs):
        for writer in writers:
            for trial in range(trials):
                metrics = {"validation_loss": 1 / (epoch + 1), f"only{epoch}": trial}
                writer.append("point", trial, epoch=epoch, step=epoch, metrics=metrics, seconds=0.1)
    for writer in writers:
        writer.close()
    for reader in readers:
        out, _ = reader.communicate(timeout=60)
        assert (reader.returncode, out.strip()) == (0, str(2 * epochs * trials))


def test_a_locked_index_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.leaderboard.index.opening._PATIENCE_SECONDS", 0.05)
    write_search(tmp_path / "names" / "one", [Trial([0.5])])
    holder = open_index(tmp_path)
    with holder.writing():
        index = open_index(tmp_path)
        with pytest.raises(BusyError, match="is locked by another process"):
            catch_up(index, tmp_path)
        index.close()
    holder.close()
