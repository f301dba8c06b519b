import json
import math
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from toolkit.errors import JournalError
from toolkit.runs import JournalWriter, SearchFolder, SearchHeader, Status, load_search, read_journal
from toolkit.runs.journal import is_being_written

HEADER = SearchHeader(id="0123456789ab", experiment="e", metric="validation_loss", mode="min").to_record()


@pytest.fixture
def folder(tmp_path: Path) -> SearchFolder:
    return SearchFolder(tmp_path / "an experiment's folder" / "0123456789ab")


def test_a_search_reads_back_as_it_was_written(folder: SearchFolder) -> None:
    with JournalWriter(folder) as journal:
        journal.append("search", **HEADER)
        journal.append("trial", 0, params={"trainer.optimizer.lr": 0.1}, config={"trainer": {}}, seed=7)
        journal.append("point", 0, epoch=0, step=5, metrics={"validation_loss": 0.5}, seconds=1.25)
        journal.append("point", 0, epoch=1, step=10, metrics={"validation_loss": math.nan})
        journal.append("end", 0, status="STOPPED", rung=2, reason="worse than the best quarter")
        journal.append("end", status="COMPLETED", best_trial=0)
    search = load_search(folder)
    run = search.runs[0]
    assert (search.status, search.best_trial, run.run_id) == (Status.COMPLETED, 0, "0123456789ab-00000")
    assert (run.status, run.rung, run.seed, run.params) == (
        Status.STOPPED,
        2,
        7,
        {"trainer.optimizer.lr": 0.1},
    )
    assert [(p.epoch, p.step, p.seconds) for p in run.points] == [(0, 5, 1.25), (1, 10, None)]
    assert math.isnan(run.points[1].metrics["validation_loss"])


def test_a_journal_of_a_version_that_wrote_no_code_is_read(folder: SearchFolder) -> None:
    with JournalWriter(folder) as journal:
        journal.append("search", **{name: value for name, value in HEADER.items() if name != "code"})
    assert load_search(folder).header.code is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0, 0),
        (False, False),
        ("", ""),
        (None, None),
        (math.inf, math.inf),
        (-math.inf, -math.inf),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([1.0, math.inf]), [1.0, math.inf]),
        ("Bäckerei \u2028 🥨", "Bäckerei \u2028 🥨"),
        ({"a": (1, math.nan)}, None),
        (object, {"$repr": "<class 'object'>"}),
    ],
    ids=repr,
)
def test_every_value_comes_back(folder: SearchFolder, value: object, read: object) -> None:
    with JournalWriter(folder) as journal:
        journal.append("note", value=value)
    (record,) = read_journal(folder.journal)
    if isinstance(value, dict):
        assert math.isnan(record.body["value"]["a"][1])
    else:
        assert record.body["value"] == read
    json.loads(folder.journal.read_text(), parse_constant=lambda name: pytest.fail(f"bare {name}"))


def test_a_torn_last_line_is_not_there_yet_and_is_cut_by_the_next_writer(folder: SearchFolder) -> None:
    with JournalWriter(folder) as journal:
        journal.append("search", **HEADER)
    whole = folder.journal.read_bytes()
    folder.journal.write_bytes(whole + b'{"v":1,"t":1,"kind":"po')
    assert [r.kind for r in read_journal(folder.journal)] == ["search"]
    with JournalWriter(folder) as journal:
        journal.append("note", text="on we go")
    assert [r.kind for r in read_journal(folder.journal)] == ["search", "note"]
    assert folder.journal.read_bytes().startswith(whole)


def test_a_broken_line_in_the_middle_is_an_error_that_names_the_place(folder: SearchFolder) -> None:
    folder.path.mkdir(parents=True)
    folder.journal.write_text("not json\n")
    with pytest.raises(JournalError, match=r"journal\.jsonl, before byte 9"):
        list(read_journal(folder.journal))


def test_reading_goes_on_from_an_offset(folder: SearchFolder) -> None:
    with JournalWriter(folder) as journal:
        for number in range(5):
            journal.append("note", number=number)
    third = list(read_journal(folder.journal))[2]
    assert [r.body["number"] for r in read_journal(folder.journal, third.end)] == [3, 4]


