"""`toolkit confirm`: whether the winner of a leaderboard is one."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from toolkit.cli import completing
from toolkit.errors import JournalError, NotFoundError
from toolkit.runs import Project

_SEEDS = 5
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="confirm")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...", shell_complete=completing.searches)
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="How many leaders.")
@click.option("--seeds", type=click.IntRange(min=2), help=f"Fresh seeds of each leader [default: {_SEEDS}].")
@click.option("--no-retrain", is_flag=True, help="Train nothing: judge the models that the searches kept.")
@click.option("--open-test", is_flag=True, help="Evaluate the models of the fresh seeds on the test split.")
@click.option("--test", type=_FILE, help="The test split, where no experiment file names it.")
@click.option(
    "--metric", help="Rank by this metric instead of each search's own.", shell_complete=completing.metric
)
@click.option("--mode", type=click.Choice(["min", "max"]), help="Direction of the metric.")
@click.option("--all", "every", is_flag=True, help="Older searches of an experiment too.")
@click.option("--workers", type=click.IntRange(min=1), help="Trials at the same time [default: cores].")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the outcome as JSON, and nothing else, on stdout."
)
def command(
    searches: tuple[str, ...],
    top: int,
    seeds: int | None,
    no_retrain: bool,
    open_test: bool,
    test: Path | None,
    metric: str | None,
    mode: str | None,
    every: bool,
    workers: int | None,
    runs: Path | None,
    as_json: bool,
) -> None:
    """Train the leaders of the leaderboard again on fresh seeds, and say whether the winner is one.

    SEARCH is an experiment's name (its newest search), NAME@ID-PREFIX, or a folder. The exit code is 0 when
    every fresh seed has a score, 1 otherwise.

    \b
    Example:
      toolkit confirm german-business-names --top 5 --seeds 5
    """
    if no_retrain and open_test:
        raise click.UsageError(
            "--open-test shows the test split to the models of fresh seeds: --no-retrain has none"
        )
    if no_retrain and (seeds is not None or workers is not None):
        raise click.UsageError("--no-retrain trains nothing: --seeds and --workers say nothing to it")
    if test is not None and not open_test:
        raise click.UsageError("--test names what --open-test opens: without that, it stays sealed")
    project = Project.here().with_folders(runs, None)
    from toolkit.confirming import find_leaders

    field = find_leaders(project, searches, top, metric, mode, every=every, unreadable=_warn)
    # Imported here: torch and scipy take seconds, and a name that is not there should be told at once.
    from toolkit.confirming import as_lines, confirm, find_test_file, judge_kept, to_dict
    from toolkit.confirming import open_test as open_the_test

    talk = Console(stderr=True, markup=False, highlight=False)
    for name in field.table.running:
        click.echo(f"Warning: {name} has not ended: the leaders may yet be others", err=True)
    if open_test and test is None:  # told before the training
        test = find_test_file(project, sorted({leader.search.experiment for leader in field.leaders}))
    if test is not None and not test.is_file():
        raise NotFoundError(f"there is no test file {test}; nothing was trained")
    confirmation = (
        judge_kept(field, project, console=talk)
        if no_retrain
        else confirm(field, seeds or _SEEDS, project, workers=workers, console=talk)
    )
    opening = None if test is None else open_the_test(confirmation, test, project)
    if opening is not None and opening.earlier:
        count = len(opening.earlier)
        click.echo(
            f"Warning: {opening.path} was opened {count} time{'' if count == 1 else 's'} before, first at "
            f"{opening.earlier[0]}: what was chosen since then may fit it by choice",
            err=True,
        )
    if as_json:
        click.echo(json.dumps(to_dict(confirmation, opening), ensure_ascii=False, indent=2))
    else:
        for line in as_lines(confirmation, opening):
            click.echo(line)
    sys.exit(1 if confirmation.failed else 0)


def _warn(error: JournalError) -> None:
    click.echo(f"Warning: {error}", err=True)
