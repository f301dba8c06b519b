"""Mirrors are proven: of searches that have ended, of such that run, and of trackers that cannot be read."""

from dataclasses import replace
from pathlib import Path

import pytest

from toolkit.runs import Project, SearchFolder, Status
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import mirror
from toolkit.trackers.memory import MemoryStore
from toolkit.trackers.mirror import Pace
from toolkit.trackers.verification import Verification, verify_mirror

FAST = Pace(poll=0.01, back_off=0.01, longest_back_off=0.02, insist=0.1, orphan=0.05, quiet=0.0, locked=0.1)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def ship(folder: SearchFolder, store: MemoryStore) -> None:
    mirror(folder, Project.here(), pace=FAST, trackers={"memory": {"store": store}})


def verify(folder: SearchFolder, store: MemoryStore) -> Verification:
    return verify_mirror(folder, Project.here(), "memory", {"store": store})


def test_what_was_never_shipped_is_missing(project: Path, store: MemoryStore) -> None:
    folder = write_toy_journal(project / "runs" / "x" / "0ddba11", toy_header("0ddba11"))
    found = verify(folder, store)
    assert found.comparison is not None
    assert (found.comparison.stored, found.on_their_way, found.proven) == (0, 0, False)
    ship(folder, store)
    assert verify(folder, store).proven


def test_what_a_service_has_lost_is_sent_again_when_asked_for(project: Path, store: MemoryStore) -> None:
    folder = write_toy_journal(project / "runs" / "x" / "0ddba10", toy_header("0ddba10"))
    ship(folder, store)
    store.runs["0ddba10-00000"].points.pop()
    del store.runs["0ddba10-00003"]
    ship(folder, store)
    assert not verify(folder, store).proven
    (outcome,) = mirror(folder, Project.here(), pace=FAST, trackers={"memory": {"store": store}}, again=True)
    assert (outcome.shipped, outcome.remaining) == (6, 0)
    assert verify(folder, store).proven


def test_a_search_that_runs_may_have_points_on_their_way(project: Path, store: MemoryStore) -> None:
    journal = ToyJournal(project / "runs" / "x" / "0ddba12", toy_header("0ddba12"))
    for number in (0, 1):
        journal.trial(number)
        journal.points(number, range(2))
    journal.end(0)
    ship(journal.folder, store)
    journal.points(1, range(2, 3))
    journal.trial(2)
    journal.points(2, range(1))
    found = verify(journal.folder, store)
    assert found.proven
    assert found.on_their_way == 2
    assert found.comparison is not None
    assert (found.comparison.decided, found.comparison.stored) == (6, 4)
    journal.close()


def test_of_a_trial_that_has_ended_nothing_is_on_its_way(project: Path, store: MemoryStore) -> None:
    journal = ToyJournal(project / "runs" / "x" / "0ddba13", toy_header("0ddba13"))
    journal.trial(0)
    journal.points(0, range(2))
    journal.end(0)
    ship(journal.folder, store)
    lost = store.runs["0ddba13-00000"].points.pop()
    store.runs["0ddba13-00000"].status = Status.RUNNING
    found = verify(journal.folder, store)
    assert found.comparison is not None
    assert {d.what for d in found.comparison.differences} == {"missing", "other status"}
    assert {d.epoch for d in found.comparison.differences} == {lost.epoch, None}
    assert (found.on_their_way, found.comparison.left_open) == (0, 1)
    journal.close()


def test_a_wrong_value_is_told_of_a_running_trial_too(project: Path, store: MemoryStore) -> None:
    journal = ToyJournal(project / "runs" / "x" / "0ddba14", toy_header("0ddba14"))
    journal.trial(0)
    journal.points(0, range(2))
    ship(journal.folder, store)
    points = store.runs["0ddba14-00000"].points
    points[0] = replace(points[0], metrics={**points[0].metrics, "training_loss": 0})
    assert not verify(journal.folder, store).proven
    journal.close()


@pytest.mark.parametrize(
    ("tracker", "options", "problem"),
    [
        ("memory", {}, "what a process keeps in its memory cannot be read back by another"),
        ("nobody", {}, "there is no tracker 'nobody'; there are"),
        ("wandb", {"mode": "disabled"}, "W&B is disabled: only its offline files can be read back here"),
        ("mlflow", {"uri": "sqlite:///gone/mlflow.db"}, "there is no MLflow store /"),
        ("mlflow", {"uri": "http://127.0.0.1:9"}, "http://127.0.0.1:9 does not answer: connection refused"),
    ],
)
def test_what_cannot_be_compared_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, tracker: str, options: dict[str, str], problem: str
) -> None:
    monkeypatch.delenv("WANDB_MODE", raising=False)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    folder = write_toy_journal(project / "runs" / "x" / "0ddba15", toy_header("0ddba15"))
    found = verify_mirror(folder, Project.here(), tracker, options)
    assert found.comparison is None
    assert not found.proven
    assert str(found.problem).startswith(problem)
    assert not (project / "gone").exists()
