"""`toolkit predict`: the labels of texts."""

import json
import sys
from typing import Any

import click

from toolkit.cli.model_argument import find_model
from toolkit.errors import DataError

# What would end a line or begin a cell of the answer, and the backslash that says so.
_ESCAPES = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"})


@click.command(name="predict")
@click.argument("model", type=click.Path(dir_okay=False))
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option("--top", type=click.IntRange(min=1), default=3, show_default=True, help="Labels a text.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object a text.")
def command(model: str, texts: tuple[str, ...], top: int, as_json: bool) -> None:
    """Predict the labels of texts, the most probable first; without TEXT, of each line of stdin.

    MODEL is the file of a model, or a run: a run id, a unique beginning of one, or EXPERIMENT/TRIAL.
    A line of the answer holds the text and its labels, separated by tabs. A tab, a line break or a
    backslash inside them is written as \\t, \\n, \\r or \\\\.

    \b
    Example:
      toolkit predict results/base/model.tar.gz "Autohaus Recognai" --top 1
    """
    # Imported here so that --help need not wait for torch.
    from toolkit.pipeline import Pipeline

    pipeline = Pipeline.from_pretrained(find_model(model))
    lines = list(texts) or [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
    if not lines:
        raise DataError("there is nothing to predict: give a TEXT, or one a line on stdin")
    predictions = [
        {"text": text, "labels": found["labels"][:top], "probabilities": found["probabilities"][:top]}
        for text, found in zip(lines, pipeline.predict_batch(lines), strict=True)
    ]
    if as_json:
        click.echo(json.dumps(predictions, ensure_ascii=False, indent=2))
    else:
        for prediction in predictions:
            click.echo(_line(prediction))


def _line(prediction: dict[str, Any]) -> str:
    ranked = zip(prediction["labels"], prediction["probabilities"], strict=True)
    cells = [prediction["text"], *(f"{label} {probability:.3f}" for label, probability in ranked)]
    return "\t".join(cell.translate(_ESCAPES) for cell in cells)
