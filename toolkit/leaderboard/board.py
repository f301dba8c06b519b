"""What answers questions: the journals' index alone, or several sources put together."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from toolkit.errors import NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.index import Index, answer, open_index, standings
from toolkit.leaderboard.index.finding import find_indexed
from toolkit.leaderboard.index.opening import FAILURES, instead_of
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.runs import Project

Board = Callable[[Question], list[Table]]
"""Leaderboards over what was asked for; see `standings` for what it raises."""


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
    from toolkit.leaderboard.sources import gather, merged  # other sources cost imports

    together = merged(gather(project, asked))
    for remark in together.remarks:
        asked.talk(remark)
    yield lambda question: together.named(answer(together.searches, question))


@contextmanager
def _indexed(project: Project, asked: Asked) -> Iterator[Board]:
    """Over the index beside the journals; over one in memory where that one fails on the way."""
    with ExitStack() as opened:
        index = opened.enter_context(closing(open_index(project.runs)))

        def again(error: sqlite3.Error | UnicodeDecodeError) -> Board:
            return _over(opened.enter_context(closing(instead_of(index, error))), project, asked)

        def ask(question: Question) -> list[Table]:
            try:
                return board(question)
            except FAILURES as error:
                return again(error)(question)

        try:
            board = _over(index, project, asked)
        except FAILURES as error:
            board = again(error)
        yield ask


def _over(index: Index, project: Project, asked: Asked) -> Board:
    found = find_indexed(
        index,
        project,
        _with_ray_folders(project, asked),
        every=asked.every,
        unreadable=lambda error: asked.talk(f"Warning: {error}"),
    )
    if not found:
        raise NotFoundError(
            f"nothing to compare: no search below {project.runs}; `toolkit tune EXPERIMENT.yaml` runs one"
        )
    return partial(standings, index, found)


def _with_ray_folders(project: Project, asked: Asked) -> list[str]:
    if not asked.addresses:
        return []
    from toolkit.runs.ray_journal import with_ray_folders  # only what names a folder needs it

    return with_ray_folders(project, asked.addresses, asked.metric, asked.mode, at_first=True)