def test_time_never_goes_back(folder: SearchFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with JournalWriter(folder) as journal:
        first = journal.append("note")
        monkeypatch.setattr("time.time_ns", lambda: 5_000_000)
        assert journal.append("note") == first
    with JournalWriter(folder) as journal:
        assert journal.append("note") == first


def test_a_second_writer_is_refused_and_told_who_writes(folder: SearchFolder) -> None:
    code = (
        "from pathlib import Path; from toolkit.runs import JournalWriter, SearchFolder\n"
        f"JournalWriter(SearchFolder(Path({str(folder.path)!r})))"
    )
    with JournalWriter(folder):
        assert is_being_written(folder)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 1
        assert "is being written by process" in done.stderr
    assert not is_being_written(folder)
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_an_epoch_that_stands_twice_counts_once(folder: SearchFolder) -> None:
    with JournalWriter(folder) as journal:
        journal.append("search", **HEADER)
        journal.append("trial", 0, params={}, config={})
        for loss in (0.5, 0.4):
            journal.append("point", 0, epoch=0, step=1, metrics={"validation_loss": loss})
    assert [p.metrics["validation_loss"] for p in load_search(folder).runs[0].points] == [0.5]


def test_unknown_kinds_are_skipped_and_newer_formats_refused(folder: SearchFolder) -> None:
    with JournalWriter(folder) as journal:
        journal.append("search", **HEADER)
        journal.append("something_new", 3, what="?")
    assert load_search(folder).runs == {}
    folder.journal.write_text('{"v":2,"t":1,"kind":"search"}\n')
    with pytest.raises(JournalError, match="format 2"):
        load_search(folder)


BEGUN: list[dict[str, object]] = [
    {"v": 1, "t": 1, "kind": "search", **HEADER},
    {"v": 1, "t": 2, "kind": "trial", "trial": 0},
]
BEGUN[1].update(params={}, config={})


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{**BEGUN[0], "v": "1"}], "not a line of a journal"),
        ([{**BEGUN[0], "t": None}], "not a line of a journal"),
        ([{**BEGUN[0], "kind": ["search"]}], "not a line of a journal"),
        ([[1, 2]], "not a line of a journal"),
        ([{key: BEGUN[0][key] for key in BEGUN[0] if key != "id"}], "its id must be str, it is None"),
        ([{**BEGUN[0], "tracking": ["mlflow"]}], "its tracking must be dict"),
        ([{**BEGUN[0], "data": {"training": 1}}], "its data must describe"),
        ([{**BEGUN[0], "mode": "up"}], "neither min nor max"),
        ([*BEGUN, {"v": 1, "t": 3, "kind": "trial"}], "it names no trial"),
        ([*BEGUN, {"v": 1, "t": 3, "kind": "trial", "trial": "0"}], "not a line of a journal"),
        (
            [*BEGUN, {"v": 1, "t": 3, "kind": "point", "trial": 7, "epoch": 0, "step": 0, "metrics": {}}],
            "trial 7 has not begun",
        ),
        (
            [*BEGUN, {"v": 1, "t": 3, "kind": "point", "trial": 0, "epoch": "0", "step": 0, "metrics": {}}],
            "its epoch must be int, it is '0'",
        ),
        ([*BEGUN, {"v": 1, "t": 3, "kind": "end", "trial": 0, "status": "DONE"}], "'DONE' is not a valid"),
        ([*BEGUN, {"v": 1, "t": 3, "kind": "end", "trial": 7, "status": "FAILED"}], "trial 7 has not begun"),
        ([*BEGUN, {"v": 1, "t": 3, "kind": "resume", "trial": 7}], "trial 7 has not begun"),
        ([*BEGUN, {"v": 1, "t": 3, "kind": "artifact", "name": "model"}], "its path must be str"),
    ],
)
def test_json_that_is_no_journal_is_an_error_that_names_the_place(
    folder: SearchFolder, lines: list[object], said: str
) -> None:
    folder.path.mkdir(parents=True)
    folder.journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(JournalError) as raised:
        load_search(folder)
    assert str(raised.value).startswith(f"{folder.journal}, before byte {folder.journal.stat().st_size}: ")
    assert said in str(raised.value)


def test_whoever_appends_does_not_wait_for_a_slow_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, released = threading.Event(), threading.Event()

    def slow_fsync(descriptor: int) -> None:
        entered.set()
        assert released.wait(10)

    with JournalWriter(SearchFolder(tmp_path)) as writer:
        monkeypatch.setattr(os, "fsync", slow_fsync)
        writer.append("note", text="one")
        flushing = threading.Thread(target=writer.flush)
        flushing.start()
        assert entered.wait(10)
        writer.append("note", text="two")  # would hang here
        released.set()
        flushing.join(10)
        assert not flushing.is_alive()
