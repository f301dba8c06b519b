"""`toolkit tune`: run a search from its experiment file."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from toolkit.configuration.experiment import ExperimentFile
from toolkit.runs import Project, Status


@click.command(name="tune")
@click.argument("experiment", type=click.Path(path_type=Path))
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
    # Imported here: torch and Ray take seconds, and a mistake in the file should be told at once.
    from toolkit.hpo.tune import plan_of

    plan = plan_of(file, project.root)
    for warning in plan.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if dry_run:
        _print_trials(plan, as_json)
        return
    from toolkit.hpo.tune import run_search

    talk = Console(stderr=True)
    talk.print(f"{file.name}: search {plan.id}, {len(plan.trials)} trials", highlight=False)
    outcome = run_search(file, plan, project, workers=workers, again=again, console=talk)
    if as_json:
        click.echo(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
    else:
        _tell(outcome)


def _print_trials(plan: Any, as_json: bool) -> None:
    rows = [{"trial": trial.number, "seed": trial.seed, "params": trial.params} for trial in plan.trials]
    if as_json:
        click.echo(json.dumps({"search": plan.id, "trials": rows}, ensure_ascii=False, indent=2))
        return
    click.echo(f"search {plan.id}: {len(rows)} trials")
    for row in rows:
        values = "  ".join(f"{path}={value}" for path, value in row["params"].items())
        click.echo(f"{row['trial']:5d}  seed={row['seed']}  {values}")


def _as_json(outcome: Any) -> dict[str, Any]:
    from toolkit.leaderboard.as_json import row_as_json
    from toolkit.leaderboard.ranking import rank

    search = outcome.search
    best = next((row for table in rank([search]) for row in table.rows if row.rank == 1), None)
    counts = {str(s): sum(run.status is s for run in search.runs.values()) for s in Status}
    return {
        "experiment": search.experiment,
        "search": search.id,
        "metric": search.header.metric,
        "mode": search.header.mode,
        "status": str(search.status),
        "counts": {status: count for status, count in counts.items() if count},
        "best": None if best is None else row_as_json(best),
        "results": {name: str(path) for name, path in outcome.results.items()},
        "unmirrored": outcome.unmirrored,
    }


def _tell(outcome: Any) -> None:
    search = outcome.search
    if not outcome.trained:
        click.echo(
            f"search {search.id} was finished before: results written again (--again trains anew)", err=True
        )
    best = search.runs[search.best_trial]
    click.echo(f"best of {len(search.runs)} trials: {best.run_id}", err=True)
    for name, path in outcome.results.items():
        click.echo(f"  {name}: {path}", err=True)
    behind = {tracker: points for tracker, points in outcome.unmirrored.items() if points}
    if behind:
        told = ", ".join(f"{points} points not yet in {tracker}" for tracker, points in behind.items())
        click.echo(f"{told}: `toolkit sync {search.experiment}` sends them", err=True)
