"""`toolkit compare`: the leaderboard across searches."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

import click

from toolkit.cli import completing
from toolkit.errors import NotFoundError
from toolkit.runs import Project

_ROWS_FOR_PEOPLE = 100
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FOR_PROGRAMS = ("json", "csv")
_MOST = 2**63 - 1
_COUNT = click.IntRange(1, _MOST)
_COUNT_OR_ALL = click.IntRange(0, _MOST)


@click.command(name="compare")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...", shell_complete=completing.searches)
@click.option(
    "--metric", help="Rank by this metric instead of each search's own.", shell_complete=completing.metric
)
@click.option("--mode", type=click.Choice(["min", "max"]), help="Direction of the metric.")
@click.option("--scope", type=click.Choice(["best", "last"]), default="best", help="Which epoch counts.")
@click.option("--top", type=_COUNT, help="Show so many runs, and every baseline below them.")
@click.option(
    "--where",
    metavar="CONDITION",
    help="Only runs like this: \"lr < 0.01 and status != 'FAILED'\".",
    shell_complete=completing.condition,
)
@click.option(
    "--group-by",
    metavar="NAME,...",
    help="Average the runs that agree in these columns.",
    shell_complete=completing.groups,
)
@click.option(
    "--sort",
    multiple=True,
    metavar="NAME",
    help="Order by a column; -NAME has the highest first.",
    shell_complete=completing.order,
)
@click.option("--limit", type=_COUNT_OR_ALL, help="Print so many runs of each table; 0 prints all.")
@click.option("--all", "every", is_flag=True, help="Older searches of an experiment too.")
@click.option("--force", is_flag=True, help="Rank together what is not measured on the same data.")
@click.option("--json", "style", flag_value="json", help="Print a JSON list with one object a run.")
@click.option("--csv", "style", flag_value="csv", help="Print CSV with full precision.")
@click.option("--md", "style", flag_value="md", help="Print Markdown.")
@click.option("--latex", "style", flag_value="latex", help="Print LaTeX tables for booktabs.")
@click.option(
    "--columns",
    help="Show exactly these columns, separated by commas.",
    shell_complete=completing.columns,
)
@click.option(
    "--drop", help="Show all but these columns, separated by commas.", shell_complete=completing.columns
)
@click.option("--only-changed", is_flag=True, help="Leave out columns in which all shown runs agree.")
@click.option("--runs", type=_FOLDER, help="Folder of the journals.")
@click.option("--from-results", type=_FOLDER, help="Rank this folder of results, not the journals.")
@click.option("--project", "projects", type=_FOLDER, multiple=True, help="Another project's journals too.")
@click.option(
    "--wandb",
    multiple=True,
    metavar="PATH",
    help="Runs of W&B too: a folder, or ENTITY/PROJECT.",
    shell_complete=completing.folder,
)
@click.option(
    "--mlflow",
    multiple=True,
    metavar="URI",
    help="Runs of an MLflow store; alone, only those.",
    shell_complete=completing.folder,
)
@click.option("--rev", "revisions", multiple=True, metavar="REV", help="Results of another commit too.")
@click.option("--no-journals", is_flag=True, help="Leave this project's journals out.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write CSV to a file as well.")
@click.option("--tui", is_flag=True, help="Walk through the leaderboard in this terminal.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a report for browsers.")
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
    mlflow: tuple[str, ...],
    revisions: tuple[str, ...],
    no_journals: bool,
    write: Path | None,
    tui: bool,
    html: Path | None,
) -> None:
    """Rank the runs of all searches, or of the named ones, each by its best epoch.

    SEARCH is an experiment's name (its newest search), NAME@ID-PREFIX, or a folder.

    \b
    Example:
      toolkit compare german-business-names base --top 10
      toolkit compare --where "optimizer.lr < 0.005 and pooler.type == 'lstm'" --sort -validation_accuracy
    """
    # Imported here, as below: a shell that completes this command waits for it.
    from toolkit.cli.compared import print_compared, print_groups, write_csv, write_html
    from toolkit.leaderboard.asked import Asked
    from toolkit.leaderboard.board import open_board
    from toolkit.leaderboard.choosing import choose, split_names
    from toolkit.leaderboard.question import Question

    if from_results is not None and (every or runs is not None or no_journals):
        raise click.UsageError(
            "--from-results reads no journals: --all, --runs, --no-journals say nothing to it"
        )
    if group_by is not None and (columns or drop or only_changed or sort or limit is not None):
        raise click.UsageError(
            "--group-by shows groups: --columns, --drop, --only-changed, --sort, --limit say nothing to it"
        )
    if no_journals and not (projects or wandb or mlflow or revisions):
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
        mlflow=mlflow,
        revisions=revisions,
        talk=_talk,
        progress=_progress,
    )
    everything = Question(metric, mode, scope, where, sort, force=force)
    if tui:
        from toolkit.leaderboard.terminal.opening import open_terminal  # textual costs imports

        if style or group_by or columns or drop or only_changed or write or html:
            raise click.UsageError("--tui prints and writes nothing: leave out what says how, and where to")
        limit = _ROWS_FOR_PEOPLE if limit is None else limit or None
        question = replace(everything, top=top, limit=limit)
        open_terminal(Project.here().with_folders(runs, None), asked, question)
        return
    with open_board(Project.here().with_folders(runs, None), asked) as board:
        if group_by is not None:
            groups = board.group(replace(everything, top=top), split_names(group_by) or [])
            tables = [group.table for group in groups]
        else:
            limit = _ROWS_FOR_PEOPLE if limit is None and style is None else limit or None
            shown = replace(everything, columns=split_names(columns) or ())
            tables = board.ask(replace(shown, top=top, limit=limit, unranked=_unranked(top, style, limit)))
            if style in _FOR_PROGRAMS:  # with and without a rank, so many in all
                tables = [table.first(limit) for table in tables]
        if not any(table.counts for table in tables):
            raise NotFoundError(_nothing(where))
        if group_by is None:
            tables = choose(tables, split_names(columns), split_names(drop) or (), only_changed)
        if write is not None:
            write_csv(write, board.ask(everything))
        if html is not None:
            write_html(html, board.ask(everything), board.searches())
    if group_by is not None:
        print_groups(groups, style)
    else:
        print_compared(tables, style, tell_more=top is None)


def _unranked(top: int | None, style: str | None, limit: int | None) -> int | None:
    """How many runs without a rank are shown: none beside the first ones, to programs as many as they ask."""
    from toolkit.leaderboard.wording import UNRANKED_FOR_PEOPLE

    if top is not None:
        return 0
    return limit if style in _FOR_PROGRAMS else UNRANKED_FOR_PEOPLE


def _nothing(where: str | None) -> str:
    if where is None:
        return "nothing to compare: no trial has begun yet"
    return f"no run matches --where {where!r}"


def _talk(line: str) -> None:
    click.echo(line, err=True)


def _progress(line: str) -> None:
    """Show a line on a terminal in place of the one before."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{line}", err=True, nl=False)
