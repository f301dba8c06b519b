"""What `toolkit compare` found, on the screen and in files.

Each format is imported where it is asked for: that command is called all day.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.errors import JournalError
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.window import Window
from toolkit.runs import Project, Search, has_begun, load_search

if TYPE_CHECKING:
    from toolkit.leaderboard.grouping import GroupedTable

_WIDTH_OF_A_PIPE = 100


def write_csv(path: Path, tables: Sequence[Table]) -> None:
    """All rows as CSV."""
    from toolkit.leaderboard.as_csv import to_csv
    from toolkit.leaderboard.files import write_whole

    write_whole(path, to_csv(tables))
    click.echo(f"wrote {path}", err=True)


def write_html(path: Path, tables: Sequence[Table], searches: Sequence[Search]) -> None:
    """The report for browsers; searches that come from results are looked up in the journals too."""
    from toolkit.leaderboard.report import report_runs, sampled_scales, write_report

    known = [*searches, *_journals_of(searches)]
    names = list(dict.fromkeys(search.experiment for search in searches))
    title = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    write_report(path, tables, report_runs(known), title=title, scales=sampled_scales(known))
    click.echo(f"wrote {path}", err=True)


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


def print_compared(tables: Sequence[Table], style: str | None, *, tell_more: bool) -> None:
    """Print the tables in a style: json, csv, md, latex, or none for people.

    Args:
        tell_more: say of a table that was cut off how many runs are not shown.
    """
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

        print_tables(tables, _window(), across(tables), tell_more=tell_more)


def print_groups(groups: "Sequence[GroupedTable]", style: str | None) -> None:
    """Print groups of runs, in a style as above."""
    from toolkit.leaderboard import as_groups

    if style == "json":
        click.echo(as_groups.groups_to_json(groups), nl=False)
    elif style == "csv":
        click.echo(as_groups.groups_to_csv(groups), nl=False)
    elif style == "latex":
        click.echo(as_groups.groups_to_latex(groups), nl=False)
    elif style == "md":
        click.echo(as_groups.groups_to_markdown(groups), nl=False)
    else:
        as_groups.print_groups(groups, _window())


def _window() -> Window:
    return Window.of_stdout(shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns)
