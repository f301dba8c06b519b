"""`toolkit replay`: train a recorded run again, and print how far its metrics are off."""

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli import completing
from toolkit.runs import Project

if TYPE_CHECKING:
    from toolkit.replay import Replay
    from toolkit.runs.differences import Difference

_COLUMNS = ("metric", "difference", "epoch", "recorded", "replayed")


@click.command(name="replay")
@click.argument("run", shell_complete=completing.only_runs)
@click.option(
    "--model", type=click.Path(path_type=Path, dir_okay=False), help="Write the model to this file as well."
)
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the outcome as JSON, and nothing else, on stdout."
)
def command(run: str, model: Path | None, runs: Path | None, as_json: bool) -> None:
    """Train a recorded run again from its record, and print the difference metric by metric.

    RUN is a run id, a unique beginning of one, or EXPERIMENT/TRIAL. It is trained on the recorded data
    only, for as many epochs as it has points. The exit code is 0 when every metric of every epoch is
    what was recorded, 1 otherwise.

    \b
    Example:
      toolkit replay german-business-names/17
      toolkit replay german-business-names/17 --model model.tar.gz
    """
    from toolkit.runs import find_run  # a shell that completes this command does without

    project = Project.here().with_folders(runs, None)
    search, found = find_run(project, run)
    # Imported here: torch takes seconds, and a run that is not there should be told at once.
    from toolkit.replay import replay

    outcome = replay(search, found, project.root, say=lambda line: click.echo(line, err=True), model=model)
    if model is not None:
        click.echo(f"wrote {model}", err=True)
    if as_json:
        click.echo(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
    else:
        _print(outcome)
    sys.exit(0 if outcome.identical else 1)


def _as_json(outcome: "Replay") -> dict[str, Any]:
    return {
        "run_id": outcome.run_id,
        "epochs": outcome.epochs,
        "identical": outcome.identical,
        "differences": {
            name: {
                "epoch": found.epoch,
                "recorded": _finite(found.recorded),
                "replayed": _finite(found.replayed),
                "difference": _finite(found.size),
            }
            for name, found in outcome.differences.items()
        },
        "environment": {
            name: {"recorded": change.recorded, "now": change.now}
            for name, change in outcome.environment.items()
        },
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print(outcome: "Replay") -> None:
    """The table and the verdict; metrics of single labels have a row only where they differ."""
    rows = [_row(name, found) for name, found in outcome.metrics.items() if found or "__" not in name]
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    for name, *cells in (_COLUMNS, *rows):
        line = [
            name.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)),
        ]
        click.echo("  ".join(line))
    click.echo(_verdict(outcome))


def _row(name: str, found: "Difference | None") -> tuple[str, ...]:
    shown = name if name.isprintable() else repr(name)  # a label may hold a line break
    if found is None:
        return (shown, "0", "-", "-", "-")
    size = "-" if found.size is None else f"{found.size:.3g}"
    return (shown, size, str(found.epoch), _cell(found.recorded), _cell(found.replayed))


def _cell(value: Any) -> str:
    return "-" if value is None else repr(value)


def _verdict(outcome: "Replay") -> str:
    epochs = "1 epoch" if outcome.epochs == 1 else f"{outcome.epochs} epochs"
    if outcome.identical:
        return f"identical: {epochs}, {len(outcome.metrics)} metrics, every difference is zero"
    name, farthest = max(outcome.differences.items(), key=lambda item: item[1].rank)
    size = "not a number" if farthest.size is None else f"{farthest.size:.3g}"
    return (
        f"different: {epochs}, {len(outcome.differences)} of {len(outcome.metrics)} metrics; "
        f"the largest difference is {size}, {name} in epoch {farthest.epoch}"
    )
