"""Any other question: one pass over the runs of the searches, and over their points where it needs those.

The answer lies in tables of this connection alone: `wanted`, the searches; `chosen`, the epoch that each run
stands by where that is not the one in the index; `matched`, the runs of which the condition is true.
"""

from bisect import bisect_left
from collections.abc import Sequence

from toolkit.leaderboard.cells import Cell
from toolkit.leaderboard.comparable import Yardstick
from toolkit.leaderboard.index.configurations import Configurations
from toolkit.leaderboard.index.names import fields_of, json_path, share
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.searches import IndexedSearch
from toolkit.leaderboard.index.selecting import Place, Selection, is_declared, with_ranks
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import BESTS
from toolkit.leaderboard.where import condition, order

_IN_ORDER = "score, place, trial"


def select_matching(
    index: Index,
    searches: Sequence[IndexedSearch],
    yardstick: Yardstick,
    question: Question,
    configurations: Configurations,
) -> Selection:
    """The runs of which the question's condition is true, in its order.

    Raises:
        ConfigurationError: the condition or the order cannot be understood.
    """
    declared = is_declared(searches, yardstick, question)
    fields = fields_of(index, searches, configurations, declared=declared)
    where, parameters = ("1", []) if question.where is None else condition(question.where, fields)
    terms = order(question.sort, fields)
    sql = where + "".join(key for key, _ in terms)
    _want(index, searches)
    if not declared:
        _choose(index, yardstick, question)
    if "FROM shared" in sql:
        share(index, configurations)
    _match(index, where, parameters, [key for key, _ in terms], declared)
    by = "".join(f"k{number} {direction}, " for number, (_, direction) in enumerate(terms))
    return _selection(index, question, by)


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
    value, kind = _value_of(index, yardstick.metric)
    sign = "-" if yardstick.mode == "max" else ""
    usable = f"{kind} IN ('integer', 'real') AND abs({value}) < 9e999"
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


def _value_of(index: Index, metric: str) -> tuple[str, str]:
    """SQL of a point's value of the metric, and of the value's kind."""
    column = index.fields.metrics.get(metric)
    if column is not None:
        return f"p.{column}", f"typeof(p.{column})"
    path = json_path(metric)
    return f"json_extract(p.more, {path})", f"json_type(p.more, {path})"


def _match(index: Index, where: str, parameters: Sequence[Cell], keys: Sequence[str], declared: bool) -> None:
    """Fill `matched`; `k0`, `k1`, ... are what to order by."""
    source = "FROM wanted w CROSS JOIN run r ON r.number BETWEEN w.low AND w.high"
    score, epoch = "r.score", "r.epoch"
    if not declared:
        source += " LEFT JOIN chosen c ON c.run = r.number"
        source += " LEFT JOIN point p ON p.run = r.number AND p.epoch = c.epoch"
        score, epoch = "CASE WHEN r.status != 'FAILED' THEN c.score END", "c.epoch"
    names = "".join(f", k{number}" for number in range(len(keys)))
    _table(index, "matched", f"run INTEGER PRIMARY KEY, epoch, score, status, place, trial, job{names}")
    index.database.execute(
        f"INSERT INTO matched SELECT r.number, {epoch}, {score}, r.status, w.place, r.trial, w.job"
        f"{''.join(f', {key}' for key in keys)} {source} WHERE {where}",
        parameters,
    )


def _selection(index: Index, question: Question, by: str) -> Selection:
    rows = index.database.execute
    counts = dict(rows("SELECT status, count(*) FROM matched GROUP BY status"))
    number = rows("SELECT count(*) FROM matched WHERE score IS NOT NULL").fetchone()[0]
    without = sum(counts.values()) - number
    ranked = _ranked(index, question, by)
    unranked = [
        Place(run, epoch)
        for run, epoch in rows(
            "SELECT run, epoch FROM matched WHERE score IS NULL ORDER BY place, trial LIMIT ?",
            (-1 if question.unranked is None else question.unranked,),
        )
    ]
    bests = rows(
        "SELECT min(score), run, m.epoch FROM matched m JOIN wanted w ON w.place = m.place "
        "WHERE score IS NOT NULL GROUP BY w.experiment ORDER BY min(score) LIMIT ?",
        (BESTS,),
    )
    places = _with_true_ranks(index, bests.fetchall())
    return Selection(ranked, unranked, counts, number - len(ranked), without - len(unranked), places)


def _ranked(index: Index, question: Question, by: str) -> list[Place]:
    rows = index.database.execute
    competing = "FROM matched WHERE score IS NOT NULL"
    limit = -1 if question.limit is None else question.limit
    if not by:
        first = -1 if question.first is None else question.first
        found = rows(f"SELECT score, run, epoch {competing} ORDER BY {_IN_ORDER} LIMIT ?", (first,))
        places = with_ranks(found.fetchall())
    else:
        top = -1 if question.top is None else question.top
        found = rows(
            f"SELECT score, run, epoch FROM (SELECT * {competing} ORDER BY {_IN_ORDER} LIMIT ?) "
            f"ORDER BY {by}{_IN_ORDER} LIMIT ?",
            (top, limit),
        )
        places = _with_true_ranks(index, found.fetchall())
    if question.top is not None:
        shown = {place.run for place in places}
        baselines = rows(f"SELECT score, run, epoch {competing} AND job = 'baseline' ORDER BY {_IN_ORDER}")
        places += _with_true_ranks(index, [row for row in baselines.fetchall() if row[1] not in shown])
    return places


def _with_true_ranks(index: Index, found: Sequence[tuple[float, int, int | None]]) -> list[Place]:
    """Places of runs in any order: each one's rank says how many are better."""
    if not found:
        return []
    scores = [
        score for (score,) in index.database.execute("SELECT score FROM matched WHERE score IS NOT NULL")
    ]
    scores.sort()
    return [Place(run, epoch, bisect_left(scores, score) + 1) for score, run, epoch in found]
