"""Holds what a tracker has stored of a search against the search's journal, point by point."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from toolkit.runs import Run, Search, Status
from toolkit.runs.values import encode
from toolkit.trackers.stored import Reader, StoredRun


@dataclass(frozen=True)
class Difference:
    """One thing in which a tracker and the journal differ.

    Attributes:
        what: missing, doubled, other value, not in the journal, other status, other parameter.
        epoch: from 0; None where the whole run differs.
        name: of the metric or the parameter; None where it is about the run.
        journal, stored: what is held against what, as the service would hold it; None where there is nothing.
    """

    run_id: str
    what: str
    epoch: int | None = None
    name: str | None = None
    journal: Any = None
    stored: Any = None


@dataclass(frozen=True)
class Comparison:
    """What came of comparing one search with one tracker.

    Attributes:
        decided: points of the journal.
        stored: those of them whose every value reads back from the tracker.
        doubled: points of which the tracker has a value, or the whole run, more than once.
        left_open: runs that the tracker shows as running and the journal does not.
    """

    decided: int
    stored: int
    doubled: int
    left_open: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether the tracker holds everything, once, and nothing else."""
        return not self.differences


def compare(
    search: Search, reader: Reader, *, is_running: bool = False, stored: Iterable[StoredRun] | None = None
) -> Comparison:
    """Read the search back from a tracker and hold it against its journal.

    Args:
        is_running: a process writes the journal, so runs without an end run; else they were interrupted.
        stored: the reader's runs, where they had to be read before; it is asked for them when None.
    """
    copies: dict[str, list[StoredRun]] = {}
    for found in reader.runs() if stored is None else stored:
        copies.setdefault(found.run_id, []).append(found)
    known = {run.run_id: run for run in search.runs.values()}
    differences = [
        difference
        for run_id, run in known.items()
        for difference in _of_run(run, copies.get(run_id, []), reader, is_running)
    ]
    differences += [Difference(run_id, "not in the journal") for run_id in copies.keys() - known.keys()]
    lacking = {(d.run_id, d.epoch) for d in differences if d.what in ("missing", "other value")}
    doubled = {(d.run_id, d.epoch) for d in differences if d.what == "doubled" and d.epoch is not None}
    points = [(run_id, point.epoch) for run_id, run in known.items() for point in run.points]
    return Comparison(
        decided=len(points),
        stored=sum(not lacking & {(run_id, None), (run_id, epoch)} for run_id, epoch in points),
        doubled=len(doubled),
        left_open=_left_open(known, copies, reader, is_running),
        differences=tuple(differences),
    )


def _of_run(run: Run, copies: Sequence[StoredRun], reader: Reader, is_running: bool) -> Iterator[Difference]:
    if not copies:
        yield Difference(run.run_id, "missing")
        return
    if len(copies) > 1:
        yield Difference(run.run_id, "doubled", stored=len(copies))
    yield from _of_points(run, [point for copy in copies for point in copy.points], reader)
    wanted = reader.as_status(_status(run, is_running))
    for copy in copies:
        if copy.status != wanted:
            yield Difference(run.run_id, "other status", journal=wanted, stored=copy.status)
        yield from _of_params(run, copy, reader)
        yield from _of_changes(run, copy, reader)


def _of_points(run: Run, points: Sequence[tuple[int, str, Any]], reader: Reader) -> Iterator[Difference]:
    found: dict[tuple[int, str], list[Any]] = {}
    for epoch, name, value in points:
        found.setdefault((epoch, name), []).append(value)
    for point in run.points:
        for given, reported in point.metrics.items():
            name, wanted = reader.as_metric(given, reported)
            values = found.pop((point.epoch, name), [])
            differs = partial(Difference, run.run_id, epoch=point.epoch, name=given)
            if not values:
                yield differs("missing", journal=wanted)
            elif all(_text(value) != _text(wanted) for value in values):
                yield differs("other value", journal=wanted, stored=values[-1])
            if len(values) > 1:
                yield differs("doubled", journal=wanted, stored=len(values))
    for (epoch, name), values in found.items():
        yield Difference(run.run_id, "not in the journal", epoch, name, stored=values[-1])


def _of_params(run: Run, copy: StoredRun, reader: Reader) -> Iterator[Difference]:
    for name, value in run.params.items():
        wanted, stored = reader.as_param(value), copy.params.get(name)
        if name not in copy.params or _text(wanted) != _text(stored):
            yield Difference(run.run_id, "other parameter", name=name, journal=wanted, stored=stored)


def _of_changes(run: Run, copy: StoredRun, reader: Reader) -> Iterator[Difference]:
    """What the journal says of parameters that changed on the way, against what the copy has of it."""
    wanted = {(change.epoch, name): value for change in run.changes for name, value in change.params.items()}
    found: dict[tuple[int, str], list[Any]] = {}
    for epoch, name, value in copy.changes:
        found.setdefault((epoch, name), []).append(value)
    for (epoch, name), value in wanted.items():
        differs = partial(Difference, run.run_id, epoch=None, name=f"{name} from epoch {epoch} on")
        held, values = reader.as_param(value), found.pop((epoch, name), [])
        if not values or any(_text(stored) != _text(held) for stored in values):
            yield differs("other parameter", journal=held, stored=values[-1] if values else None)
        if len(values) > 1:
            yield differs("doubled", journal=held, stored=len(values))
    for (epoch, name), values in found.items():
        yield Difference(
            run.run_id, "not in the journal", name=f"{name} from epoch {epoch} on", stored=values[-1]
        )


def _status(run: Run, is_running: bool) -> Status:
    return Status.INTERRUPTED if run.status is Status.RUNNING and not is_running else run.status


def _left_open(
    known: dict[str, Run], stored: dict[str, list[StoredRun]], reader: Reader, is_running: bool
) -> int:
    running = reader.as_status(Status.RUNNING)
    return sum(
        copy.status == running
        for run_id, copies in stored.items()
        if run_id not in known or _status(known[run_id], is_running) is not Status.RUNNING
        for copy in copies
    )


def _text(value: Any) -> str:
    """As text, so that NaN equals NaN and 1 differs from True."""
    return json.dumps(encode(value), ensure_ascii=False, sort_keys=True)
