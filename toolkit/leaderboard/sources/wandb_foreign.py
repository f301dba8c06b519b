"""Runs of W&B that no part of this package wrote: each project of them is taken for one search.

Nobody has said what ranks them, so that has to be given. A point is a row of the history that has the metric,
numbered by W&B's step: what was logged at other steps stands in no column beside it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.comparable import direction_of
from toolkit.leaderboard.sources.wandb_run import OWN_NAMES, WandbRun
from toolkit.runs import Point, Run, Search, SearchFolder, SearchHeader, Status

_SHOWN = 8


def foreign_searches(
    runs: Iterable[WandbRun], place: Path, metric: str | None, mode: str | None
) -> list[Search]:
    """One search a project, its trials in the order in which the runs began.

    Args:
        place: folder that the searches are said to lie in.
        metric, mode: what ranks the runs; without a mode the metric's name must say it.

    Raises:
        ConfigurationError: there are runs, and metric or direction is not known.
    """
    projects: dict[str, list[WandbRun]] = {}
    for run in runs:
        projects.setdefault(run.project, []).append(run)
    return [_search(name, members, place, metric, mode) for name, members in sorted(projects.items())]


def _search(
    project: str, runs: Sequence[WandbRun], place: Path, metric: str | None, mode: str | None
) -> Search:
    if metric is None:
        told = ", ".join(_reported(runs)[:_SHOWN]) or "nothing"
        raise ConfigurationError(
            f"nothing says what ranks the {len(runs)} runs of W&B's project {project!r}: give --metric and "
            f"--mode; they report {told}"
        )
    header = SearchHeader(
        id=hashlib.sha256(f"wandb {project}".encode()).hexdigest()[:12],
        experiment=project,
        metric=metric,
        mode=direction_of(metric) if mode is None else mode,
        job="wandb",
    )
    in_order = sorted(runs, key=lambda run: (run.started, run.id))
    trials = {number: _run(run, number, metric) for number, run in enumerate(in_order)}
    is_over = all(run.status is not Status.RUNNING for run in runs)
    return Search(
        header,
        SearchFolder(place),
        started=in_order[0].started,
        status=Status.COMPLETED if is_over else Status.RUNNING,
        runs=trials,
    )


def _run(run: WandbRun, trial: int, metric: str) -> Run:
    points: dict[int, Point] = {}
    for row in run.rows:
        step = row.get("_step")
        if metric in row and isinstance(step, int):
            points.setdefault(step, Point(step, step, _metrics(row), run.time_of(row)))
    return Run(
        run_id=run.id,
        trial=trial,
        params={},
        config=run.config,
        started=run.started,
        status=run.status,
        reason="W&B says that it failed" if run.status is Status.FAILED else None,
        points=[points[step] for step in sorted(points)],
    )


def _metrics(row: dict[str, Any]) -> dict[str, Any]:
    """By name: a history keeps no order."""
    return {name: row[name] for name in sorted(row.keys() - OWN_NAMES)}


def _reported(runs: Iterable[WandbRun]) -> list[str]:
    return sorted({name for run in runs for row in run.rows for name in row} - OWN_NAMES)
