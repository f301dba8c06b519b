"""Two searches side by side: what they searched, with what, and what became of the trials they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.leaderboard.differing.changes import Change, changes
from toolkit.leaderboard.differing.of_runs import configuration_of, incomparable
from toolkit.leaderboard.differing.records import code_changes, data_changes
from toolkit.leaderboard.index import rank
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.ranking import Row
from toolkit.leaderboard.showing.space import space_in_words, space_of
from toolkit.runs import Search

_SEED = "trainer.random_seed"


@dataclass(frozen=True)
class TrialPair:
    """A trial that has one configuration in both searches.

    Attributes:
        a, b: its line in each search's own leaderboard.
    """

    trial: int
    a: Row
    b: Row


@dataclass(frozen=True)
class SearchPair:
    """Two searches and all in which they differ.

    Attributes:
        incomparable: why their runs cannot be ranked together; empty where they can.
        asked: what differs of space, metric, seed, scheduler and number of trials.
        rows: the leaderboard of each, in its own order.
        common: the trials whose configuration is the same in both, the seed aside; best of the first search
            first.
        apart: how many trials both have with configurations that differ.
    """

    a: Search
    b: Search
    incomparable: str
    asked: Sequence[Change]
    data: Sequence[Change]
    code: Sequence[Change]
    rows: tuple[Sequence[Row], Sequence[Row]]
    common: Sequence[TrialPair]
    apart: int


def pair_of_searches(a: Search, b: Search) -> SearchPair:
    """Hold two searches together."""
    rows_a, rows_b = _rows(a), _rows(b)
    of_b = {row.trial: row for row in rows_b}
    shared = [row for row in rows_a if row.trial in of_b]
    common = [TrialPair(row.trial, row, of_b[row.trial]) for row in shared if _is_one(a, b, row.trial)]
    return SearchPair(
        a=a,
        b=b,
        incomparable=incomparable(a, b),
        asked=changes(_asked(a), _asked(b)),
        data=data_changes(a.header, b.header),
        code=code_changes(
            a.header, b.header, a.origin or a.header.provenance, b.origin or b.header.provenance
        ),
        rows=(rows_a, rows_b),
        common=common,
        apart=len(shared) - len(common),
    )


def _rows(search: Search) -> list[Row]:
    return [row for table in rank([search]) for row in table.rows]


def _is_one(a: Search, b: Search, trial: int) -> bool:
    """Whether the trial has the same configuration in both; seeds are drawn anew and are no part of it."""
    one, other = (configuration_of(search.runs[trial]) for search in (a, b))
    return not [change for change in changes(one, other) if change.name != _SEED]


def _asked(search: Search) -> dict[str, Any]:
    """What the search was asked for, a space as one value in words."""
    header, space = search.header, space_of(search)
    spec = {
        path: value
        for path, value in flat(header.spec).items()
        if not any(path.startswith(f"{searched}.") for searched in space) and not path.endswith("head.labels")
    }
    plain = {"job": header.job, "metric": header.metric, "mode": header.mode, "seed": header.seed}
    words = {path: space_in_words(about) for path, about in space.items()}
    return {**plain, "num_trials": header.num_trials, **words, **spec}
