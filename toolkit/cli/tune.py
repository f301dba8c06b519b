"""`toolkit tune`: run a search from its experiment file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from toolkit.cli import completing
from toolkit.cli.outcome import as_json as as_json_of
from toolkit.cli.outcome import tell
from toolkit.cli.registering import check_can_register, register_options
from toolkit.cli.registering import register as register_best
from toolkit.configuration.experiment import ExperimentFile
from toolkit.runs import Project

if TYPE_CHECKING:
    from toolkit.hpo.plan import SearchPlan


@click.command(name="tune")
@click.argument(
    "experiment",
    type=click.Path(path_type=Path, dir_okay=False),
    shell_complete=completing.experiment_file,
)
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value of the file.")
@click.option("--num-samples", type=click.IntRange(min=1), help="Trials, times the cells of the grids.")
@click.option("--workers", type=click.IntRange(min=1), help="Trials at the same time [default: cores].")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
@click.option("--results", type=click.Path(path_type=Path, file_okay=False), help="Folder of the results.")
@click.option("--again", is_flag=True, help="Search anew even if this search is finished.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the outcome as JSON, and nothing else, on stdout."
)
@click.option("--dry-run", is_flag=True, help="Print the resolved trials and train nothing.")
@register_options
def command(
    experiment: Path,
    overrides: tuple[str, ...],
    num_samples: int | None,
    workers: int | None,
    runs: Path | None,
    results: Path | None,
    again: bool,
    as_json: bool,
    dry_run: bool,
    register: str | None,
    alias: str,
) -> None:
    """Run the search of an experiment file, with live progress, and write its leaderboard and best model.

    \b
    Example:
      toolkit tune experiments/german-business-names.yaml --set trainer.num_epochs=5 --num-samples 20
    """
    file = ExperimentFile.load(experiment, overrides)
    if num_samples is not None:
        file = file.with_search(num_samples=num_samples)
    project = Project.here().with_folders(runs, results)
    if register is not None:
        check_can_register(file.tracking)
    # Imported here: torch and Ray take seconds, and a mistake in the file should be told at once.
    from toolkit.hpo.tune import plan_of, run_search

    plan = plan_of(file, project.root)
    for warning in plan.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if dry_run:
        _print_trials(plan, as_json)
        return
    talk = Console(stderr=True, markup=False, highlight=False)
    talk.print(f"{file.name}: search {plan.id}, {len(plan.trials)} trials")
    outcome = run_search(file, plan, project, workers=workers, again=again, console=talk)
    if as_json:
        click.echo(json.dumps(as_json_of(outcome), ensure_ascii=False, indent=2))
    tell(outcome)
    if register is not None:
        register_best(outcome.search, project, register, alias)


def _print_trials(plan: "SearchPlan", as_json: bool) -> None:
    if as_json:
        rows = [{"trial": trial.number, "seed": trial.seed, "params": trial.params} for trial in plan.trials]
        click.echo(json.dumps({"search": plan.id, "trials": rows}, ensure_ascii=False, indent=2))
        return
    click.echo(f"search {plan.id}: {len(plan.trials)} trials")
    for trial in plan.trials:
        values = "  ".join(f"{path}={value}" for path, value in trial.params.items())
        click.echo(f"{trial.number:5d}  seed={trial.seed}  {values}")
