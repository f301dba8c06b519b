"""Every way in which a tracker may differ from its journal is told, and counted."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.runs import Project, Search, Status, load_search
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import mirror
from toolkit.trackers.comparison import Comparison, Difference, compare
from toolkit.trackers.memory import MemoryStore
from toolkit.trackers.memory_reader import MemoryReader

RUN = "0123456789ab-00000"


@pytest.fixture
def search(project: Path) -> Search:
    header = toy_header()
    return load_search(write_toy_journal(project / "runs" / "toy names" / header.id, header))


@pytest.fixture
def store(search: Search) -> MemoryStore:
    store = MemoryStore()
    mirror(search.folder, Project.here(), trackers={"memory": {"store": store}})
    return store


def comparison(search: Search, store: MemoryStore, **arguments: Any) -> Comparison:
    reader = MemoryReader(Project.here(), search.folder, search.header, {"store": store})
    return compare(search, reader, **arguments)


def only(found: Comparison) -> Difference:
    (difference,) = found.differences
    return difference


def test_an_exact_mirror_has_no_differences(search: Search, store: MemoryStore) -> None:
    assert comparison(search, store) == Comparison(6, 6, 0, 0, ())


def test_a_lost_point_is_missing_value_by_value(search: Search, store: MemoryStore) -> None:
    lost = store.runs[RUN].points.pop()
    found = comparison(search, store)
    assert (found.decided, found.stored) == (6, 5)
    assert {d.name for d in found.differences} == set(lost.metrics)
    assert {(d.what, d.epoch) for d in found.differences} == {("missing", lost.epoch)}


def test_a_lost_run_loses_its_points(search: Search, store: MemoryStore) -> None:
    del store.runs[RUN]
    found = comparison(search, store)
    assert (found.stored, only(found)) == (3, Difference(RUN, "missing"))


def test_a_point_that_stands_twice_is_doubled(search: Search, store: MemoryStore) -> None:
    store.runs[RUN].points.append(store.runs[RUN].points[0])
    found = comparison(search, store)
    assert (found.stored, found.doubled) == (6, 1)
    assert {(d.what, d.epoch, d.stored) for d in found.differences} == {("doubled", 0, 2)}


@pytest.mark.parametrize("value", [0.25, math.nan, None, "1.1"])
def test_another_value_is_told_with_both(search: Search, store: MemoryStore, value: Any) -> None:
    point = store.runs[RUN].points[0]
    store.runs[RUN].points[0] = replace(point, metrics={**point.metrics, "validation_loss": value})
    found = comparison(search, store)
    difference = only(found)
    assert found.stored == 5
    assert (difference.what, difference.epoch, difference.name) == ("other value", 0, "validation_loss")
    assert difference.journal == point.metrics["validation_loss"]
    assert difference.stored is value


def test_what_the_journal_never_said_is_told(search: Search, store: MemoryStore) -> None:
    store.runs["stranger"] = store.runs[RUN]
    point = store.runs[RUN].points[0]
    store.runs[RUN].points[0] = replace(point, metrics={**point.metrics, "more": 1})
    found = comparison(search, store)
    assert Difference("stranger", "not in the journal") in found.differences
    assert Difference(RUN, "not in the journal", 0, "more", stored=1) in found.differences
    assert found.stored == 6


def test_a_run_that_is_shown_as_running_is_left_open(search: Search, store: MemoryStore) -> None:
    store.runs[RUN].status = Status.RUNNING
    found = comparison(search, store)
    assert found.left_open == 1
    assert only(found) == Difference(RUN, "other status", journal=Status.COMPLETED, stored=Status.RUNNING)


def test_a_run_that_nobody_trains_any_more_must_be_interrupted(search: Search, store: MemoryStore) -> None:
    search.runs[0].status = Status.RUNNING
    store.runs[RUN].status = Status.RUNNING
    assert comparison(search, store).left_open == 1
    assert comparison(search, store, is_running=True).equal


def test_another_parameter_is_told(search: Search, store: MemoryStore) -> None:
    store.runs[RUN].params["trainer.optimizer.lr"] = 0.5
    difference = only(comparison(search, store))
    assert (difference.what, difference.name) == ("other parameter", "trainer.optimizer.lr")
    assert (difference.journal, difference.stored) == (0.001, 0.5)


def test_parameters_that_changed_are_compared_too(project: Path) -> None:
    journal = ToyJournal(project / "runs" / "x" / "ab", toy_header("ab"))
    journal.trial(0)
    journal.change(0, 1, {"lr": 0.5})
    journal.change(0, 2, {"lr": math.nan, "off": False})
    journal.close()
    search, store = load_search(journal.folder), MemoryStore()
    mirror(journal.folder, Project.here(), trackers={"memory": {"store": store}})
    search.runs[0].status = Status.INTERRUPTED
    store.runs["ab-00000"].status = Status.INTERRUPTED
    assert comparison(search, store).equal
    kept = store.runs["ab-00000"].changes
    kept[0] = replace(kept[0], params={"lr": 0.25, "more": 1})
    del kept[1]
    found = {(d.what, d.name, d.journal, d.stored) for d in comparison(search, store).differences}
    assert found - {("other parameter", "lr from epoch 2 on", math.nan, None)} >= {
        ("other parameter", "lr from epoch 1 on", 0.5, 0.25),
        ("other parameter", "off from epoch 2 on", False, None),
        ("not in the journal", "more from epoch 1 on", None, 1),
    }
    assert len(found) == 4
