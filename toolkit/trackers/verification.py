"""Whether a tracker holds what a search's journal says, for searches that have ended and such that run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit.errors import JournalError
from toolkit.runs import Project, Run, Search, SearchFolder, Status, load_search
from toolkit.runs.journal import is_being_written
from toolkit.runs.search import fold
from toolkit.trackers.causes import in_words
from toolkit.trackers.comparison import Comparison, Difference, compare
from toolkit.trackers.cursor import read_cursors, records_before
from toolkit.trackers.registry import make_reader, make_tracker


@dataclass(frozen=True)
class Verification:
    """What came of holding one tracker against the journal.

    Attributes:
        comparison: None where it could not be made.
        problem: why it could not; else None.
        on_their_way: of a running search, points that need not be there yet.
    """

    tracker: str
    comparison: Comparison | None
    problem: str | None = None
    on_their_way: int = 0

    @property
    def proven(self) -> bool:
        """Whether the tracker was read and holds everything that it must, once, and nothing else."""
        return self.comparison is not None and self.comparison.equal


def verify_mirror(
    folder: SearchFolder, project: Project, tracker: str, options: Mapping[str, Any]
) -> Verification:
    """Read a search back from a tracker and compare it with its journal; nothing is shipped.

    While a process writes the journal, trials that have ended and were shipped so are held to everything. Of
    the others nothing needs to be there yet; what is there must be right.

    Raises:
        JournalError: the journal cannot be read.
    """
    is_running = is_being_written(folder)
    header = load_search(folder).header
    try:
        target = make_tracker(tracker, project, header, options).target
        shipped = fold(folder, records_before(folder, read_cursors(folder, tracker).at(target).offset))
        reader = make_reader(tracker, project, folder, header, options)
        stored = reader.runs()
        search = load_search(folder)  # after the store was read: what that has, the journal had before
        found = compare(search, reader, is_running=is_running, stored=stored)
    except JournalError:
        raise
    except Exception as error:  # a foreign service: whatever it raises is told in one line
        return Verification(tracker, None, in_words(error))
    return (
        _but_for_what_is_on_its_way(tracker, found, search, shipped)
        if is_running
        else Verification(tracker, found)
    )


def _but_for_what_is_on_its_way(
    tracker: str, found: Comparison, search: Search, shipped: Search
) -> Verification:
    under_way = {
        run.run_id: {point.epoch for point in run.points}
        for run in search.runs.values()
        if not _is_settled(run, shipped.runs.get(run.trial))
    }
    awaited = [d for d in found.differences if d.run_id in under_way and _may_be_on_its_way(d)]
    points = {
        (d.run_id, epoch)
        for d in awaited
        if d.what == "missing"
        for epoch in (under_way[d.run_id] if d.epoch is None else [d.epoch])
    }
    kept = tuple(difference for difference in found.differences if difference not in awaited)
    return Verification(tracker, replace(found, differences=kept), on_their_way=len(points))


def _is_settled(run: Run, shipped: Run | None) -> bool:
    """Whether the run has ended, and its end and all of its points were shipped."""
    return (
        shipped is not None
        and run.status is not Status.RUNNING
        and (run.status, run.ended, len(run.points)) == (shipped.status, shipped.ended, len(shipped.points))
    )


def _may_be_on_its_way(difference: Difference) -> bool:
    return difference.what in ("missing", "other status", "other parameter")
