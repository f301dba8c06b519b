"""`toolkit compare`: the leaderboard across searches."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from toolkit.errors import JournalError, NotFoundError
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.files import write_whole
from toolkit.leaderboard.ranking import Table, rank
from toolkit.leaderboard.results import find_results
from toolkit.runs import Project, Search, find_searches, has_begun, load_search
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
@click.option("--runs", type=_FOLDER, help="Folder of the journals.")
@click.option("--from-results", type=_FOLDER, help="Rank this folder of results, not the journals.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write CSV to a file as well.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a report for browsers.")
def command(
    searches: tuple[str, ...],
    metric: str | None,
    mode: str | None,
    top: int | None,
    every: bool,
    style: str | None,
    runs: Path | None,
    from_results: Path | None,
    write: Path | None,
    html: Path | None,
) -> None:
    """Rank the runs of all searches, or of the named ones, each by its best epoch.

    SEARCH is an experiment's name (its newest search), NAME@ID-PREFIX, or a folder.

    \b
    Example:
      toolkit compare german-business-names base --top 10
    """
    if from_results is not None and (every or runs is not None):
        raise click.UsageError("--from-results reads no journals: --all and --runs say nothing to it")
    found = (
        _from_journals(searches, runs, every, metric, mode)
        if from_results is None
        else _named(searches, from_results)
    )
    tables = rank(found, metric, mode)
    if not any(table.rows for table in tables):
        raise NotFoundError("nothing to compare: no trial has begun yet")
    if write is not None:
        write_whole(write, to_csv(tables))
        click.echo(f"wrote {write}", err=True)
    if html is not None:
        _write_html(html, tables, found)
        click.echo(f"wrote {html}", err=True)
    _print([table if top is None else table.top(top) for table in tables], style)


def _from_journals(
    addresses: Sequence[str], runs: Path | None, every: bool, metric: str | None, mode: str | None
) -> list[Search]:
    project = Project.here().with_folders(runs, None)
    addresses = with_ray_folders(project, addresses, metric, mode, at_first=True)
    found = find_searches(
        project, addresses, every=every, unreadable=lambda error: click.echo(f"Warning: {error}", err=True)
    )
    if not found:
        raise NotFoundError(
            f"nothing to compare: no search below {project.runs}; `toolkit tune EXPERIMENT.yaml` runs one"
        )
    return found


def _named(experiments: Sequence[str], results: Path) -> list[Search]:
    """The searches of these experiments whose results lie in the folder; all of them when none is named."""
    found = find_results(results)
    known = {search.experiment for search in found}
    for experiment in experiments:
        if experiment not in known:
            listed = ", ".join(sorted(known))
            raise NotFoundError(f"no results of {experiment!r} in {results}; there are: {listed}")
    return [search for search in found if not experiments or search.experiment in experiments]


def _write_html(path: Path, tables: Sequence[Table], searches: Sequence[Search]) -> None:
    # Here, so that no other call waits for it.
    from toolkit.leaderboard.report import report_runs, sampled_scales, write_report

    known = [*searches, *_journals_of(searches)]
    names = list(dict.fromkeys(search.experiment for search in searches))
    title = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    write_report(path, tables, report_runs(known), title=title, scales=sampled_scales(known))


def _journals_of(searches: Sequence[Search]) -> list[Search]:
    """What the journals say of searches that come from results, which hold no times, where there are any."""
    project = Project.here()
    found = []
    for folder in (project.search(search.experiment, search.id) for search in searches if not search.started):
        try:
            if has_begun(folder):
                found.append(load_search(folder))
        except JournalError as error:
            click.echo(f"Warning: {error}", err=True)
    return found


def _print(tables: Sequence[Table], style: str | None) -> None:
    texts = {"json": to_json, "csv": to_csv, "md": to_markdown}
    if style is not None:
        click.echo(texts[style](tables), nl=False)
        return
    width = shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns
    print_tables(tables, Console(width=width, highlight=False))
