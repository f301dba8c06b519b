"""Leaderboards over searches: one table for all that can be compared, more where they cannot."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toolkit.errors import NotFoundError
from toolkit.leaderboard.comparable import Yardstick
from toolkit.leaderboard.index.configurations import Configurations
from toolkit.leaderboard.index.growing import GrowingSearch, points_of
from toolkit.leaderboard.index.opening import Index, in_memory
from toolkit.leaderboard.index.rows import rows_of
from toolkit.leaderboard.index.searches import IndexedSearch, all_searches
from toolkit.leaderboard.index.selecting import is_declared, select_declared
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Row, Table
from toolkit.runs import Search, Status

if TYPE_CHECKING:
    from toolkit.leaderboard.grouping import GroupedTable


def rank(searches: Iterable[Search], metric: str | None = None, mode: str | None = None) -> list[Table]:
    """Leaderboards over searches: one table for all that can be compared, more where they cannot.

    Args:
        metric: rank by this one instead of the metric that each search declares.
        mode: `min` or `max`; by default the declared one, or what the metric's name says.

    Raises:
        NotFoundError: no run reports `metric`; the message lists the metrics there are.
        ConfigurationError: the direction of `metric` is not known.
    """
    return answer(searches, Question(metric, mode))


def answer(searches: Iterable[Search], question: Question) -> list[Table]:
    """The same for any question; see `standings`."""
    index = in_memory()
    try:
        with index.writing():
            for number, search in enumerate(searches):
                GrowingSearch.begin(index, str(number), search).write("")
        return standings(index, all_searches(index), question)
    finally:
        index.close()


def standings(index: Index, searches: Sequence[IndexedSearch], question: Question) -> list[Table]:
    """Leaderboards over these searches of the index.

    Raises:
        NotFoundError: no run reports the question's metric; the message lists the metrics there are.
        ConfigurationError: the direction of the metric is not known, or the question names no column.
    """
    return [_table(index, group, question) for group in _comparable(searches, question)]


def in_groups(
    index: Index, searches: Sequence[IndexedSearch], question: Question, names: Sequence[str]
) -> "list[GroupedTable]":
    """The same leaderboards with their runs in groups: those that agree in these columns.

    Only what makes the groups is read of each run, so a million of them take seconds.

    Raises:
        NotFoundError, ConfigurationError: as `standings` does, or a name is that of no column.
    """
    from toolkit.leaderboard.grouping import GroupedTable, group
    from toolkit.leaderboard.index.matching import entries

    without_rows = replace(question, top=None, limit=0, unranked=0)
    tables = []
    for comparable in _comparable(searches, question):
        table = _table(index, comparable, without_rows)
        configurations = Configurations(index, comparable.searches)
        found, its = entries(
            index, comparable.searches, comparable.yardstick, question, configurations, names
        )
        tables.append(GroupedTable(table, found, group(its, comparable.yardstick.mode)))
    return tables


@dataclass(frozen=True)
class _Comparable:
    """Searches of one leaderboard.

    Attributes:
        reason: why they stand apart from the first ones; empty for those.
        forced: why some should not stand with the others, each in a sentence.
        several: there are leaderboards on other validation data.
    """

    yardstick: Yardstick
    searches: Sequence[IndexedSearch]
    reason: str = ""
    forced: tuple[str, ...] = ()
    several: bool = False


def _comparable(searches: Sequence[IndexedSearch], question: Question) -> list[_Comparable]:
    if question.metric is not None:
        _check_reported(question.metric, searches)
    groups: dict[Yardstick, list[IndexedSearch]] = {}
    for search in searches:
        groups.setdefault(search.yardstick(question.metric, question.mode), []).append(search)
    if question.force:
        return _forced(groups)
    first = next(iter(groups), None)
    several = len({yardstick.validation for yardstick in groups}) > 1
    return [
        _Comparable(
            yardstick, members, "" if yardstick is first else yardstick.difference(first), (), several
        )
        for yardstick, members in groups.items()
        if first is not None
    ]


def _forced(groups: Mapping[Yardstick, list[IndexedSearch]]) -> list[_Comparable]:
    """All searches with the same metric and direction together; what else differs is told."""
    alike: dict[tuple[str, str], list[Yardstick]] = {}
    for yardstick in groups:
        alike.setdefault((yardstick.metric, yardstick.mode), []).append(yardstick)
    found: list[_Comparable] = []
    for main, *others in alike.values():
        members = [search for yardstick in (main, *others) for search in groups[yardstick]]
        reason = main.difference(found[0].yardstick) if found else ""
        forced = tuple(
            f"{', '.join(search.name for search in groups[other])}: {other.difference(main)}"
            for other in others
        )
        found.append(_Comparable(main, members, reason, forced))
    return found


def _check_reported(metric: str, searches: Sequence[IndexedSearch]) -> None:
    texts = dict.fromkeys(search.metrics for search in searches)
    known = list(dict.fromkeys(name for text in texts for name in json.loads(text)))
    if metric in known:
        return
    if not known:
        raise NotFoundError(f"no run has reported anything yet: there is nothing to rank by {metric!r}")
    import difflib  # only a name that nothing has needs it

    near = difflib.get_close_matches(metric, known, n=1)
    hint = f", did you mean {near[0]!r}? There are: " if near else "; there are: "
    listed = ", ".join(name for name in known if "__" not in name)
    raise NotFoundError(f"no run reports the metric {metric!r}{hint}{listed}")


def _table(index: Index, comparable: _Comparable, question: Question) -> Table:
    searches, yardstick, several = comparable.searches, comparable.yardstick, comparable.several
    configurations = Configurations(index, searches, question.columns)
    declared = is_declared(searches, yardstick, question)
    if declared and question.where is None and not question.sort:
        selection = select_declared(index, searches, question, several=several)
    else:
        from toolkit.leaderboard.index.matching import select_matching  # a tenth of the time of a plain call

        selection = select_matching(index, searches, yardstick, question, configurations, several=several)
    by_number = {search.number: search for search in searches}
    rows = rows_of(index, by_number, configurations, [*selection.ranked, *selection.unranked])
    if not declared:
        ranked = len(selection.ranked)
        rows[ranked:] = [
            _with_reason(index, row, place.run, yardstick, question)
            for row, place in zip(rows[ranked:], selection.unranked, strict=True)
        ]
    return Table(
        yardstick=yardstick,
        rows=rows,
        params=configurations.shown,
        counts=selection.counts,
        running=[search.name for search in searches if search.status == Status.RUNNING],
        reason=comparable.reason,
        forced=comparable.forced,
        more_ranked=selection.more_ranked,
        more_unranked=selection.more_unranked,
        scope=question.scope,
        bests=rows_of(index, by_number, configurations, selection.bests),
    )


def _with_reason(index: Index, row: Row, run: int, yardstick: Yardstick, question: Question) -> Row:
    """The row with why it has no rank by this metric: the index knows it of the search's own."""
    if row.status == Status.FAILED or row.epochs == 0:
        return row
    metric = yardstick.metric
    points = points_of(index, run)
    if all(metric not in point.metrics for point in points):
        return replace(row, reason=f"it does not report {metric}")
    if question.scope == "best":
        return replace(row, reason=f"{metric} is never a finite number")
    return replace(row, reason=f"{metric} is no finite number at its last epoch")
