"""The contract of a tracker, as a test class: derive from it and name the tracker.

    class TestMine(TrackerContract):
        tracker = "mine"

        @pytest.fixture
        def options(self) -> dict:
            return {"url": ...}

It needs a fixture `project` that makes an empty project root the working directory.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.runs import Project, Run, Search, SearchFolder, Status, load_search
from toolkit.runs.values import dumps
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers.comparison import compare
from toolkit.trackers.mirror import Outcome, Pace, mirror
from toolkit.trackers.registry import make_reader, make_tracker
from toolkit.trackers.stored import Reader

_PACE = Pace(poll=0.02, back_off=0.05, longest_back_off=0.2, insist=2.0, orphan=0.1, quiet=0.0, locked=1.0)


class TrackerContract:
    """What the mirror and its readers rely on; every test ships a journal and reads the service back."""

    tracker: str
    reader: type[Reader] | None = None
    """Instead of the one that belongs to the tracker; a plug-in's class names that in `reader`."""

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        """What stands under `tracking.<tracker>`."""
        return {}

    @pytest.fixture
    def path(self, project: Path, request: pytest.FixtureRequest) -> Path:
        """Folder of a search with an id of its own, so that tests may share one service."""
        return project / "runs" / "toy names" / _search_id(request.node.nodeid)

    def test_all_points_arrive_once_with_value_and_step(self, path: Path, options: dict[str, Any]) -> None:
        folder = write_toy_journal(path, toy_header(path.name))
        (outcome,) = self.ship(folder, options)
        assert outcome == Outcome(self.tracker, shipped=6, remaining=0, error=None)
        self.assert_equal(folder, options)

    def test_shipping_again_changes_nothing(self, path: Path, options: dict[str, Any]) -> None:
        folder = write_toy_journal(path, toy_header(path.name))
        self.ship(folder, options)
        assert self.ship(folder, options)[0].shipped == 0
        self.assert_equal(folder, options)

    def test_a_lost_cursor_costs_time_only(self, path: Path, options: dict[str, Any]) -> None:
        folder = write_toy_journal(path, toy_header(path.name))
        self.ship(folder, options)
        folder.cursor(self.tracker).unlink()
        self.ship(folder, options)
        self.assert_equal(folder, options)

    def test_parameters_read_back(self, path: Path, options: dict[str, Any]) -> None:
        folder = write_toy_journal(path, toy_header(path.name))
        self.ship(folder, options)
        reader, search = self.read(folder, options), load_search(folder)
        stored = {run.run_id: run.params for run in reader.runs()}
        for run in search.runs.values():
            expected = {name: reader.as_param(value) for name, value in run.params.items()}
            assert _text(stored[run.run_id]) == _text(expected)

    def test_an_epoch_without_metrics_is_no_trouble(self, path: Path, options: dict[str, Any]) -> None:
        journal = ToyJournal(path, toy_header(path.name))
        journal.trial(0, {})
        journal.writer.append("point", 0, epoch=0, step=1, metrics={}, seconds=None)
        journal.points(0, range(1, 2))
        journal.end(0)
        journal.close()
        (outcome,) = self.ship(journal.folder, options)
        assert (outcome.shipped, outcome.remaining) == (2, 0)
        self.assert_equal(journal.folder, options)

    def test_parameters_that_change_on_the_way_read_back(self, path: Path, options: dict[str, Any]) -> None:
        """Shipped while it runs, then the rest: what the run began with stays, every change is there once."""
        journal = ToyJournal(path, toy_header(path.name))
        lr = "trainer.optimizer.lr"
        journal.trial(0)
        journal.points(0, range(1))
        journal.change(0, 1, {lr: 0.5, "trainer.off": False})
        self.ship(journal.folder, options)
        journal.points(0, range(1, 2))
        journal.change(0, 2, {lr: 0.25, "pipeline.größe": None})
        journal.points(0, range(2, 3))
        journal.end(0)
        journal.close()
        for _ in range(2):
            self.ship(journal.folder, options)
            self.assert_equal(journal.folder, options)
            reader = self.read(journal.folder, options)
            (run,) = reader.runs()
            assert dict(run.params) == {lr: reader.as_param(0.001)}
            changed = [(1, lr, 0.5), (1, "trainer.off", False), (2, lr, 0.25), (2, "pipeline.größe", None)]
            wanted = [(epoch, name, reader.as_param(value)) for epoch, name, value in changed]
            assert sorted(run.changes, key=str) == sorted(wanted, key=str)
            journal.folder.cursor(self.tracker).unlink()

    def test_a_search_arrives_while_it_runs(self, path: Path, options: dict[str, Any]) -> None:
        journal = ToyJournal(path, toy_header(path.name))
        for number in (0, 1):
            journal.trial(number)
            journal.points(number, range(2))
        self.ship(journal.folder, options)
        self.assert_equal(journal.folder, options, statuses=False)
        journal.points(0, range(2, 3))
        journal.end(0)
        journal.end(1, Status.STOPPED, rung=2, reason="worse than the others at rung 2")
        journal.close()
        self.ship(journal.folder, options)
        self.assert_equal(journal.folder, options)

    def test_an_orphaned_search_is_interrupted_and_goes_on(self, path: Path, options: dict[str, Any]) -> None:
        journal = ToyJournal(path, toy_header(path.name))
        journal.trial(0)
        journal.points(0, range(2))
        journal.writer.close()
        self.ship(journal.folder, options)
        reader = self.read(journal.folder, options)
        assert [run.status for run in reader.runs()] == [reader.as_status(Status.INTERRUPTED)]

        again = ToyJournal(path, toy_header(path.name))
        again.points(0, range(2, 4))
        again.end(0)
        again.close()
        self.ship(again.folder, options)
        self.assert_equal(again.folder, options)

    def test_a_run_that_had_ended_goes_on(self, path: Path, options: dict[str, Any]) -> None:
        journal = ToyJournal(path, toy_header(path.name))
        journal.trial(0)
        journal.points(0, range(1))
        journal.end(0, Status.INTERRUPTED, reason="Ctrl-C")
        self.ship(journal.folder, options)
        journal.writer.append("resume", 0)
        journal.points(0, range(1, 2))
        journal.end(0)
        journal.close()
        self.ship(journal.folder, options)
        self.assert_equal(journal.folder, options)

    def test_a_shipper_that_vanishes_between_service_and_cursor(
        self, path: Path, options: dict[str, Any]
    ) -> None:
        """The service took a batch, and the process was gone before the cursor was written."""
        folder = write_toy_journal(path, toy_header(path.name))
        search = load_search(folder)
        header = search.header
        tracker = make_tracker(self.tracker, Project.here(), header, options)
        search_at_start, run = _without_runs(search), search.runs[0]
        tracker.open(search_at_start)
        tracker.begin(_with_points(run, 0))
        tracker.log(_with_points(run, 2), run.points[:2])
        tracker.release()
        self.ship(folder, options)
        self.assert_equal(folder, options)

    def ship(self, folder: SearchFolder, options: Mapping[str, Any]) -> list[Outcome]:
        outcomes = mirror(
            folder, Project.here(), pace=_PACE, trackers={self.tracker: options}, talk=lambda line: None
        )
        assert [outcome.error for outcome in outcomes] == [None]
        return outcomes

    def read(self, folder: SearchFolder, options: Mapping[str, Any]) -> Reader:
        header = load_search(folder).header
        if self.reader is None:
            return make_reader(self.tracker, Project.here(), folder, header, options)
        return self.reader(Project.here(), folder, header, options)

    def assert_equal(
        self, folder: SearchFolder, options: Mapping[str, Any], *, statuses: bool = True
    ) -> None:
        """One run a trial; every reported value once, under its epoch; the ends as the journal has them."""
        found = compare(load_search(folder), self.read(folder, options))
        wrong = [d for d in found.differences if statuses or d.what != "other status"]
        assert not wrong, wrong
        assert (found.stored, found.doubled) == (found.decided, 0)
        assert not statuses or found.left_open == 0


def _text(params: Mapping[str, Any]) -> str:
    """For a comparison in which NaN equals NaN, and 1 differs from True."""
    return dumps(dict(sorted(params.items())))


def _search_id(node: str) -> str:
    return hashlib.sha256(node.encode()).hexdigest()[:12]


def _without_runs(search: Search) -> Search:
    return replace(search, runs={}, artifacts=[], status=Status.RUNNING, ended=None)


def _with_points(run: Run, count: int) -> Run:
    return replace(run, points=run.points[:count], status=Status.RUNNING, ended=None)
