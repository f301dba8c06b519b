"""Any other question: a few passes over the runs of the searches, and over their points where it needs those.

Two tables of this connection alone help: `wanted`, the searches, and `chosen`, the epoch that each run stands
by where that is not the one in the index.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.cells import Cell, from_cell
from toolkit.leaderboard.comparable import Yardstick
from toolkit.leaderboard.fields import Fields
from toolkit.leaderboard.grouping import Entry
from toolkit.leaderboard.index.configurations import Configurations
from toolkit.leaderboard.index.names import fields_of, metric_of, share
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.searches import IndexedSearch
from toolkit.leaderboard.index.selecting import Place, Selection, is_declared, with_ranks
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import BESTS
from toolkit.leaderboard.where import condition, order
from toolkit.runs import Status

_BY_RANK = "_score, _place, _run"


def select_matching(
    index: Index,
    searches: Sequence[IndexedSearch],
    yardstick: Yardstick,
    question: Question,
    configurations: Configurations,
    *,
    several: bool,
) -> Selection:
    """The runs of which the question's condition is true, in its order.

    Args:
        several: there are leaderboards on other validation data: tell the best run of each experiment.

    Raises:
        ConfigurationError: the condition or the order cannot be understood.
    """
    fields = fields_of(index, searches, configurations, declared=is_declared(searches, yardstick, question))
    terms = order(question.sort, fields)
    matching = _matching(index, searches, yardstick, question, configurations, fields, terms)
    ranked = matching.in_order(question) if terms else matching.by_rank(question)
    if question.top is not None:
        ranked += matching.baselines({place.run for place in ranked})
    counts, number = matching.counts()
    without = sum(counts.values()) - number
    unranked = matching.unranked(question.unranked) if without else []
    bests = matching.bests() if several else []
    return Selection(ranked, unranked, counts, number - len(ranked), without - len(unranked), bests)


def entries(
    index: Index,
    searches: Sequence[IndexedSearch],
    yardstick: Yardstick,
    question: Question,
    configurations: Configurations,
    names: Sequence[str],
) -> tuple[list[str], Iterator[Entry]]:
    """Full names of columns, and each run that matches with what it has there, to be put into groups.

    Raises:
        ConfigurationError: the condition cannot be understood, or no column goes by a name.
    """
    fields = fields_of(index, searches, configurations, declared=is_declared(searches, yardstick, question))
    try:
        found = [fields.find(name) for name in names]
    except ConfigurationError as error:
        raise ConfigurationError(f"--group-by: {error}") from None
    terms = [(field.sql, "ASC") for field in found]
    matching = _matching(index, searches, yardstick, question, configurations, fields, terms)
    run_id = fields.find("run_id").sql
    return [field.name for field in found], matching.entries(run_id, yardstick.mode, question.top)


def _matching(
    index: Index,
    searches: Sequence[IndexedSearch],
    yardstick: Yardstick,
    question: Question,
    configurations: Configurations,
    fields: Fields,
    terms: Sequence[tuple[str, str]],
) -> "_Matching":
    where, parameters = ("1", []) if question.where is None else condition(question.where, fields)
    _want(index, searches)
    declared = is_declared(searches, yardstick, question)
    if not declared:
        _choose(index, yardstick, question)
    if "FROM shared" in where + "".join(key for key, _ in terms):
        share(index, configurations)
    return _Matching(index, where, parameters, terms, declared=declared)


def _want(index: Index, searches: Sequence[IndexedSearch]) -> None:
    by_name = sorted(searches, key=lambda search: (search.experiment, search.id))
    _table(index, "wanted", "search INTEGER PRIMARY KEY, low, high, place, experiment, id, job")
    index.database.executemany(
        "INSERT INTO wanted VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(s.number, *s.runs, place, s.experiment, s.id, s.job) for place, s in enumerate(by_name)],
    )


def _table(index: Index, name: str, columns: str) -> None:
    index.database.execute(f"DROP TABLE IF EXISTS temp.{name}")
    index.database.execute(f"CREATE TEMP TABLE {name} ({columns})")


def _choose(index: Index, yardstick: Yardstick, question: Question) -> None:
    """The epoch that each run stands by, and its score there; NULL where the value cannot win."""
    value = metric_of(index, yardstick.metric, of_point=True)
    sign = "-" if yardstick.mode == "max" else ""
    usable = f"typeof({value}) IN ('integer', 'real') AND abs({value}) < 9e999"
    of_point = "FROM wanted w CROSS JOIN point p ON p.run BETWEEN w.low AND w.high"
    _table(index, "chosen", "run INTEGER PRIMARY KEY, epoch, score")
    if question.scope == "last":
        index.database.execute(
            f"INSERT INTO chosen SELECT run, epoch, CASE WHEN {usable} THEN {sign}{value} END "
            f"FROM (SELECT p.*, max(p.epoch) {of_point} GROUP BY p.run) p"
        )
        return
    # sqlite takes the other columns from the row of the minimum. Of equal ones that is the first it meets,
    # in the order of the key; a test holds it to that.
    index.database.execute(
        f"INSERT INTO chosen SELECT p.run, p.epoch, min({sign}{value}) {of_point} "
        f"WHERE {usable} GROUP BY p.run"
    )


_Found = tuple[float, int, int | None]
"""Score, run and epoch."""


class _Matching:
    """The runs of which the condition is true.

    Each answer is a pass of its own: to keep the runs that match in a table would cost more than to look
    for them again.
    """

    def __init__(
        self,
        index: Index,
        where: str,
        parameters: Sequence[Cell],
        terms: Sequence[tuple[str, str]],
        *,
        declared: bool,
    ) -> None:
        source = "FROM wanted w CROSS JOIN run r ON r.number BETWEEN w.low AND w.high"
        self._score, self._epoch = "r.score", "r.epoch"
        if not declared:
            source += " LEFT JOIN chosen c ON c.run = r.number"
            source += " LEFT JOIN point p ON p.run = r.number AND p.epoch = c.epoch"
            self._score, self._epoch = "CASE WHEN r.status != 'FAILED' THEN c.score END", "c.epoch"
        self._index, self._terms, self._parameters = index, terms, list(parameters)
        self._found = f"{self._score} _score, r.number _run, {self._epoch} _epoch, w.place _place"
        self._source, self._where = source, where
        self._from = f"{source} WHERE {where}"

    def by_rank(self, question: Question) -> list[Place]:
        """The first runs, or all of them."""
        return with_ranks(self._best(-1 if question.first is None else question.first))

    def in_order(self, question: Question) -> list[Place]:
        """The first runs by the columns that are asked for; of the `top` ones alone where there is a top."""
        keys = "".join(f", {key} k{number}" for number, (key, _) in enumerate(self._terms))
        by = ", ".join(f"k{number} {direction}" for number, (_, direction) in enumerate(self._terms))
        runs = f"SELECT {self._found}{keys} {self._from} AND {self._score} IS NOT NULL"
        if question.top is not None:
            runs += f" ORDER BY {_BY_RANK} LIMIT {question.top}"
        limit = -1 if question.limit is None else question.limit
        found = self._rows(f"SELECT * FROM ({runs}) ORDER BY {by}, {_BY_RANK} LIMIT ?", limit)
        return self._with_true_ranks([row[:3] for row in found])

    def entries(self, run_id: str, mode: str, top: int | None) -> Iterator[Entry]:
        """Each run with what it has in the terms; only the first ones where there is a top."""
        sign = 1 if mode == "min" else -1
        keys = "".join(f", {key}" for key, _ in self._terms)
        only = "" if top is None else f"AND {self._score} IS NOT NULL"
        rows = self._index.database.execute(
            f"SELECT {self._found}, {run_id}{keys} {self._from} {only} ORDER BY {_BY_RANK} LIMIT ?",
            [*self._parameters, -1 if top is None else top],
        )
        for score, _, _, _, run, *cells in rows:
            key = tuple(None if cell is None else from_cell(cell) for cell in cells)
            yield Entry(key, None if score is None else sign * score, run)

    def _best(self, limit: int, more: str = "") -> list[_Found]:
        runs = f"SELECT {self._found} {self._from} AND {self._score} IS NOT NULL {more}"
        return [row[:3] for row in self._rows(f"{runs} ORDER BY {_BY_RANK} LIMIT ?", limit)]

    def baselines(self, shown: set[int]) -> list[Place]:
        """The runs of baselines that are not shown yet."""
        found = self._best(-1, "AND w.job = 'baseline'")
        return self._with_true_ranks([each for each in found if each[1] not in shown])

    def bests(self) -> list[Place]:
        """The best run of each experiment; of the first `BESTS` experiments."""
        found = self._rows(
            f"SELECT min({self._score}) _best, r.number, {self._epoch} {self._from} "
            f"AND {self._score} IS NOT NULL GROUP BY w.experiment ORDER BY _best LIMIT ?",
            BESTS,
        )
        return self._with_true_ranks(found)

    def counts(self) -> tuple[dict[str, int], int]:
        """Status -> number of runs, and how many of all have a rank."""
        # To group by the status would sort all runs by it.
        each = "".join(f", count(*) FILTER (WHERE r.status = '{status}')" for status in Status)
        [(ranked, *counts)] = self._rows(f"SELECT count({self._score}){each} {self._from} LIMIT ?", 1)
        found = {status.value: count for status, count in zip(Status, counts, strict=True) if count}
        return found, ranked

    def unranked(self, limit: int | None) -> list[Place]:
        """The runs without a rank."""
        rows = self._rows(
            f"SELECT r.number, {self._epoch} {self._from} AND {self._score} IS NULL "
            "ORDER BY w.place, r.trial LIMIT ?",
            -1 if limit is None else limit,
        )
        return [Place(run, epoch) for run, epoch in rows]

    def _with_true_ranks(self, found: Sequence[_Found]) -> list[Place]:
        """Places of runs in any order: each one's rank says how many are better."""
        if not found:
            return []
        worst = max(score for score, *_ in found)
        # The score first: few runs are better, and only of those the condition is looked at.
        is_better = f"{self._score} < {worst!r} AND {self._where}"
        better = self._rows(f"SELECT {self._score} {self._source} WHERE {is_better} LIMIT ?", -1)
        scores = sorted(score for (score,) in better)
        return [Place(run, epoch, bisect_left(scores, score) + 1) for score, run, epoch in found]

    def _rows(self, statement: str, limit: int) -> list[Any]:
        return self._index.database.execute(statement, [*self._parameters, limit]).fetchall()
