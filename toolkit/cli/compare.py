"""`toolkit compare`: the leaderboard across searches."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from toolkit.errors import NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.board import open_board
from toolkit.leaderboard.choosing import choose, split_names
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.wording import UNRANKED_FOR_PEOPLE
from toolkit.runs import Project

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_OF_A_PIPE = 100
_ROWS_FOR_PEOPLE = 100
_FOLDER = click.Path(path_type=Path, file_okay=False)
_MOST = 2**63 - 1
_COUNT = click.IntRange(1, _MOST)
_COUNT_OR_ALL = click.IntRange(0, _MOST)


@click.command(name="compare")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...")
@click.option("--metric", help="Rank by this metric instead of each search's own.")
@click.option("--mode", type=click.Choice(["min", "max"]), help="Direction of the metric.")
@click.option("--scope", type=click.Choice(["best", "last"]), default="best", help="Which epoch counts.")
@click.option("--top", type=_COUNT, help="Show so many runs, and every baseline below them.")
@click.option(
    "--where", metavar="CONDITION", help="Only runs like this: \"lr < 0.01 and status != 'FAILED'\"."
)
@click.option("--group-by", metavar="NAME,...", help="Average the runs that agree in these columns.")
@click.option("--sort", multiple=True, metavar="NAME", help="Order by a column; -NAME has the highest first.")
@click.option("--limit", type=_COUNT_OR_ALL, help="Print so many runs of each table; 0 prints all.")
@click.option("--all", "every", is_flag=True, help="Older searches of an experiment too.")
@click.option("--force", is_flag=True, help="Rank together what is not measured on the same data.")
@click.option("--json", "style", flag_value="json", help="Print a JSON list with one object a run.")
@click.option("--csv", "style", flag_value="csv", help="Print CSV with full precision.")
@click.option("--md", "style", flag_value="md", help="Print Markdown.")
@click.option("--latex", "style", flag_value="latex", help="Print LaTeX tables for booktabs.")
@click.option("--columns", help="Show exactly these columns, separated by commas.")
@click.option("--drop", help="Show all but these columns, separated by commas.")
@click.option("--only-changed", is_flag=True, help="Leave out columns in which all shown runs agree.")
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
    group_by: str | None,
    sort: tuple[str, ...],
    limit: int | None,
    every: bool,
    force: bool,
    style: str | None,
    columns: str | None,
    drop: str | None,
    only_changed: bool,
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
    if group_by is not None and (columns or drop or only_changed or sort):
        raise click.UsageError(
            "--group-by shows groups: --columns, --drop, --only-changed and --sort say nothing to it"
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
        if group_by is not None:
            tables = board(replace(everything, top=top))
        else:
            limit = _ROWS_FOR_PEOPLE if limit is None and style is None else limit or None
            tables = board(replace(everything, top=top, limit=limit, unranked=_unranked(top, style)))
        if not any(table.counts for table in tables):
            raise NotFoundError(_nothing(where))
        if write is not None:
            _write(write, board(everything))
    if group_by is not None:
        _print_groups(tables, split_names(group_by) or [], style)
    else:
        tables = choose(tables, split_names(columns), split_names(drop) or (), only_changed)
        _print(tables, style, tell_more=top is None)


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


def _print(tables: Sequence[Table], style: str | None, *, tell_more: bool) -> None:
    """Each format is imported where it is asked for: this command is called all day."""
    if style == "json":
        from toolkit.leaderboard.as_json import to_json

        click.echo(to_json(tables), nl=False)
    elif style == "csv":
        from toolkit.leaderboard.as_csv import to_csv

        click.echo(to_csv(tables), nl=False)
    elif style == "latex":
        from toolkit.leaderboard.as_latex import to_latex

        click.echo(to_latex(tables), nl=False)
    elif style == "md":
        from toolkit.leaderboard.across import across
        from toolkit.leaderboard.as_markdown import to_markdown

        click.echo(to_markdown(tables, across(tables)), nl=False)
    else:
        from toolkit.leaderboard.across import across
        from toolkit.leaderboard.as_table import print_tables

        print_tables(tables, _console(), across(tables), tell_more=tell_more)


def _print_groups(tables: Sequence[Table], names: Sequence[str], style: str | None) -> None:
    from toolkit.leaderboard import as_groups
    from toolkit.leaderboard.grouping import group_tables

    groups = group_tables(tables, names)
    if style == "json":
        click.echo(as_groups.groups_to_json(groups), nl=False)
    elif style == "csv":
        click.echo(as_groups.groups_to_csv(groups), nl=False)
    elif style == "latex":
        click.echo(as_groups.groups_to_latex(groups), nl=False)
    elif style == "md":
        click.echo(as_groups.groups_to_markdown(groups), nl=False)
    else:
        as_groups.print_groups(groups, _console())


def _console() -> "Console":
    from rich.console import Console

    width = shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns
    return Console(width=width, highlight=False)
