"""Mirrors a search's journal to all of its trackers, each in a thread of its own.

A tracker that fails is tried again after a pause that grows, and never holds up the others. What it
raised is told when it happens and again in the outcome. A lock per search and tracker lets one process
ship at a time; a follower that finds it taken waits.
"""

import math
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import filelock

from toolkit.runs import Project, Search, SearchFolder, load_search
from toolkit.runs.journal import is_being_written
from toolkit.runs.records import has_begun
from toolkit.runs.search import fold
from toolkit.trackers.causes import in_words
from toolkit.trackers.cursor import Cursor, read_cursors, records_before
from toolkit.trackers.registry import chosen, enabled
from toolkit.trackers.shipper import BATCH, Shipper

Talk = Callable[[str], None]


@dataclass(frozen=True)
class Pace:
    """Seconds: how often to look, and how long to wait for what.

    Attributes:
        poll: between two looks at the journal.
        back_off, longest_back_off: first and longest pause after a failure; it doubles in between.
        insist: how long a failing tracker is tried once there is nothing left to wait for.
        orphan: how long a follower waits for a resume after the journal's writer has gone.
        quiet: how long the journal must be still before its lock is tried; who tries it holds it for a
            moment, and a driver that starts just then would find it taken.
        locked: how long a mirror that does not follow waits for another process that ships.
    """

    poll: float = 0.5
    back_off: float = 1.0
    longest_back_off: float = 30.0
    insist: float = 5.0
    orphan: float = 20.0
    quiet: float = 5.0
    locked: float = 60.0


FOLLOWING = Pace(insist=120.0)
AT_ONCE = Pace()


@dataclass(frozen=True)
class Outcome:
    """What a mirror did for one tracker.

    Attributes:
        shipped: points that were sent by this call.
        remaining: points of the journal that the tracker does not have yet.
        error: why something remains; None when the tracker has everything.
    """

    tracker: str
    shipped: int
    remaining: int
    error: str | None


def mirror(
    folder: SearchFolder,
    project: Project,
    *,
    follow: bool = False,
    again: bool = False,
    only: Collection[str] = (),
    pace: Pace | None = None,
    talk: Talk = lambda line: None,
    trackers: Mapping[str, Mapping[str, Any]] | None = None,
    elsewhere: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Outcome]:
    """Bring the trackers of a search up to its journal.

    Args:
        follow: stay until the journal is closed and shipped, or nobody writes it any more.
        again: send everything once more, whatever the cursors say: for a service that has lost something. It
            stands there once all the same.
        only: names of trackers, those that the search does not name with their defaults; all that it names
            when empty.
        talk: takes lines for people: failures, retries.
        trackers: tracker -> options, instead of what the search's record says.
        elsewhere: tracker -> options that replace some of the record's: another store than the search's own,
            whose cursor is kept beside that one's.

    Raises:
        JournalError: there is no journal in the folder (when following: nobody begins one in time).
        KeyboardInterrupt: once the threads have stopped; nothing is lost, call it again.
    """
    pace = pace or (FOLLOWING if follow else AT_ONCE)
    if follow:
        _wait_for_the_first_line(folder, pace)
    header = load_search(folder).header
    named = enabled(header)
    jobs = [
        _Job(
            folder,
            project,
            name,
            options,
            follow,
            pace,
            talk,
            own=dict(options) == named.get(name, {}),
            again=again,
        )
        for name, options in (chosen(header, only, elsewhere) if trackers is None else trackers).items()
    ]
    _run_all(jobs)
    total = _points(load_search(folder))
    return [
        Outcome(job.name, job.shipped, total - _points_before(folder, job.cursor().offset), job.error)
        for job in jobs
    ]


def unmirrored(folder: SearchFolder) -> dict[str, int]:
    """Tracker of the search -> points of the journal that its own store there does not have yet."""
    search = load_search(folder)
    total = _points(search)
    return {
        name: total - _points_before(folder, read_cursors(folder, name).own.offset)
        for name in enabled(search.header)
    }


def _points_before(folder: SearchFolder, offset: int) -> int:
    return _points(fold(folder, records_before(folder, offset)))


def _points(search: Search) -> int:
    return sum(len(run.points) for run in search.runs.values())


def _wait_for_the_first_line(folder: SearchFolder, pace: Pace) -> None:
    deadline = time.monotonic() + pace.orphan
    while not has_begun(folder) and time.monotonic() < deadline:
        time.sleep(pace.poll)


