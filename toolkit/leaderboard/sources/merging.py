"""Several sources as one: the same run seen through two of them stands once, and what one lacks is told.

The same run is one of the same experiment, search and trial. The first source that has it tells it, all
of it: mixing the epochs of two would rank by what nobody has. Only whole runs that the first one lacks are
added from the next. A search that was recorded a second time (`r2`) is another one, except to files in git,
which keep it under the plain id: there the numbers say which recording it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from toolkit.leaderboard.ranking import Row, Table, is_usable
from toolkit.leaderboard.sources.source import Source
from toolkit.runs import Point, Run, Search

_Key = tuple[str, str]
"""Experiment and search id: searches of other names may share an id, and are not the same."""

_REPETITION = re.compile(r"(?<=^[0-9a-f]{12})r(\d+)$")


@dataclass(frozen=True)
class Merged:
    """What several sources have together.

    Attributes:
        searches: each once, with the runs of all sources, in the order in which they were found first.
        labels: (experiment, search id, trial) -> label of the source that tells it; empty for one source.
        remarks: lines that say what a source lacks, or tells otherwise.
    """

    searches: Sequence[Search]
    labels: Mapping[tuple[str, str, int], str] = field(default_factory=dict)
    remarks: Sequence[str] = ()

    def named(self, tables: Iterable[Table]) -> list[Table]:
        """The tables with the source of each row, where there are several."""
        return [replace(table, rows=[self._named(row) for row in table.rows]) for table in tables]

    def _named(self, row: Row) -> Row:
        label = self.labels.get((row.experiment, row.search, row.trial))
        return row if label is None else replace(row, source=label)


def merged(sources: Sequence[Source]) -> Merged:
    """Everything that the sources have, each run once.

    Args:
        sources: those whose word counts most stand first; files in git count last, for they say least.
    """
    if len(sources) == 1:
        return Merged(sources[0].searches)
    union = _Union()
    seen = [
        (source.label, {union.take(search, source): search for search in source.searches})
        for source in sorted(sources, key=lambda source: source.plain_ids)
    ]
    remarks = [
        line
        for label, searches in seen
        for key, search in searches.items()
        for line in union.remarks(label, key, search)
    ]
    return Merged(list(union.searches.values()), union.labels, remarks)


class _Union:
    """The searches of all sources, taken in one by one.

    Attributes:
        epochs: every epoch of a run that any source has.
    """

    def __init__(self) -> None:
        self.searches: dict[_Key, Search] = {}
        self.labels: dict[tuple[str, str, int], str] = {}
        self.epochs: dict[tuple[str, str, int], set[int]] = {}

    def take(self, search: Search, source: Source) -> _Key:
        """Add what is not known yet; the key under which the search is known from now on."""
        key = self._key_of(search, source)
        known = self.searches.get(key)
        self.searches[key] = search if known is None else _with_more_runs(known, search)
        for trial, run in search.runs.items():
            self.labels.setdefault((*key, trial), source.label)
            self.epochs.setdefault((*key, trial), set()).update(point.epoch for point in run.points)
        return key

    def _key_of(self, search: Search, source: Source) -> _Key:
        """Of the recordings that a plain id may stand for the one with the same numbers, else its own."""
        own = (search.experiment, search.id)
        if not source.plain_ids:
            return own
        keys = [key for key in self.searches if key[0] == own[0] and _REPETITION.sub("", key[1]) == own[1]]
        keys.sort(key=lambda key: (key != own, -_repetition(key[1])))
        return next((key for key in keys if _agree(self.searches[key], search)), own)

    def remarks(self, label: str, key: _Key, search: Search) -> Iterator[str]:
        """What this source lacks of a search that it has, and what it tells otherwise."""
        all_of_it, name = self.searches[key], "@".join(key)
        missing = [
            len(self.epochs[*key, trial] - {point.epoch for point in run.points})
            for trial, run in search.runs.items()
        ]
        lacks = []
        if any(missing):
            lacks.append(f"{_count(sum(missing), 'point')} of {_count(sum(map(bool, missing)), 'run')}")
        if whole := len(all_of_it.runs.keys() - search.runs.keys()):
            lacks.append(_count(whole, "whole run"))
        if lacks:
            yield f"{label}: lacks {' and '.join(lacks)} of {name}"
        if otherwise := sum(_differing(all_of_it.runs[trial], run) for trial, run in search.runs.items()):
            yield f"{label}: has other numbers at {_count(otherwise, 'point')} of {name}, and is not followed"


def _repetition(search_id: str) -> int:
    found = _REPETITION.search(search_id)
    return int(found[1]) if found else 1


def _agree(one: Search, other: Search) -> bool:
    """Whether both tell of some runs, and of those in the same numbers."""
    common = one.runs.keys() & other.runs.keys()
    return bool(common) and not any(_differing(one.runs[trial], other.runs[trial]) for trial in common)


def _with_more_runs(known: Search, search: Search) -> Search:
    more = {trial: run for trial, run in search.runs.items() if trial not in known.runs}
    return replace(known, runs={**known.runs, **more}) if more else known


def _differing(run: Run, other: Run) -> int:
    """How many epochs that both have are told in other numbers."""
    theirs = {point.epoch: point for point in other.points}
    return sum(_differs(point, theirs[point.epoch]) for point in run.points if point.epoch in theirs)


def _differs(one: Point, other: Point) -> bool:
    """Whether a finite number has another value; a service may lack a metric, or have no infinity."""
    pairs = [(value, other.metrics.get(name)) for name, value in one.metrics.items()]
    return any(is_usable(mine) and is_usable(theirs) and mine != theirs for mine, theirs in pairs)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
