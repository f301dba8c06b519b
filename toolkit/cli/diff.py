"""`toolkit diff`: what two runs, or two searches, do not have in common."""

from pathlib import Path

import click

from toolkit.cli import completing
from toolkit.cli.show import terminal
from toolkit.errors import NotFoundError
from toolkit.runs import Project


@click.command(name="diff")
@click.argument("a", shell_complete=completing.runs)
@click.argument("b", shell_complete=completing.runs)
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON on stdout.")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
def command(a: str, b: str, as_json: bool, runs: Path | None) -> None:
    """Show what two runs do not have in common: configuration, data, code, metrics, curves.

    A and B are two runs, or two searches, as `toolkit show` takes them. The exit code is 0 whether they
    differ or not.

    \b
    Example:
      toolkit diff german-business-names/0 german-business-names/17
      toolkit diff german-business-names@3fa9 german-business-names
    """
    # Imported here: a shell that completes this command waits for it.
    from toolkit.leaderboard.differing.as_json import runs_to_json, searches_to_json
    from toolkit.leaderboard.differing.of_runs import pair_of_runs
    from toolkit.leaderboard.differing.of_searches import pair_of_searches
    from toolkit.leaderboard.differing.runs_in_words import print_pair_of_runs
    from toolkit.leaderboard.differing.searches_in_words import print_pair_of_searches
    from toolkit.runs.find_either import find_either

    project = Project.here().with_folders(runs, None)
    (search_a, run_a), (search_b, run_b) = find_either(project, a), find_either(project, b)
    if run_a is not None and run_b is not None:
        pair = pair_of_runs((search_a, run_a), (search_b, run_b))
        if as_json:
            click.echo(runs_to_json(pair), nl=False)
        else:
            print_pair_of_runs(pair, terminal())
    elif run_a is None and run_b is None:
        both = pair_of_searches(search_a, search_b)
        if as_json:
            click.echo(searches_to_json(both), nl=False)
        else:
            print_pair_of_searches(both, terminal())
    else:
        run, search = (a, b) if run_b is None else (b, a)
        raise NotFoundError(f"{run!r} is a run and {search!r} a search: name two of one kind")
