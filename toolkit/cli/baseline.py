"""`toolkit baseline`: the plain rival of an experiment."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.configuration.experiment import ExperimentFile
from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.ranking import rank
from toolkit.runs import Project

if TYPE_CHECKING:
    from toolkit.baseline import Outcome

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(name="baseline")
@click.argument("experiment", type=click.Path(path_type=Path, dir_okay=False))
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
    outcome = run_baseline(plan, project)
    if as_json:
        click.echo(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
    _tell(outcome)


def _as_json(outcome: "Outcome") -> dict[str, object]:
    search = outcome.search
    [table] = rank([search])
    return {
        "experiment": search.experiment,
        "search": search.id,
        "metric": search.header.metric,
        "mode": search.header.mode,
        "status": str(search.status),
        "counts": dict(table.counts),
        "best": row_as_json(table.rows[0]),
        "results": {name: str(path) for name, path in outcome.results.items()},
        "unmirrored": outcome.unmirrored,
    }


def _tell(outcome: "Outcome") -> None:
    """What came of it, on stderr."""
    search = outcome.search
    if not outcome.trained:
        click.echo(f"search {search.id} was finished before: results written again", err=True)
    point = search.runs[0].points[0]
    for name in dict.fromkeys((search.header.metric, "validation_loss", "validation_accuracy")):
        click.echo(f"  {name}: {point.metrics[name]:.4f}", err=True)
    for name, path in outcome.results.items():
        click.echo(f"  {name}: {path}", err=True)
    behind = {tracker: points for tracker, points in outcome.unmirrored.items() if points}
    if behind:
        told = ", ".join(f"{points} points not yet in {tracker}" for tracker, points in behind.items())
        click.echo(f"{told}: `toolkit sync {search.experiment}` sends them", err=True)
