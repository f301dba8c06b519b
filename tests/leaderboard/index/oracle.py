"""Leaderboards worked out the slow and plain way, from searches that were read whole."""

import math
from collections.abc import Sequence
from typing import Any

from toolkit.leaderboard import Table
from toolkit.runs import Run, Search

Standing = tuple[int | None, str, str, int, str, int | None, int, dict[str, Any], dict[str, Any]]


def plainly(searches: Sequence[Search], metric: str, mode: str, scope: str = "best") -> list[Standing]:
    """(rank, experiment, search, trial, status, epoch, epochs, metrics, sampled values) of every run."""
    rows = []
    for search in searches:
        for trial, run in search.runs.items():
            epoch, value = _stands_by(run, metric, mode, scope)
            metrics = next((p.metrics for p in run.points if p.epoch == epoch), {})
            score = None if value is None or run.status == "FAILED" else value if mode == "min" else -value
            name = (search.experiment, search.id, trial)
            rows.append((score is None, 0.0 if score is None else score, name, run, epoch, metrics))
    rows.sort(key=lambda row: row[:3])
    scores = [score for unranked, score, *_ in rows if not unranked]
    return [
        (
            None if unranked else 1 + sum(other < score for other in scores),
            *name,
            run.status.value,
            epoch,
            len(run.points),
            metrics,
            run.params,
        )
        for unranked, score, name, run, epoch, metrics in rows
    ]


def _stands_by(run: Run, metric: str, mode: str, scope: str) -> tuple[int | None, float | None]:
    values = [(point.epoch, point.metrics.get(metric)) for point in run.points]
    usable = [(e, v) for e, v in values if type(v) in (int, float) and math.isfinite(v)]
    if scope == "last":
        epoch = values[-1][0] if values else None
        return epoch, dict(usable).get(epoch)
    if not usable:
        return None, None
    return min(usable, key=lambda pair: (pair[1] if mode == "min" else -pair[1], pair[0]))


def as_standings(table: Table) -> list[Standing]:
    """The rows of a table, to be compared with `plainly`."""
    return [
        (
            row.rank,
            row.experiment,
            row.search,
            row.trial,
            row.status,
            row.epoch,
            row.epochs,
            dict(row.metrics),
            {path: value for path, value in row.params.items() if path.startswith("s.")},
        )
        for row in table.rows
    ]
