"""Which runs a leaderboard shows, in which order, with which ranks: their numbers only.

Where each search is ranked by its own metric and nothing else is asked, an index of sqlite has the order: the
first N runs are among the first N of the N searches with the best runs, however many runs there are. Any
other question is answered by one pass over the runs.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.leaderboard.comparable import Yardstick
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.searches import IndexedSearch
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import BESTS


@dataclass(frozen=True)
class Place:
    """A run in a leaderboard.

    Attributes:
        run: its number.
        epoch: the epoch that its columns are of; None when there is none.
        rank: from 1; None where it has none.
    """

    run: int
    epoch: int | None
    rank: int | None = None


@dataclass(frozen=True)
class Selection:
    """The runs to show.

    Attributes:
        ranked, unranked: in the order to show them.
        counts: status -> number of runs, of all that match.
        more_ranked, more_unranked: how many match and are not shown.
        bests: the best run of each experiment; of the first `BESTS` experiments.
    """

    ranked: Sequence[Place]
    unranked: Sequence[Place]
    counts: Mapping[str, int]
    more_ranked: int = 0
    more_unranked: int = 0
    bests: Sequence[Place] = ()


def is_declared(searches: Sequence[IndexedSearch], yardstick: Yardstick, question: Question) -> bool:
    """Whether the index has every run by the epoch that is asked for."""
    declared = (yardstick.metric, yardstick.mode)
    return question.scope == "best" and all((s.metric, s.mode) == declared for s in searches)


def select_declared(
    index: Index, searches: Sequence[IndexedSearch], question: Question, *, several: bool
) -> Selection:
    """All runs, or the first ones, each search by its own metric."""
    by_name = sorted(searches, key=lambda search: (search.experiment, search.id))
    counts: Counter[str] = Counter()
    for search in searches:
        counts.update(json.loads(search.counts))
    without = _unranked_declared(index, by_name)
    number = sum(counts.values()) - without
    ranked = with_ranks(_leaders(index, by_name, question.first))
    if question.top is not None:
        ranked += _baselines(index, by_name, {place.run for place in ranked})
    shown = _rankless(index, by_name, question.unranked)
    bests = _bests(index, by_name) if several else []
    return Selection(ranked, shown, counts, number - len(ranked), without - len(shown), bests)


def _bests(index: Index, by_name: Sequence[IndexedSearch]) -> list[Place]:
    scores: dict[str, tuple[float, list[IndexedSearch]]] = {}
    for search in by_name:
        if search.best is not None:
            score, its = scores.get(search.experiment, (search.best, []))
            scores[search.experiment] = min(score, search.best), [*its, search]
    first = sorted(scores.values(), key=lambda best: best[0])[:BESTS]
    leaders = [_leaders(index, its, 1)[0] for _, its in first]
    return [Place(run, epoch, 1 + _better(index, by_name, score)) for score, run, epoch in leaders]


def _leaders(
    index: Index, by_name: Sequence[IndexedSearch], count: int | None
) -> list[tuple[float, int, int | None]]:
    """(score, run, epoch) of the first so many runs; equals by experiment, search and trial."""
    candidates = [(s.best, position, s) for position, s in enumerate(by_name) if s.best is not None]
    limit = -1 if count is None else count
    if count is not None:
        # The N best runs lie in the N searches with the best ones, equals by name.
        candidates = sorted(candidates, key=lambda candidate: candidate[:2])[:count]
    found = [
        (score, position, trial, run, epoch)
        for _, position, search in candidates
        for score, trial, run, epoch in index.database.execute(
            "SELECT score, trial, number, epoch FROM run WHERE search = ? AND score IS NOT NULL "
            "ORDER BY score, trial LIMIT ?",
            (search.number, limit),
        )
    ]
    found.sort()
    return [(score, run, epoch) for score, _, _, run, epoch in found[:count]]


def with_ranks(leaders: Sequence[tuple[float, int, int | None]]) -> list[Place]:
    """Places of runs that come best first, all of them from the first one on; equal scores share a rank."""
    places: list[Place] = []
    previous: float | None = None
    for position, (score, run, epoch) in enumerate(leaders, start=1):
        rank = places[-1].rank if places and score == previous else position
        places.append(Place(run, epoch, rank))
        previous = score
    return places


def _baselines(index: Index, by_name: Sequence[IndexedSearch], shown: set[int]) -> list[Place]:
    """The runs of baselines that are not shown yet, with their true ranks."""
    leaders = _leaders(index, [search for search in by_name if search.job == "baseline"], None)
    below = [leader for leader in leaders if leader[1] not in shown]
    return [Place(run, epoch, 1 + _better(index, by_name, score)) for score, run, epoch in below]


def _better(index: Index, searches: Sequence[IndexedSearch], score: float) -> int:
    """How many runs have a better score."""
    statement = "SELECT count(*) FROM run WHERE search = ? AND score < ?"
    return sum(
        index.database.execute(statement, (search.number, score)).fetchone()[0]
        for search in searches
        if search.best is not None and search.best < score
    )


def _unranked_declared(index: Index, searches: Sequence[IndexedSearch]) -> int:
    statement = "SELECT count(*) FROM run WHERE search = ? AND score IS NULL"
    return sum(index.database.execute(statement, (search.number,)).fetchone()[0] for search in searches)


def _rankless(index: Index, by_name: Sequence[IndexedSearch], count: int | None) -> list[Place]:
    found: list[Place] = []
    for search in by_name:
        left = -1 if count is None else count - len(found)
        if left == 0:
            break
        rows = index.database.execute(
            "SELECT number, epoch FROM run WHERE search = ? AND score IS NULL ORDER BY trial LIMIT ?",
            (search.number, left),
        )
        found += [Place(run, epoch) for run, epoch in rows]
    return found
