import os
import time
from pathlib import Path

import filelock
import pytest

from tests.doctor.broken import said
from tests.pruning.searches import leave
from toolkit.doctor import recorded
from toolkit.runs import JournalWriter, Project, SearchFolder, Status
from toolkit.testing.toy import ToyJournal, toy_header
from toolkit.trackers import mirror

NAME = "toy@0123456789ab"


def write(
    status: Status | None = Status.COMPLETED, tracking: dict[str, object] | None = None
) -> SearchFolder:
    """A search of two planned trials, one of which has ended; without a status nobody closed it."""
    header = toy_header(experiment="toy", num_trials=2, tracking=tracking or {})
    journal = ToyJournal(Path("runs") / "toy" / header.id, header)
    journal.trial(0)
    journal.points(0, range(3))
    journal.end(0)
    if status is None:
        journal.writer.close()
    else:
        journal.close(status)
    return journal.folder


def test_journals(project: Path) -> None:
    folder = write()
    assert said(recorded.journals) == [("ok", "1 journals can be read")]
    with folder.journal.open("ab") as file:
        file.write(b'{"v":1,"t"')
    ((level, found), _) = said(recorded.journals)
    assert (level, found.startswith(f"the journal of {NAME} ends in the middle of a line")) == (
        "warning",
        True,
    )
    folder.journal.write_text("no journal\n")
    assert [level for level, _ in said(recorded.journals)] == ["problem", "ok"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.INTERRUPTED, f"{NAME} is INTERRUPTED: 1 of 2 trials have ended"),
        (None, f"{NAME} was killed: 1 of 2 trials have ended"),
    ],
)
def test_unfinished(project: Path, status: Status | None, told: str) -> None:
    folder = write(status)
    assert said(recorded.unfinished) == [("warning", told)]
    with JournalWriter(folder):
        ((level, found),) = said(recorded.unfinished)
    assert (level, found.startswith(f"{NAME} is being written by process {os.getpid()}")) == ("ok", True)


def test_finished(project: Path) -> None:
    write()
    assert said(recorded.unfinished) == [("ok", "every search has ended")]


def test_mirrors(project: Path) -> None:
    folder = write(tracking={"memory": {}})
    assert said(recorded.mirrors) == [("warning", f"3 points of {NAME} are not in memory")]
    with JournalWriter(folder):
        assert said(recorded.mirrors) == [
            ("warning", f"nobody ships {NAME} to memory: 3 points are not there")
        ]
    folder.tracker_lock("memory").parent.mkdir(exist_ok=True)
    with filelock.FileLock(folder.tracker_lock("memory")):
        assert said(recorded.mirrors) == [("ok", f"{NAME} is being shipped to memory, 3 points remain")]
    mirror(folder, Project.here())
    assert said(recorded.mirrors) == [("ok", "the trackers have every point")]


def test_clock(project: Path) -> None:
    folder = write()
    assert said(recorded.clock) == [("ok", "no journal speaks of a time to come")]
    with JournalWriter(folder) as journal:
        journal.append("note", at=time.time_ns() // 10**6 + 59 * 60_000 + 30_000, text="from tomorrow")
    ((level, found),) = said(recorded.clock)
    assert (level, found.startswith(f"{NAME} was written 59 minutes from now")) == ("warning", True)


def test_leftovers(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write()
    leave(folder.tensorboard / "00000" / "events.1.superseded", 2000)
    assert said(recorded.leftovers) == [("ok", "0.0 MB of superseded files")]
    monkeypatch.setattr(recorded, "_MUCH", 1000)
    assert [level for level, _ in said(recorded.leftovers)] == ["warning"]
