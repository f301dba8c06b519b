"""`toolkit evaluate`: a model on a labelled CSV file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from toolkit.cli.model_argument import find_model

if TYPE_CHECKING:
    from toolkit.training.evaluation import Evaluation


@click.command(name="evaluate")
@click.argument("model", type=click.Path(dir_okay=False))
@click.argument("csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for metrics.json, per_label.csv and confusion.csv.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, the confusion matrix too.")
def command(model: str, csv: Path, output: Path | None, as_json: bool) -> None:
    """Evaluate a model on a CSV file with the columns text and label.

    MODEL is the file of a model, or a run: a run id, a unique beginning of one, or EXPERIMENT/TRIAL.

    \b
    Example:
      toolkit evaluate results/base/model.tar.gz data/business-names/test.csv --output results/base/test
    """
    # Imported here so that --help need not wait for torch and pandas.
    from toolkit.data import Dataset
    from toolkit.pipeline import Pipeline
    from toolkit.training.evaluation_files import write_evaluation
    from toolkit.training.output_folder import make_output_folder

    pipeline, data = Pipeline.from_pretrained(find_model(model)), Dataset.from_csv(csv)
    if output is not None:
        make_output_folder(output)
    evaluation = pipeline.evaluate(data)
    if output is not None:
        for path in write_evaluation(evaluation, output).values():
            click.echo(f"wrote {path}", err=True)
    if as_json:
        click.echo(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2))
    else:
        _print(evaluation)


def _print(evaluation: "Evaluation") -> None:
    for name, value in evaluation.metrics.items():
        click.echo(f"{name:16s} {value:.4f}")
    table = Table("label", *(name for name in ("precision", "recall", "fscore", "support")), box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in evaluation.per_label:
        scores = (f"{row[name]:.3f}" for name in ("precision", "recall", "fscore"))
        # As Text: in a plain string rich would take `[red]` for markup.
        table.add_row(Text(row["label"]), *scores, str(row["support"]))
    Console().print(table)
