"""`toolkit compare`: the leaderboard across searches."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import click

from toolkit.errors import NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.board import open_board
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.wording import UNRANKED_FOR_PEOPLE
from toolkit.runs import Project

_WIDTH_OF_A_PIPE = 100
_ROWS_FOR_PEOPLE = 100
_FOLDER = click.Path(path_type=Path, file_okay=False)
_COUNT = click.IntRange(min=1)


@click.command(name="compare")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...")
@click.option("--metric", help="Rank by this metric instead of each search's own.")
@click.option("--mode", type=click.Choice(["min", "max"]), help="Direction of the metric.")
@click.option("--scope", type=click.Choice(["best", "last"]), default="best", help="Which epoch counts.")
@click.option("--top", type=_COUNT, help="Show so many runs, and every baseline below them.")
@click.option(
    "--where", metavar="CONDITION", help="Only runs like this: \"lr < 0.01 and status != 'FAILED'\"."
)
@click.option("--sort", multiple=True, metavar="NAME", help="Order by a column; -NAME has the highest first.")
@click.option("--limit", type=click.IntRange(min=0), help="Print so many runs of each table; 0 prints all.")
@click.option("--all", "every", is_flag=True, help="Older searches of an experiment too.")
@click.option("--force", is_flag=True, help="Rank together what is not measured on the same data.")
@click.option("--json", "style", flag_value="json", help="Print a JSON list with one object a run.")
@click.option("--csv", "style", flag_value="csv", help="Print CSV with full precision.")
@click.option("--md", "style", flag_value="md", help="Print Markdown.")
@click.option("--runs", type=_FOLDER, help="Folder of the journals.")
@click.option("--from-results", type=_FOLDER, help="Rank this folder of results, not the journals.")
@click.option("--project", "projects", type=_FOLDER, multiple=True, help="Another project's journals too.")
@click.option("--wandb", multiple=True, metavar="PATH", help="Runs of W&B too: a folder, or ENTITY/PROJECT.")
@click.option("--rev", "revisions", multiple=True, metavar="REV", help="Results of another commit too.")
@click.option("--no-journals", is_flag=True, help="Leave this project's journals out.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write CSV to a file as well.")
def command(
    searches: tuple[str, ...],
    metric: str | None,
    mode: str | None,
    scope: Literal["best", "last"],
    top: int | None,
    where: str | None,
    sort: tuple[str, ...],
    limit: int | None,
    every: bool,
    force: bool,
    style: str | None,
    runs: Path | None,
    from_results: Path | None,
    projects: tuple[Path, ...],
    wandb: tuple[str, ...],
    revisions: tuple[str, ...],
    no_journals: bool,
    write: Path | None,
) -> None:
    """Rank the runs of all searches, or of the named ones, each by its best epoch.

    SEARCH is an experiment's name (its newest search), NAME@ID-PREFIX, or a folder.

    \b
    Example:
      toolkit compare german-business-names base --top 10
      toolkit compare --where "optimizer.lr < 0.005 and pooler.type == 'lstm'" --sort -validation_accuracy
    """
    if from_results is not None and (every or runs is not None or no_journals):
        raise click.UsageError(
            "--from-results reads no journals: --all, --runs, --no-journals say nothing to it"
        )
    if no_journals and not (projects or wandb or revisions):
        raise click.UsageError("--no-journals leaves nothing to rank: name another source")
    asked = Asked(
        addresses=searches,
        every=every,
        metric=metric,
        mode=mode,
        journals=not no_journals,
        results=from_results,
        projects=projects,
        wandb=wandb,
        revisions=revisions,
        talk=_talk,
    )
    everything = Question(metric, mode, scope, where, sort, force=force)
    with open_board(Project.here().with_folders(runs, None), asked) as board:
        limit = _ROWS_FOR_PEOPLE if limit is None and style is None else limit or None
        tables = board(replace(everything, top=top, limit=limit, unranked=_unranked(top, style)))
        if not any(table.counts for table in tables):
            raise NotFoundError(_nothing(where))
        if write is not None:
            _write(write, board(everything))
    _print(tables, style, is_cut=top is None)


def _unranked(top: int | None, style: str | None) -> int | None:
    """How many runs without a rank are shown: none beside the first ones, all of them to programs."""
    if top is not None:
        return 0
    return UNRANKED_FOR_PEOPLE if style in (None, "md") else None


def _nothing(where: str | None) -> str:
    if where is None:
        return "nothing to compare: no trial has begun yet"
    return f"no run matches --where {where!r}"


def _talk(line: str) -> None:
    click.echo(line, err=True)


def _write(path: Path, tables: Sequence[Table]) -> None:
    from toolkit.leaderboard.as_csv import to_csv
    from toolkit.leaderboard.files import write_whole

    write_whole(path, to_csv(tables))
    click.echo(f"wrote {path}", err=True)


def _print(tables: Sequence[Table], style: str | None, *, is_cut: bool) -> None:
    """Each format is imported where it is asked for: this command is called all day."""
    if style == "json":
        from toolkit.leaderboard.as_json import to_json

        click.echo(to_json(tables), nl=False)
    elif style == "csv":
        from toolkit.leaderboard.as_csv import to_csv

        click.echo(to_csv(tables), nl=False)
    elif style == "md":
        from toolkit.leaderboard.across import across
        from toolkit.leaderboard.as_markdown import to_markdown

        click.echo(to_markdown(tables, across(tables)), nl=False)
    else:
        from rich.console import Console

        from toolkit.leaderboard.across import across
        from toolkit.leaderboard.as_table import print_tables

        width = shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns
        print_tables(tables, Console(width=width, highlight=False), across(tables), tell_more=is_cut)
