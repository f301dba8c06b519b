"""What journals tell: searches that are unfinished, cannot be read, or are not yet in their trackers."""

import shlex
import time
from collections.abc import Iterator

import filelock

from toolkit.doctor.finding import Findings, ok, problem, warning
from toolkit.doctor.setup import Setup
from toolkit.pruning import superseded_bytes
from toolkit.runs import Search, Status, read_journal
from toolkit.runs.journal import is_being_written, owner
from toolkit.runs.status import ENDED_WELL
from toolkit.trackers.mirror import unmirrored

_AHEAD_MILLISECONDS = 5 * 60 * 1000
_MUCH = 100 * 10**6


def journals(setup: Setup) -> Findings:
    """Whether every journal can be read to its end."""
    searches, unreadable = setup.journals
    for error in unreadable:
        yield problem(str(error), "see docs/journal.md")
    for search in searches:
        if search.offset < search.folder.journal.stat().st_size and not is_being_written(search.folder):
            yield warning(
                f"the journal of {_name(search)} ends in the middle of a line: its writer was killed",
                "nothing to do: the line does not count, who goes on removes it",
            )
    yield ok(f"{len(searches)} journals can be read")


def unfinished(setup: Setup) -> Findings:
    """Which searches run, and which were left before their end."""
    found = list(_unfinished(setup))
    yield from found or [ok("every search has ended")]


def _unfinished(setup: Setup) -> Findings:
    for search in setup.searches:
        if is_being_written(search.folder):
            yield ok(f"{_name(search)} is being written by {owner(search.folder)}")
        elif search.header.job == "tune" and search.status is not Status.COMPLETED:
            ended = sum(run.status in ENDED_WELL for run in search.runs.values())
            standing = "was killed" if search.status is Status.RUNNING else f"is {search.status}"
            yield warning(
                f"{_name(search)} {standing}: {ended} of {search.header.num_trials} trials have ended",
                "the same toolkit tune goes on from there, unless code, data or its file have changed",
            )


def mirrors(setup: Setup) -> Findings:
    """What trackers do not have yet, and who ships to them now."""
    found = list(_behind(setup))
    yield from found or [ok("the trackers have every point")]


def _behind(setup: Setup) -> Findings:
    for search in setup.searches:
        shipping = list(_being_shipped(search))
        for tracker, points in unmirrored(search.folder).items():
            if tracker in shipping:
                yield ok(f"{_name(search)} is being shipped to {tracker}, {points} points remain")
            elif points and is_being_written(search.folder):
                yield warning(
                    f"nobody ships {_name(search)} to {tracker}: {points} points are not there",
                    f"toolkit sync --follow {shlex.quote(str(search.folder.path))}",
                )
            elif points:
                yield warning(
                    f"{points} points of {_name(search)} are not in {tracker}",
                    f"toolkit sync {shlex.quote(_name(search))}",
                )


def _being_shipped(search: Search) -> Iterator[str]:
    """The trackers whose locks a living process holds."""
    for tracker in search.header.tracking:
        path = search.folder.tracker_lock(tracker)
        if not path.exists():
            continue
        lock = filelock.FileLock(path)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            yield tracker
        else:
            lock.release()


def clock(setup: Setup) -> Findings:
    """Whether a journal speaks of a time that has not come: the clock was, or is, wrong."""
    found = list(_from_the_future(setup))
    yield from found or [ok("no journal speaks of a time to come")]


def _from_the_future(setup: Setup) -> Findings:
    now = time.time_ns() // 1_000_000
    for search in setup.searches:
        last = max((record.t for record in read_journal(search.folder.journal)), default=0)
        if last > now + _AHEAD_MILLISECONDS:
            minutes = (last - now) // 60_000
            yield warning(
                f"{_name(search)} was written {minutes} minutes from now: a clock was wrong, or is",
                "set the clock; until then new lines of it carry that time",
            )


def leftovers(setup: Setup) -> Findings:
    """How much room files take that were set aside."""
    size = superseded_bytes(setup.project, setup.searches)
    if size > _MUCH:
        yield warning(f"{size / 10**6:.0f} MB of superseded files", "toolkit prune")
    else:
        yield ok(f"{size / 10**6:.1f} MB of superseded files")


def _name(search: Search) -> str:
    return f"{search.experiment}@{search.id}"
