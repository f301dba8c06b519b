"""Searches that are in the journals and in MLflow: shipped there by the mirror itself."""

import math
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from tests.leaderboard.journals import OTHER_VALIDATION, Trial
from tests.leaderboard.journals import write_search as write
from toolkit.leaderboard.ranking import Row, Table
from toolkit.runs import JournalWriter, Project, Search
from toolkit.trackers import mirror

_FALLING = [{"validation_loss": loss, "validation_accuracy": 1 - loss} for loss in (0.5, 0.3, 0.4)]


def lr(value: float, **others: Any) -> dict[str, Any]:
    """What a trial sampled, and beside it a configuration of which one value differs."""
    return {
        "params": {"trainer.optimizer.lr": value, **others},
        "config": {
            "trainer": {"optimizer": {"type": "adam", "lr": value}, "epochs": 3},
            "size": int(value * 1e4),
        },
    }


TRIALS = [
    Trial(_FALLING, **lr(0.001)),
    Trial(
        [{"validation_loss": 0.3, "validation_accuracy": 0.9}], "STOPPED", rung=1, reason="worse", **lr(0.002)
    ),
    Trial([{"validation_loss": math.nan, "validation_accuracy": 0.2}, 0.45], **lr(0.003)),
    Trial([math.nan, math.inf], **lr(0.004)),
    Trial([0.1], "FAILED", reason="ValueError: no", error="Traceback\nValueError: no", **lr(0.005)),
    Trial([], "FAILED", reason="ValueError: at once", **lr(0.006)),
    Trial(
        [0.35, 0.3], "INTERRUPTED", reason="by the user", **lr(0.007, **{"pooler.type": "gru", "flag": False})
    ),
    Trial([0.2], None, **lr(0.008)),
]
"""Best before last, a tie of three, NaN, infinity, every status, a run that goes on."""


def write_searches(project: Project) -> list[Search]:
    """Five searches: two of an experiment, one on other data, one of other labels, and a baseline."""
    written = [
        ("a" * 12, TRIALS, {}),
        ("b" * 12, [Trial([0.31], **lr(0.01)), Trial([0.3], **lr(0.02))], {"provenance": {"commit": "def"}}),
        (
            "c" * 12,
            [Trial([0.9], **lr(0.03))],
            {"experiment": "other", "data": {"validation": OTHER_VALIDATION}},
        ),
        ("d" * 12, [Trial([0.8], **lr(0.04))], {"experiment": "fewer", "labels": ["Hotels"]}),
        ("e" * 12, [Trial([0.95], config={"C": 30})], {"experiment": "rival", "job": "baseline"}),
        ("f" * 12, [Trial([0.1])], {"experiment": "nameless", "data": {}}),
    ]
    found = []
    for number, (search, trials, changes) in enumerate(written):
        name = str(changes.get("experiment", "names"))
        folder = project.search(name, search).path
        found.append(write(folder, trials, id=search, tracking={"mlflow": {}}, ended=number > 0, **changes))
    return found


def ship(searches: list[Search], project: Project, **options: Any) -> None:
    """Mirror them to the project's MLflow store, or to the one that the options name."""
    for search in searches:
        # While its driver lives a search that has not ended goes on; without one it is taken for interrupted.
        with nullcontext() if search.ended else JournalWriter(search.folder):
            (outcome,) = mirror(search.folder, project, trackers={"mlflow": options})
        assert outcome.error is None and outcome.remaining == 0


def whole(tables: list[Table]) -> list[dict[str, Any]]:
    """Everything that tables say, NaN made equal to itself; MLflow has no order of params, no seconds."""
    return [
        {
            "yardstick": (table.yardstick, table.yardstick.path),
            "rows": [_row(row) for row in table.rows],
            "params": sorted(table.params),
            "counts": {str(status): count for status, count in table.counts.items()},
            "running": sorted(table.running),
            "reason": table.reason,
            "bests": [(row.rank, row.run_id, row.epoch, _plain(row.metrics)) for row in table.bests],
        }
        for table in tables
    ]


def _row(row: Row) -> dict[str, Any]:
    return {**vars(row), "seconds": None, "metrics": _plain(row.metrics), "params": _plain(row.params)}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "NaN" if value != value else value for name, value in values.items()}
