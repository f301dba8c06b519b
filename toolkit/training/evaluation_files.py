"""What an evaluation leaves in a folder: metrics as JSON, the rest as CSV, as DVC plots them."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from toolkit.training.evaluation import Evaluation
from toolkit.training.output_folder import make_output_folder
from toolkit.training.saved_model import metrics_json

METRICS_FILE, PER_LABEL_FILE, CONFUSION_FILE = "metrics.json", "per_label.csv", "confusion.csv"


def write_evaluation(evaluation: Evaluation, folder: str | Path) -> dict[str, Path]:
    """Write `metrics.json`, `per_label.csv` and `confusion.csv`; name -> path.

    `confusion.csv` has one row `actual,predicted` for each example, sorted: what DVC's `confusion`
    template counts.

    Raises:
        ModelError: the folder cannot be made.
    """
    folder = make_output_folder(folder)
    paths = {Path(name).stem: folder / name for name in (METRICS_FILE, PER_LABEL_FILE, CONFUSION_FILE)}
    paths["metrics"].write_text(metrics_json(evaluation.metrics), encoding="utf-8", newline="\n")
    columns = ("label", "precision", "recall", "fscore", "support")
    rows = ([row[column] for column in columns] for row in evaluation.per_label)
    _write_csv(paths["per_label"], columns, rows)
    _write_csv(paths["confusion"], ("actual", "predicted"), _pairs(evaluation))
    return paths


def _pairs(evaluation: Evaluation) -> Iterable[tuple[str, str]]:
    for actual, counts in zip(evaluation.labels, evaluation.confusion, strict=True):
        for predicted, count in zip(evaluation.labels, counts, strict=True):
            yield from [(actual, predicted)] * count


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
