"""The mirror, over the in-memory tracker: what is shipped when, what remains, what survives a failure."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import filelock
import pytest

from toolkit.errors import TrackerError
from toolkit.runs import Point, Project, Run, SearchFolder, Status, load_search
from toolkit.runs.search import file_digest
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import mirror, registry, unmirrored
from toolkit.trackers.cursor import Cursor, Cursors, read_cursors, write_cursors
from toolkit.trackers.memory import MemoryStore, MemoryTracker
from toolkit.trackers.mirror import Pace
from toolkit.trackers.shipper import Shipper

FAST = Pace(poll=0.01, back_off=0.01, longest_back_off=0.02, insist=0.2, orphan=0.05, quiet=0.0, locked=0.1)


@pytest.fixture
def folder(project: Path) -> SearchFolder:
    header = toy_header(tracking={"memory": {}})
    return write_toy_journal(project / "runs" / "toy names" / header.id, header)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def sent(store: MemoryStore) -> dict[str, int]:
    return {run_id[-1]: len(run.points) for run_id, run in store.runs.items()}


def ship(folder: SearchFolder, store: MemoryStore, **options: object) -> list:
    return mirror(
        folder,
        Project.here(),
        pace=FAST,
        trackers={"memory": {"store": store}},
        **options,  # type: ignore[arg-type]
    )


def test_a_whole_search_arrives_once(folder: SearchFolder, store: MemoryStore) -> None:
    (outcome,) = ship(folder, store)
    assert (outcome.shipped, outcome.remaining, outcome.error) == (6, 0, None)
    assert sent(store) == {"0": 3, "1": 1, "2": 0, "3": 2}
    statuses = [run.status for run in store.runs.values()]
    assert statuses == [Status.COMPLETED, Status.STOPPED, Status.FAILED, Status.COMPLETED]
    assert store.searches == {"0123456789ab": Status.COMPLETED}
    assert set(store.artifacts) == {"leaderboard.csv", "best_config.json"}
    assert set(store.runs["0123456789ab-00000"].artifacts) == {"model.tar.gz"}


def test_a_second_time_ships_nothing(folder: SearchFolder, store: MemoryStore) -> None:
    ship(folder, store)
    (outcome,) = ship(folder, store)
    assert (outcome.shipped, outcome.remaining) == (0, 0)
    assert sent(store) == {"0": 3, "1": 1, "2": 0, "3": 2}


def test_another_store_gets_everything_from_the_beginning(folder: SearchFolder, store: MemoryStore) -> None:
    ship(folder, store)
    other = MemoryStore()
    (outcome,) = ship(folder, other)
    assert outcome.shipped == 6
    assert sent(other) == sent(store)


@pytest.mark.parametrize("cut", range(1, 16))
def test_any_cursor_ends_at_the_same_state(folder: SearchFolder, store: MemoryStore, cut: int) -> None:
    """A shipper killed after any batch: the next one completes what is there."""
    whole = MemoryStore()
    ship(folder, whole)
    folder.cursor("memory").unlink()
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    first_part = SearchFolder(folder.path.parent / "part")
    first_part.path.mkdir()
    first_part.journal.write_bytes(b"".join(lines[:cut]))
    for file in folder.path.glob("*.*"):
        if file.suffix in (".csv", ".gz", ".json"):
            (first_part.path / file.name).write_bytes(file.read_bytes())
    ship(first_part, store)
    first_part.journal.write_bytes(b"".join(lines))
    ship(first_part, store)
    assert store.runs.keys() == whole.runs.keys()
    for run_id, run in whole.runs.items():
        assert [repr(point) for point in store.runs[run_id].points] == [repr(p) for p in run.points]
        assert store.runs[run_id].status == run.status
    assert store.searches == whole.searches


def test_a_cursor_behind_the_end_of_a_replaced_journal_starts_again(folder: SearchFolder) -> None:
    ahead = Cursor(offset=10**9, target="x", closed=True)
    write_cursors(folder, "memory", Cursors(ahead, (replace(ahead, target="y"),)))
    assert read_cursors(folder, "memory") == Cursors()


def test_unmirrored_counts_points_not_lines(folder: SearchFolder, store: MemoryStore) -> None:
    assert unmirrored(folder) == {"memory": 6}
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    part = Cursor(offset=sum(map(len, lines[:5])))  # search, two trials, two points
    write_cursors(folder, "memory", Cursors(part))
    assert unmirrored(folder) == {"memory": 4}
    mirror(folder, Project.here(), pace=FAST)
    assert unmirrored(folder) == {"memory": 0}


def test_going_back_and_forth_between_stores_sends_nothing_twice(
    folder: SearchFolder, store: MemoryStore
) -> None:
    other = MemoryStore()
    assert [ship(folder, to)[0].shipped for to in (store, other, store, other)] == [6, 6, 0, 0]
    assert sent(other) == sent(store)


def test_another_store_says_nothing_of_the_searchs_own(folder: SearchFolder, store: MemoryStore) -> None:
    elsewhere = {"memory": {"store": store}}
    (outcome,) = mirror(folder, Project.here(), pace=FAST, only=["memory"], elsewhere=elsewhere)
    assert (outcome.shipped, outcome.remaining) == (6, 0)
    assert unmirrored(folder) == {"memory": 6}
    mirror(folder, Project.here(), pace=FAST)
    assert unmirrored(folder) == {"memory": 0}
    assert mirror(folder, Project.here(), pace=FAST, only=["memory"], elsewhere=elsewhere)[0].shipped == 0


def test_a_cursor_of_an_older_version_is_read(folder: SearchFolder, store: MemoryStore) -> None:
    ship(folder, store)
    size = folder.journal.stat().st_size
    folder.cursor("memory").write_text(
        f'{{"offset": {size}, "target": "memory {id(store)}", "closed": true}}\n'
    )
    assert ship(folder, store)[0].shipped == 0
    assert ship(folder, MemoryStore())[0].shipped == 6
    assert ship(folder, store)[0].shipped == 0


def test_a_tracker_that_the_search_does_not_name_has_its_defaults(folder: SearchFolder) -> None:
    (outcome,) = mirror(folder, Project.here(), pace=FAST, only=["tensorboard"])
    assert (outcome.tracker, outcome.shipped, outcome.remaining) == ("tensorboard", 6, 0)
    assert mirror(folder, Project.here(), pace=FAST, only=["tensorboard"])[0].shipped == 0


class Moody(MemoryTracker):
    """Fails while `failures` lasts."""

    failures = 0

    def log(self, run: Run, points: Sequence[Point]) -> None:
        if type(self).failures > 0:
            type(self).failures -= 1
            raise OSError("the service is away")
        super().log(run, points)


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch) -> type[Moody]:
    monkeypatch.setitem(registry._OURS, "moody", (__name__, "Moody"))
    monkeypatch.setattr(Moody, "failures", 0)
    return Moody


def test_a_failure_is_told_and_tried_again(
    folder: SearchFolder, store: MemoryStore, moody: type[Moody]
) -> None:
    moody.failures = 2
    said: list[str] = []
    (outcome,) = mirror(
        folder, Project.here(), pace=FAST, trackers={"moody": {"store": store}}, talk=said.append
    )
    assert (outcome.remaining, outcome.error) == (0, None)
    assert sent(store) == {"0": 3, "1": 1, "2": 0, "3": 2}
    assert len(said) == 2
    assert "OSError: the service is away" in said[0]


class Unreliable(MemoryTracker):
    """Fails at every second end."""

    calls = 0

    def end(self, run: Run) -> None:
        type(self).calls += 1
        if type(self).calls % 2 == 0:
            raise OSError("not now")
        super().end(run)


def test_of_a_service_that_fails_now_and_then_a_large_batch_arrives_in_smaller_ones(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._OURS, "unreliable", (__name__, "Unreliable"))
    journal = ToyJournal(project / "runs" / "toy" / "ab", toy_header())
    for number in range(25):
        journal.trial(number)
        journal.points(number, range(1))
        journal.end(number)
    journal.close()
    trackers = {"unreliable": {"store": store}}
    (outcome,) = mirror(journal.folder, Project.here(), pace=FAST, trackers=trackers)
    assert (outcome.remaining, outcome.error) == (0, None)
    assert [len(run.points) for run in store.runs.values()] == [1] * 25


def test_a_tracker_that_stays_away_does_not_stop_the_others(
    folder: SearchFolder, store: MemoryStore, moody: type[Moody]
) -> None:
    moody.failures = 10**6
    trackers = {"moody": {"store": MemoryStore()}, "nobody": {}, "memory": {"store": store}}
    broken, unknown, good = mirror(folder, Project.here(), pace=FAST, trackers=trackers)
    assert broken.remaining == 6
    assert broken.error == "OSError: the service is away"
    assert unknown.error is not None
    assert unknown.error.startswith("there is no tracker 'nobody'; there are mlflow, wandb")
    assert (good.remaining, good.error) == (0, None)


def test_following_ships_while_the_search_runs(project: Path, store: MemoryStore) -> None:
    journal = ToyJournal(project / "runs" / "toy" / "ab", toy_header())
    thread = threading.Thread(target=ship, args=(journal.folder, store), kwargs={"follow": True})
    thread.start()
    journal.trial(0)
    journal.points(0, range(1))
    _until(lambda: sent(store) == {"0": 1})
    journal.points(0, range(1, 2))
    _until(lambda: sent(store) == {"0": 2})
    assert thread.is_alive()
    journal.end(0)
    journal.close()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert store.searches == {"0123456789ab": Status.COMPLETED}


def test_a_search_whose_writer_died_is_interrupted_then_resumed(project: Path, store: MemoryStore) -> None:
    path = project / "runs" / "toy" / "ab"
    journal = ToyJournal(path, toy_header())
    journal.trial(0)
    journal.points(0, range(1))
    journal.writer.close()  # no end of the trial, none of the search
    ship(journal.folder, store, follow=True)
    (run,) = store.runs.values()
    assert run.status is Status.INTERRUPTED
    assert store.searches == {"0123456789ab": Status.INTERRUPTED}

    again = ToyJournal(path, toy_header())
    again.points(0, range(1, 3))
    ship(again.folder, store)
    assert run.status is Status.RUNNING
    assert store.searches == {"0123456789ab": Status.RUNNING}
    again.end(0)
    again.close()
    ship(again.folder, store)
    assert (run.status, sent(store)) == (Status.COMPLETED, {"0": 3})


def test_a_follower_stays_though_the_one_before_it_has_just_given_up_a_search_that_goes_on(
    project: Path, store: MemoryStore
) -> None:
    path = project / "runs" / "toy" / "ab"
    journal = ToyJournal(path, toy_header())
    journal.trial(0)
    journal.writer.append("resume")
    journal.writer.close()
    ship(journal.folder, store, follow=True)  # all of it is shipped, and the search is closed
    journal = ToyJournal(path, toy_header())  # a driver that has not reported anything yet
    thread = threading.Thread(target=ship, args=(journal.folder, store), kwargs={"follow": True})
    thread.start()
    thread.join(timeout=0.5)
    assert thread.is_alive()
    journal.points(0, range(1))
    _until(lambda: sent(store) == {"0": 1})
    assert [run.status for run in store.runs.values()] == [Status.RUNNING]
    journal.end(0)
    journal.close()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_search_that_runs_is_left_running(project: Path, store: MemoryStore) -> None:
    journal = ToyJournal(project / "runs" / "toy" / "ab", toy_header())
    journal.trial(0)
    journal.points(0, range(2))
    (outcome,) = ship(journal.folder, store)
    assert (outcome.shipped, outcome.remaining, outcome.error) == (2, 0, None)
    assert [run.status for run in store.runs.values()] == [Status.RUNNING]
    journal.writer.close()


def test_one_log_per_run_and_flush(folder: SearchFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, int]] = []
    original = MemoryTracker.log

    def counted(self: MemoryTracker, run: Run, points: Sequence[Point]) -> None:
        calls.append((run.run_id[-1], len(points)))
        original(self, run, points)

    monkeypatch.setattr(MemoryTracker, "log", counted)
    shipper = Shipper(folder, Project.here(), "memory", {"store": MemoryStore()}, print)
    shipper.ship()
    assert calls == [("0", 3), ("1", 1), ("3", 2)]
    assert shipper.done


def test_a_missing_artifact_is_told_and_passed_over(folder: SearchFolder, store: MemoryStore) -> None:
    (folder.path / "model.tar.gz").unlink()
    said: list[str] = []
    (outcome,) = ship(folder, store, talk=said.append)
    assert outcome.error is None
    assert "model of 0123456789ab is gone" in said[0]
    assert set(store.artifacts) == {"leaderboard.csv", "best_config.json"}
    assert store.runs["0123456789ab-00000"].artifacts == {}


def test_a_second_shipper_waits_for_the_lock_and_says_so(folder: SearchFolder, store: MemoryStore) -> None:
    folder.tracker_lock("memory").parent.mkdir(exist_ok=True)
    with filelock.FileLock(folder.tracker_lock("memory")):
        (outcome,) = ship(folder, store)
    assert outcome.remaining == 6
    assert outcome.error is not None
    assert "another process" in outcome.error


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TrackerError, match=r"tracking\.x has no option 'uril'; it knows uri"):
        registry.check_options("x", {"uril": 1}, {"uri"})


def _until(condition: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def test_a_file_that_another_search_has_replaced_is_not_shipped(project: Path, store: MemoryStore) -> None:
    """Two searches of one experiment write their results to one place."""
    journal = ToyJournal(project / "runs" / "x" / "ab", toy_header("ab"))
    journal.trial(0)
    results = project / "results"
    results.mkdir()
    for name, trial in (("leaderboard.csv", None), ("model.tar.gz", 0)):
        (results / name).write_text("ours")
        digest = file_digest(results / name)
        kind = name.partition(".")[0]
        journal.writer.append("artifact", trial, name=kind, path=str(results / name), sha256=digest)
        (results / name).write_text("another search's")
    own = load_search(journal.folder).model(0)
    own.parent.mkdir(parents=True)
    own.write_text("ours")
    journal.close()
    told: list[str] = []
    ship(journal.folder, store, talk=told.append)
    assert store.artifacts == {}
    assert store.runs["ab-00000"].artifacts == {"model.tar.gz": b"ours"}
    assert told == [f"memory: leaderboard of ab is replaced at {results / 'leaderboard.csv'}: not shipped"]


def test_a_tracker_without_the_verb_is_told_of_and_gets_the_rest(
    project: Path, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = ToyJournal(project / "runs" / "x" / "ab", toy_header("ab"))
    journal.trial(0)
    journal.change(0, 1, {"lr": 0.5})
    journal.points(0, range(2))
    journal.end(0)
    journal.close()
    monkeypatch.setattr(MemoryTracker, "change", None)
    told: list[str] = []
    ship(journal.folder, store, talk=told.append)
    assert told == ["memory: cannot hold that parameters of ab-00000 changed: only the journal says so"]
    assert sent(store) == {"0": 2}
