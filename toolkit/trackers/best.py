"""What a search's own page in a service shows: its best run, that run's best epoch, its files."""

import math
from collections.abc import Iterator
from pathlib import Path

from toolkit.runs import Point, Run, Search
from toolkit.runs.search import Artifact
from toolkit.trackers.metrics import as_number


def best_epoch(run: Run, metric: str, mode: str) -> Point | None:
    """The point with the best value of the metric, the earliest of equals; NaN and text never win."""
    ranked = [(cost, point) for point in run.points if (cost := _cost(point, metric, mode)) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def best_point(search: Search) -> tuple[Run, Point] | None:
    """The search's best run (its `best_trial` where the journal names one) at its best epoch."""
    metric, mode = search.header.metric, search.header.mode
    named = search.runs.get(search.best_trial) if search.best_trial is not None else None
    ranked = [
        (_cost(point, metric, mode) or 0.0, run, point)
        for run in ([named] if named is not None else search.runs.values())
        if (point := best_epoch(run, metric, mode)) is not None
    ]
    return min(ranked, key=lambda entry: entry[0])[1:] if ranked else None


def search_files(search: Search) -> Iterator[tuple[Artifact, Path]]:
    """The files that a search's own page holds: the search's, and those of its best trial; newest ones."""
    newest = {
        artifact.name: artifact
        for artifact in search.artifacts
        if artifact.trial is None or artifact.trial == search.best_trial
    }
    for artifact in newest.values():
        path = search.file_of(artifact)
        if path is not None:
            yield artifact, path


def _cost(point: Point, metric: str, mode: str) -> float | None:
    """The value with the sign turned so that less is better; None where it ranks nothing."""
    value = as_number(point.metrics.get(metric))
    if value is None or math.isnan(value):
        return None
    return value if mode == "min" else -value
