"""`toolkit compare`: the leaderboard across searches."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from toolkit.errors import JournalError, NotFoundError
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.as_latex import to_latex
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.choosing import choose, split_names
from toolkit.leaderboard.files import write_whole
from toolkit.leaderboard.index import answer, open_index, standings
from toolkit.leaderboard.index.finding import find_indexed
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.results import find_results
from toolkit.runs import Project, Search
from toolkit.runs.ray_journal import with_ray_folders

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
@click.option("--latex", "style", flag_value="latex", help="Print LaTeX tables for booktabs.")
@click.option("--columns", help="Show exactly these columns, separated by commas.")
@click.option("--drop", help="Show all but these columns, separated by commas.")
@click.option("--only-changed", is_flag=True, help="Leave out columns in which all shown runs agree.")
@click.option("--runs", type=_FOLDER, help="Folder of the journals.")
@click.option("--from-results", type=_FOLDER, help="Rank this folder of results, not the journals.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write CSV to a file as well.")
def command(
    searches: tuple[str, ...],
    metric: str | None,
    mode: str | None,
    top: int | None,
    every: bool,
    style: str | None,
    columns: str | None,
    drop: str | None,
    only_changed: bool,
    runs: Path | None,
    from_results: Path | None,
    write: Path | None,
) -> None:
    """Rank the runs of all searches, or of the named ones, each by its best epoch.

    SEARCH is an experiment's name (its newest search), NAME@ID-PREFIX, or a folder.

    \b
    Example:
      toolkit compare german-business-names base --top 10
    """
    if from_results is not None and (every or runs is not None):
        raise click.UsageError("--from-results reads no journals: --all and --runs say nothing to it")
    question = Question(metric, mode, top=top, unranked=None if top is None else 0)
    with _source(searches, runs, every, from_results, question) as ask:
        tables = ask(question)
        if not any(table.counts for table in tables):
            raise NotFoundError("nothing to compare: no trial has begun yet")
        if write is not None:
            write_whole(write, to_csv(ask(replace(question, top=None, unranked=None))))
            click.echo(f"wrote {write}", err=True)
    _print(choose(tables, split_names(columns), split_names(drop) or (), only_changed), style)


@contextmanager
def _source(
    addresses: Sequence[str], runs: Path | None, every: bool, results: Path | None, question: Question
) -> Iterator[Callable[[Question], list[Table]]]:
    """What answers questions: the index of the journals, or the files of `results/`."""
    if results is not None:
        yield partial(answer, _named(addresses, results))
        return
    project = Project.here().with_folders(runs, None)
    addresses = with_ray_folders(project, addresses, question.metric, question.mode, at_first=True)
    index = open_index(project.runs)
    try:
        found = find_indexed(index, project, addresses, every=every, unreadable=_warn)
        if not found:
            raise NotFoundError(
                f"nothing to compare: no search below {project.runs}; `toolkit tune EXPERIMENT.yaml` runs one"
            )
        yield partial(standings, index, found)
    finally:
        index.close()


def _warn(error: JournalError) -> None:
    click.echo(f"Warning: {error}", err=True)


def _named(experiments: Sequence[str], results: Path) -> list[Search]:
    """The searches of these experiments whose results lie in the folder; all of them when none is named."""
    found = find_results(results)
    known = {search.experiment for search in found}
    for experiment in experiments:
        if experiment not in known:
            listed = ", ".join(sorted(known))
            raise NotFoundError(f"no results of {experiment!r} in {results}; there are: {listed}")
    return [search for search in found if not experiments or search.experiment in experiments]


def _print(tables: Sequence[Table], style: str | None) -> None:
    texts = {"json": to_json, "csv": to_csv, "md": to_markdown, "latex": to_latex}
    if style is not None:
        click.echo(texts[style](tables), nl=False)
        return
    width = shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns
    print_tables(tables, Console(width=width, highlight=False))
