"""Copies one search's journal to one tracker, from the cursor on, a batch at a time.

No threads and no retries here: `Shipper.ship` either brings the tracker up to the journal's end or raises
what the service raised. The cursor moves only after the service took a batch, so a shipper may be
thrown away at any moment, and another one goes on. A batch that failed is smaller the next time: of a service
that fails now and then, a large one would never arrive as a whole.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit.runs import Project, Record, Run, SearchFolder, Status, read_journal
from toolkit.runs.search import Artifact, fold
from toolkit.trackers.cursor import Cursor, read_cursors, records_before, write_cursors
from toolkit.trackers.registry import make_tracker

BATCH = 2000
_UNSHIPPED = frozenset({"drop", "note"})
_LEFT_ALONE = "the process that trained it ended without a word"


@dataclass(frozen=True)
class _Mark:
    """How much of a run was shipped."""

    points: int
    changes: int
    status: Status
    ended: int | None


class Shipper:
    """Ships one search to one tracker.

    Args:
        options: of the tracker, as they stand under `tracking`.
        talk: takes a line for people.
        batch: records in the first batch; see the attribute `batch` for a shipper that comes after this one.
        own: the options lead to the search's own store, whose cursor tells what is not mirrored yet.
        again: begin at the journal's beginning, whatever the store's cursor says.
    """

    def __init__(
        self,
        folder: SearchFolder,
        project: Project,
        name: str,
        options: Mapping[str, Any],
        talk: Callable[[str], None],
        batch: int = BATCH,
        *,
        own: bool = True,
        again: bool = False,
    ) -> None:
        self.folder, self.project, self.name, self.options, self._talk = folder, project, name, options, talk
        self.shipped, self.batch, self._own = 0, batch, own
        self._opened = False
        header = fold(folder, records_before(folder, 0)).header
        self._tracker = make_tracker(name, project, header, options)
        target = self._tracker.target
        self._cursor = Cursor(target=target) if again else read_cursors(folder, name).at(target)
        self._search = fold(folder, records_before(folder, self._cursor.offset))
        self._keep(self._cursor)

    @property
    def target(self) -> str:
        """Which store this ships to."""
        return self._tracker.target

    @property
    def ended(self) -> bool:
        """Whether the journal, as far as it is shipped, says that the search has ended."""
        return self._search.status is not Status.RUNNING

    @property
    def done(self) -> bool:
        """Whether everything in the journal is shipped and the search closed in the tracker."""
        return self._cursor.closed and self._cursor.offset >= self.folder.journal.stat().st_size

    def ship(self) -> None:
        """Bring the tracker up to the journal's end."""
        for batch in self._batches():
            if self._cursor.closed and _UNSHIPPED.issuperset(record.kind for record in batch):
                for record in batch:  # told after the end, as when models are removed: nothing to open again
                    self._search.apply(record)
                self._advance(closed=True)
                continue
            self._ensure_open()
            size, self.batch = self.batch, max(1, self.batch // 8)
            self._ship_batch(batch)
            self.batch = min(2 * size, BATCH)
            self._advance(closed=False)
        if self.ended and not self._cursor.closed:
            self._ensure_open()
            self._tracker.close(self._search)
            self._advance(closed=True)

    def interrupt(self) -> None:
        """End in the tracker what the journal left running: nobody writes it any more.

        The journal stays as it is. When the search is resumed, its next lines open the runs again.
        """
        if self._cursor.closed:
            return
        self._ensure_open()
        last = max((point.t for run in self._search.runs.values() for point in run.points), default=None)
        end = self._search.started if last is None else last
        for run in self._search.runs.values():
            if run.status is Status.RUNNING:
                left = max(end, run.started)
                self._tracker.end(replace(run, status=Status.INTERRUPTED, ended=left, reason=_LEFT_ALONE))
        self._tracker.close(replace(self._search, status=Status.INTERRUPTED, ended=end))
        self._advance(closed=True)

    def release(self) -> None:
        if self._opened:
            self._tracker.release()
            self._opened = False

    def _batches(self) -> Iterator[list[Record]]:
        records = read_journal(self.folder.journal, self._search.offset)
        while batch := list(itertools.islice(records, self.batch)):
            yield batch

    def _ensure_open(self) -> None:
        if self._cursor.closed:  # closed here or by an earlier process, and now it goes on
            self.release()
            self._tracker = make_tracker(self.name, self.project, self._search.header, self.options)
        if not self._opened:
            self._opened = True
            self._tracker.open(self._search)

    def _ship_batch(self, batch: list[Record]) -> None:
        before = {trial: _mark(run) for trial, run in self._search.runs.items()}
        artifacts = len(self._search.artifacts)
        for record in batch:
            self._search.apply(record)
        changed = [run for trial, run in self._search.runs.items() if before.get(trial) != _mark(run)]
        for run in changed:
            self._go_on(run, before.get(run.trial))
        for artifact in _newest(self._search.artifacts[artifacts:]):
            self._ship_artifact(artifact)
        for run in changed:
            if run.status is not Status.RUNNING:
                self._tracker.end(run)

    def _go_on(self, run: Run, before: _Mark | None) -> None:
        shipped, told = (0, 0) if before is None else (before.points, before.changes)
        if before is None or before.status is not Status.RUNNING:
            known = replace(run, points=run.points[:shipped], changes=run.changes[:told])
            self._tracker.begin(replace(known, status=Status.RUNNING))
        if run.changes[told:]:
            self._change(replace(run, points=run.points[:shipped]), told)
        points = run.points[shipped:]
        if points:
            self._tracker.log(run, points)
            self.shipped += len(points)

    def _change(self, run: Run, told: int) -> None:
        change = getattr(self._tracker, "change", None)
        if change is not None:
            change(run, run.changes[told:])
        else:  # a plug-in that is older than this verb
            self._say(f"cannot hold that parameters of {run.run_id} changed: only the journal says so")

    def _ship_artifact(self, artifact: Artifact) -> None:
        path = self._search.file_of(artifact)
        if path is not None:
            self._tracker.artifact(artifact, path)
        else:
            place = self.folder.path / artifact.path
            what = "replaced at" if place.is_file() else "gone from"
            self._say(f"{artifact.name} of {self._search.id} is {what} {place}: not shipped")

    def _advance(self, *, closed: bool) -> None:
        self._cursor = Cursor(self._search.offset, self._tracker.target, closed)
        self._keep(self._cursor)

    def _keep(self, cursor: Cursor) -> None:
        known = read_cursors(self.folder, self.name)
        changed = known.with_own(cursor) if self._own else known.with_other(cursor)
        if changed != known:
            write_cursors(self.folder, self.name, changed)

    def _say(self, line: str) -> None:
        self._talk(f"{self.name}: {line}")


def _newest(artifacts: list[Artifact]) -> list[Artifact]:
    """Without those that a later one replaces: a search that went on has written its results again."""
    return list({(artifact.trial, artifact.name): artifact for artifact in artifacts}.values())


def _mark(run: Run) -> _Mark:
    return _Mark(len(run.points), len(run.changes), run.status, run.ended)
