"""From a question to a view of its answer in the terminal."""

import sys
from dataclasses import replace

from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.terminal.recorded import Recorded
from toolkit.leaderboard.wording import UNRANKED_FOR_PEOPLE
from toolkit.runs import Project


def open_terminal(project: Project, asked: Asked, question: Question) -> None:
    """Show the leaderboard of this project's journals until the user quits.

    Raises:
        ConfigurationError: there is no terminal, or another source than the journals is asked.
        NotFoundError: there is nothing to compare.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigurationError("--tui needs a terminal: in a pipe use --json, --csv or --md")
    if not asked.only_journals:
        raise ConfigurationError("--tui shows this project's journals only: leave the other sources out")
    question = replace(question, unranked=UNRANKED_FOR_PEOPLE if question.top is None else 0)
    # Once with all that it has to say: no line may come between when the view has the screen.
    tables = Recorded(project, asked).ask(question)
    if not any(table.counts for table in tables):
        nothing = "nothing to compare: no trial has begun yet"
        raise NotFoundError(
            nothing if question.where is None else f"no run matches --where {question.where!r}"
        )
    from toolkit.leaderboard.terminal.app import LeaderboardApp

    LeaderboardApp(Recorded(project, replace(asked, talk=_say_nothing)), question, tables).run()


def _say_nothing(line: str) -> None:
    """In place of what talks."""