def _run_all(jobs: list["_Job"]) -> None:
    for job in jobs:
        job.thread.start()
    try:
        for job in jobs:
            while job.thread.is_alive():
                job.thread.join(timeout=0.5)
    except KeyboardInterrupt:
        for job in jobs:
            job.stop.set()
        for job in jobs:
            job.thread.join(timeout=10)
        raise


class _Job:
    """One tracker's thread: takes the lock, ships, waits, tries again."""

    def __init__(
        self,
        folder: SearchFolder,
        project: Project,
        name: str,
        options: Mapping[str, Any],
        follow: bool,
        pace: Pace,
        talk: Talk,
        *,
        own: bool,
        again: bool,
    ) -> None:
        self.folder, self.project, self.name, self.options = folder, project, name, options
        self.follow, self.pace, self.talk, self.own, self._again = follow, pace, talk, own, again
        self.shipped, self._batch = 0, BATCH
        self.error: str | None = None
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"mirror-{name}", daemon=True)
        self._orphaned_at: float | None = None
        self._asked_at = -math.inf
        self._written = True
        self._target: str | None = None

    def cursor(self) -> Cursor:
        """How far the store has got; at the beginning where it is not known which store it is."""
        known = read_cursors(self.folder, self.name)
        if self._target is None:
            return known.own if self.own else Cursor()
        return known.at(self._target)

    def _run(self) -> None:
        path = self.folder.tracker_lock(self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path)
        if not self._take(lock):
            self.error = self.error or f"another process has been shipping for {self.pace.locked:.0f} s"
            return
        try:
            self._try_until_done()
        finally:
            lock.release()

    def _take(self, lock: filelock.BaseFileLock) -> bool:
        deadline = time.monotonic() + self.pace.locked
        while not self.stop.is_set() and (self.follow or time.monotonic() < deadline):
            try:
                lock.acquire(timeout=0)
                return True
            except filelock.Timeout:
                self.stop.wait(self.pace.poll)
        return False

    def _try_until_done(self) -> None:
        pause, deadline = self.pace.back_off, None
        while not self.stop.is_set():
            before = read_cursors(self.folder, self.name)
            try:
                self._ship_until_done()
                self.error = None
                return
            except Exception as error:  # a foreign service: whatever it raises is told, then tried again
                self.error = in_words(error)
                self.talk(f"{self.name}: {self.error}; trying again in {pause:.0f} s")
            if read_cursors(self.folder, self.name) != before:  # it moves, be it slowly
                pause, deadline = self.pace.back_off, None
            if not self._worth_waiting():
                deadline = time.monotonic() + self.pace.insist if deadline is None else deadline
                if time.monotonic() + pause > deadline:
                    return
            self.stop.wait(pause)
            pause = min(2 * pause, self.pace.longest_back_off)

    def _worth_waiting(self) -> bool:
        """Whether time is no concern: the search itself still runs."""
        return self.follow and self._has_a_writer()

    def _ship_until_done(self) -> None:
        shipper = Shipper(
            self.folder,
            self.project,
            self.name,
            self.options,
            self.talk,
            self._batch,
            own=self.own,
            again=self._again,
        )
        self._target, self._again = shipper.target, False
        try:
            while not self.stop.is_set():
                before = shipper.shipped
                try:
                    shipper.ship()
                finally:
                    self.shipped += shipper.shipped - before
                self.error = None
                # One that was closed without an end may have a writer again that has said nothing yet.
                if (shipper.done and shipper.ended) or self._give_up_on_the_writer(shipper):
                    return
                self.stop.wait(self.pace.poll)
        finally:
            self._batch = shipper.batch
            shipper.release()

    def _give_up_on_the_writer(self, shipper: Shipper) -> bool:
        """Whether to leave a search that has not ended: always unless following; else when orphaned."""
        if self._has_a_writer():
            self._orphaned_at = None
            return not self.follow
        now = time.monotonic()
        self._orphaned_at = now if self._orphaned_at is None else self._orphaned_at
        if self.follow and now - self._orphaned_at < self.pace.orphan:
            return False
        shipper.ship()  # what was written between the last look and the writer's end
        shipper.interrupt()
        return True

    def _has_a_writer(self) -> bool:
        """Whether a process writes the journal; a follower seldom asks."""
        now = time.monotonic()
        if self.follow and now - self._asked_at < self.pace.quiet:
            return self._written
        age = time.time() - self.folder.journal.stat().st_mtime
        is_fresh = 0 <= age < self.pace.quiet  # a clock that was set back says nothing
        self._asked_at = now
        self._written = (self.follow and is_fresh) or is_being_written(self.folder)
        return self._written
