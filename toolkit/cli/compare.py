"""`toolkit compare`: the leaderboard across searches."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from toolkit.errors import NotFoundError
from toolkit.leaderboard.across import Standing, standings
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.files import write_whole
from toolkit.leaderboard.ranking import Table, rank
from toolkit.leaderboard.sources import Asked, gather, merged
from toolkit.runs import Project

_WIDTH_OF_A_PIPE = 100
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(name="compare")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...")
@click.option("--metric", help="Rank by this metric instead of each search's own.")
@click.option("--mode", type=click.Choice(["min", "max"]), help="Direction of the metric.")
@click.option("--top", type=click.IntRange(min=1), help="Show so many runs, and every baseline below them.")
@click.option("--all", "every", is_flag=True, help="Older searches of an experiment too.")
@click.option("--json", "style", flag_value="json", help="Print a JSON list with one object a run.")
@click.option("--csv", "style", flag_value="csv", help="Print CSV with full precision.")
@click.option("--md", "style", flag_value="md", help="Print Markdown.")
@click.option("--runs", type=_FOLDER, help="Folder of the journals.")
@click.option("--from-results", type=_FOLDER, help="Rank this folder of results, not the journals.")
@click.option("--project", "projects", type=_FOLDER, multiple=True, help="Another project's journals too.")
@click.option("--wandb", multiple=True, metavar="PATH", help="Runs of W&B too: a folder, or ENTITY/PROJECT.")
@click.option("--rev", "revisions", multiple=True, metavar="REV", help="Results of another commit too.")
@click.option("--no-journals", is_flag=True, help="Leave this project's journals out.")
@click.option("--force", is_flag=True, help="Rank together what is not measured on the same data.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write CSV to a file as well.")
def command(
    searches: tuple[str, ...],
    metric: str | None,
    mode: str | None,
    top: int | None,
    every: bool,
    style: str | None,
    runs: Path | None,
    from_results: Path | None,
    projects: tuple[Path, ...],
    wandb: tuple[str, ...],
    revisions: tuple[str, ...],
    no_journals: bool,
    force: bool,
    write: Path | None,
) -> None:
    """Rank the runs of all searches, or of the named ones, each by its best epoch.

    SEARCH is an experiment's name (its newest search), NAME@ID-PREFIX, or a folder.

    \b
    Example:
      toolkit compare german-business-names base --top 10
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
    together = merged(gather(Project.here().with_folders(runs, None), asked))
    for remark in together.remarks:
        _talk(remark)
    tables = together.named(rank(together.searches, metric, mode, force=force))
    if not any(table.rows for table in tables):
        raise NotFoundError("nothing to compare: no trial has begun yet")
    if write is not None:
        write_whole(write, to_csv(tables))
        click.echo(f"wrote {write}", err=True)
    _print([table if top is None else table.top(top) for table in tables], style, standings(tables))


def _talk(line: str) -> None:
    click.echo(line, err=True)


def _print(tables: Sequence[Table], style: str | None, across: Sequence[Standing]) -> None:
    if style == "md":
        click.echo(to_markdown(tables, across), nl=False)
        return
    if style is not None:
        click.echo({"json": to_json, "csv": to_csv}[style](tables), nl=False)
        return
    width = shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns
    print_tables(tables, Console(width=width, highlight=False), across)
