"""Confusion matrices of the runs whose predictions of the validation data were saved."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from toolkit.errors import NotFoundError
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.report.report_run import ReportRun
from toolkit.runs.predictions import Predictions, read_predictions

MOST_RUNS = 100


def confusion_data(table: Table, runs: Mapping[str, ReportRun]) -> dict[str, Any]:
    """{"matrices": [{"row", "labels", "counts": [[actual, predicted, rows], ...]}], "more": left out}.

    The best 100 runs that have predictions; a file that cannot be read is none.
    """
    having = [
        (place, run.predictions)
        for place, row in enumerate(table.rows)
        if (run := runs.get(row.run_id)) is not None and run.predictions is not None
    ]
    matrices = []
    for place, path in having[:MOST_RUNS]:
        try:
            matrices.append({"row": place, **_matrix(read_predictions(path))})
        except NotFoundError:
            continue
    return {"matrices": matrices, "more": max(0, len(having) - MOST_RUNS)}


def _matrix(predictions: Predictions) -> dict[str, Any]:
    """How many rows of each actual label were given each label; labels sorted, zeros left out."""
    counts = Counter(zip(predictions.actual, predictions.predicted, strict=True))
    order = sorted(range(len(predictions.labels)), key=lambda number: predictions.labels[number])
    place = {number: position for position, number in enumerate(order)}
    cells = sorted([place[actual], place[predicted], n] for (actual, predicted), n in counts.items())
    return {"labels": [predictions.labels[number] for number in order], "counts": cells}
