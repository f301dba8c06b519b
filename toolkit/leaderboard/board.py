"""What answers questions: the journals' index alone, or several sources put together."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from toolkit.errors import NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.index import Index, answer, in_groups, open_index, standings
from toolkit.leaderboard.index.finding import find_indexed
from toolkit.leaderboard.index.opening import FAILURES, instead_of
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.runs import Project, Search, load_search

if TYPE_CHECKING:
    from toolkit.leaderboard.grouping import GroupedTable


@dataclass(frozen=True)
class Board:
    """Leaderboards over what was asked for.

    Attributes:
        ask: answers a question; see `standings` for what it raises.
        group: the same in groups of runs that agree in these columns; see `in_groups`.
        searches: the searches with all their points, for whoever needs more than the best epochs.
    """

    ask: Callable[[Question], list[Table]]
    group: "Callable[[Question, Sequence[str]], list[GroupedTable]]"
    searches: Callable[[], Sequence[Search]]


@contextmanager
def open_board(project: Project, asked: Asked) -> Iterator[Board]:
    """The leaderboards over the searches that were asked for.

    Raises:
        NotFoundError: a source or an address names nothing, or there is nothing at all.
        ConfigurationError, JournalError, SearchError, TrackerError: a source cannot be read; as it says.
    """
    if asked.only_journals:
        with _indexed(project, asked) as board:
            yield board
        return
    if asked.only_stores:
        asked = replace(asked, journals=False)
        if len(asked.mlflow) == 1:
            yield _of_one_store(project, asked)
            return
    yield _together(project, asked)


def _of_one_store(project: Project, asked: Asked) -> Board:
    """A store alone: of a large one only the first runs are read, where no more is asked."""
    whole = cache(partial(_together, project, asked))

    def ask(question: Question) -> list[Table]:
        if question.only_first and question.first is not None:
            from toolkit.leaderboard.sources.mlflow import opened

            source = opened(asked.mlflow[0], project, asked)
            return source.top(question.first, question.metric, question.mode)
        return whole().ask(question)

    return Board(
        ask, lambda question, names: whole().group(question, names), searches=lambda: whole().searches()
    )


def _together(project: Project, asked: Asked) -> Board:
    from toolkit.leaderboard.sources import gather, merged  # other sources cost imports

    together = merged(gather(project, asked))
    for remark in together.remarks:
        asked.talk(remark)

    def ask(question: Question) -> list[Table]:
        return together.named(answer(together.searches, question))

    def group(question: Question, names: Sequence[str]) -> "list[GroupedTable]":
        from toolkit.leaderboard.grouping import group_tables

        first, unranked = question.first, None if question.top is None else 0
        plain = replace(question, columns=names, top=None, limit=first, unranked=unranked)
        return group_tables(ask(plain), names)

    return Board(ask, group, searches=lambda: together.searches)


@contextmanager
def _indexed(project: Project, asked: Asked) -> Iterator[Board]:
    """Over the index beside the journals; over one in memory where that one fails on the way."""
    with ExitStack() as opened:
        index = opened.enter_context(closing(open_index(project.runs)))

        def again(error: sqlite3.Error | UnicodeDecodeError) -> Board:
            return _over(opened.enter_context(closing(instead_of(index, error))), project, asked)

        def ask(question: Question) -> list[Table]:
            try:
                return board.ask(question)
            except FAILURES as error:
                return again(error).ask(question)

        def group(question: Question, names: Sequence[str]) -> "list[GroupedTable]":
            try:
                return board.group(question, names)
            except FAILURES as error:
                return again(error).group(question, names)

        try:
            board = _over(index, project, asked)
        except FAILURES as error:
            board = again(error)
        yield Board(ask, group, board.searches)


def _over(index: Index, project: Project, asked: Asked) -> Board:
    found = find_indexed(
        index,
        project,
        _with_ray_folders(project, asked),
        every=asked.every,
        unreadable=lambda error: asked.talk(f"Warning: {error}"),
    )
    if not asked.addresses:
        found = [search for search in found if not search.fresh_seeds]
    if not found:
        raise NotFoundError(
            f"nothing to compare: no search below {project.runs}; `toolkit tune EXPERIMENT.yaml` runs one"
        )
    return Board(
        ask=partial(standings, index, found),
        group=partial(in_groups, index, found),
        searches=lambda: [load_search(project.runs / search.place) for search in found],
    )


def _with_ray_folders(project: Project, asked: Asked) -> list[str]:
    if not asked.addresses:
        return []
    from toolkit.runs.ray_journal import with_ray_folders  # only what names a folder needs it

    return with_ray_folders(project, asked.addresses, asked.metric, asked.mode, at_first=True)
