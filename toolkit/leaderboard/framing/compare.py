"""`toolkit.compare`: the leaderboard as a DataFrame, asked as on the command line."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.board import open_board
from toolkit.leaderboard.framing.frame import LeaderboardFrame, frame_of
from toolkit.leaderboard.question import Question
from toolkit.runs import Project

Names = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def compare(
    *searches: str | os.PathLike[str],
    metric: str | None = None,
    mode: Literal["min", "max"] | None = None,
    scope: Literal["best", "last"] = "best",
    top: int | None = None,
    where: str | None = None,
    sort: str | Sequence[str] = (),
    limit: int | None = None,
    every: bool = False,
    force: bool = False,
    runs: str | os.PathLike[str] | None = None,
    wandb: Names = (),
    mlflow: Names = (),
    revisions: Names = (),
    projects: Names = (),
    journals: bool = True,
) -> LeaderboardFrame:
    """Rank the runs of all searches, or of the named ones, each by its best epoch.

    The rows, their order and the columns are those of `toolkit compare --csv`. What is left out (a journal
    that cannot be read, say) is told on stderr.

    Args:
        searches: experiments' names (the newest search of each), `NAME@ID-PREFIX`, or folders.
        metric, mode: rank by this metric instead of each search's own; `mode` where its name does not tell.
        scope: each run by its best epoch, or by its last one.
        top: the first so many runs, at least 1, and every baseline below them.
        where: only runs of which this condition is true; ranks are among those.
        sort: columns to order by instead of the rank, `-` in front for the highest first.
        limit: so many runs of each table, those with a rank first; None and 0 mean all.
        every: older searches of an experiment too.
        force: rank together what is not measured on the same data.
        runs: folder of the journals; by default that of the project around the working directory.
        wandb, mlflow, revisions, projects: other sources, one or several of each kind; MLflow stores that
            are asked without anything else are ranked alone.
        journals: whether this project's own journals are asked.

    Raises:
        NotFoundError: there is nothing to compare, or something by that name is not there.
        ConfigurationError: an argument says what cannot be.
        JournalError, SearchError, TrackerError: a source that was named cannot be read.
    """
    _check(mode, scope, top, limit)
    asked = Asked(
        addresses=[os.fspath(search) for search in searches],
        every=every,
        metric=metric,
        mode=mode,
        journals=journals,
        projects=[Path(name) for name in _each(projects)],
        wandb=_each(wandb),
        mlflow=_each(mlflow),
        revisions=_each(revisions),
        talk=_talk,
    )
    if not journals and not (asked.projects or asked.wandb or asked.mlflow or asked.revisions):
        raise ConfigurationError("journals=False leaves nothing to rank: name another source")
    question = Question(
        metric,
        mode,
        scope,
        where,
        _each(sort),
        top=top,
        limit=limit or None,
        unranked=limit or None if top is None else 0,
        force=force,
    )
    project = Project.here().with_folders(None if runs is None else Path(runs), None)
    with open_board(project, asked) as board:
        tables = [table.first(question.limit) for table in board.ask(question)]
    if not any(table.counts for table in tables):
        nothing = "nothing to compare: no trial has begun yet"
        raise NotFoundError(nothing if where is None else f"no run matches where={where!r}")
    return frame_of(tables)


def _talk(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _check(mode: str | None, scope: str, top: int | None, limit: int | None) -> None:
    if mode not in (None, "min", "max"):
        raise ConfigurationError(f"mode must be 'min' or 'max', not {mode!r}")
    if scope not in ("best", "last"):
        raise ConfigurationError(f"scope must be 'best' or 'last', not {scope!r}")
    for name, count, lowest in (("top", top, 1), ("limit", limit, 0)):
        if count is not None and count < lowest:
            raise ConfigurationError(f"{name} must be at least {lowest}, not {count}")


def _each(names: Names) -> list[str]:
    """Several names as given; one alone as one, and not letter by letter."""
    if isinstance(names, str | os.PathLike):
        return [os.fspath(names)]
    return [os.fspath(name) for name in names]
