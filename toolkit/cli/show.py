"""`toolkit show`: everything about one run, or about one search."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli import completing
from toolkit.runs import Project

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_OF_A_PIPE = 100


@click.command(name="show")
@click.argument("address", metavar="RUN", shell_complete=completing.runs)
@click.option("--config", is_flag=True, help="Show the whole configuration too.")
@click.option("--error", is_flag=True, help="Show the whole traceback of a failed run.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON on stdout.")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
def command(address: str, config: bool, error: bool, as_json: bool, runs: Path | None) -> None:
    """Show everything about one run: epochs, hyperparameters, data, code, files, trackers.

    RUN is a run id, a unique beginning of one, or EXPERIMENT/TRIAL; or a search: an experiment's name (its
    newest search), NAME@ID-PREFIX, or a folder.

    \b
    Example:
      toolkit show german-business-names/17
      toolkit show german-business-names
    """
    # Imported here, as in `terminal`: a shell that completes this command waits for it.
    from toolkit.leaderboard.index import rank
    from toolkit.leaderboard.showing.about import about_run, mirrors_of
    from toolkit.leaderboard.showing.as_json import run_to_json, search_to_json
    from toolkit.leaderboard.showing.run_in_words import print_run
    from toolkit.leaderboard.showing.search_in_words import print_search
    from toolkit.runs.find_either import find_either

    project = Project.here().with_folders(runs, None)
    search, run = find_either(project, address)
    if run is not None:
        about = about_run(search, run)
        if as_json:
            click.echo(run_to_json(about), nl=False)
        else:
            print_run(about, terminal(), config=config, error=error)
        return
    tables, mirrors = rank([search]), mirrors_of(search)
    if as_json:
        click.echo(search_to_json(search, tables, mirrors), nl=False)
    else:
        print_search(search, tables, mirrors, terminal(), config=config)


def terminal() -> "Console":
    """The terminal as wide as it is, or a pipe of a hundred characters."""
    from rich.console import Console

    return Console(width=shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns, highlight=False)
