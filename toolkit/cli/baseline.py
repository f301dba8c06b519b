"""`toolkit baseline`: the plain rival of an experiment."""

import json
from pathlib import Path

import click

from toolkit.cli import completing
from toolkit.cli.outcome import as_json as outcome_as_json
from toolkit.cli.outcome import tell
from toolkit.configuration.experiment import ExperimentFile
from toolkit.runs import Project

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(name="baseline")
@click.argument(
    "experiment",
    type=click.Path(path_type=Path, dir_okay=False),
    shell_complete=completing.experiment_file,
)
@click.option("--runs", type=_FOLDER, help="Folder of the journals.")
@click.option("--results", type=_FOLDER, help="Folder of the results.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the outcome as JSON, and nothing else, on stdout."
)
def command(experiment: Path, runs: Path | None, results: Path | None, as_json: bool) -> None:
    """Train TF-IDF with logistic regression on an experiment's data: a line in every leaderboard.

    \b
    Example:
      toolkit baseline experiments/german-business-names.yaml
    """
    file = ExperimentFile.load(experiment)
    project = Project.here().with_folders(runs, results)
    # Imported here: scikit-learn takes a second, and a mistake in the file should be told at once.
    from toolkit.baseline import plan_baseline, run_baseline

    plan = plan_baseline(file, project.root)
    for warning in plan.warnings:
        click.echo(f"Warning: {warning}", err=True)
    click.echo(f"{plan.name}: search {plan.id}", err=True)
    outcome = run_baseline(plan, project, say=lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps(outcome_as_json(outcome), ensure_ascii=False, indent=2))
    tell(outcome)
