"""Everything about a run or a search as JSON; NaN and infinities are null there, times UTC milliseconds."""

import json
import math
from collections.abc import Mapping
from typing import Any

from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.showing.about import AboutRun, File, Mirror
from toolkit.leaderboard.showing.space import space_of
from toolkit.runs import Point, Search


def run_to_json(about: AboutRun) -> str:
    """One object."""
    search, run = about.search, about.run
    return as_text(
        {
            "address": about.address,
            "run_id": run.run_id,
            "experiment": search.experiment,
            "search": search.id,
            "trial": run.trial,
            "job": search.header.job,
            "status": run.status.value,
            "rung": run.rung,
            "reason": run.reason,
            "error": run.error,
            "metric": search.header.metric,
            "mode": search.header.mode,
            "rank": about.rank,
            "ranked": about.ranked,
            "unranked": about.unranked,
            "best": None if about.best is None else about.best.epoch,
            "started": run.started,
            "ended": run.ended,
            "seed": run.seed,
            "params": run.params,
            "changes": [{"epoch": change.epoch, "params": change.params} for change in run.changes],
            "config": run.config,
            "epochs": [_epoch(point, False) for point in run.points]
            + [_epoch(point, True) for point in run.provisional],
            "data": search.header.data,
            "labels": search.header.labels,
            "code": search.header.code,
            "provenance": run.origin or search.header.provenance,
            "files": [_file(file) for file in about.files],
            "trackers": [_mirror(mirror) for mirror in about.mirrors],
        }
    )


def search_to_json(search: Search, tables: list[Table], mirrors: list[Mirror]) -> str:
    """One object; its `runs` are those of the leaderboard."""
    header = search.header
    return as_text(
        {
            "address": f"{search.experiment}@{search.id}",
            "experiment": search.experiment,
            "search": search.id,
            "job": header.job,
            "status": search.status.value,
            "started": search.started,
            "ended": search.ended,
            "metric": header.metric,
            "mode": header.mode,
            "seed": header.seed,
            "num_trials": header.num_trials,
            "space": space_of(search),
            "spec": header.spec,
            "data": header.data,
            "labels": header.labels,
            "code": header.code,
            "provenance": search.origin or header.provenance,
            "folder": str(search.folder.path),
            "runs": [row_as_json(row) for table in tables for row in table.rows],
            "trackers": [_mirror(mirror) for mirror in mirrors],
        }
    )


def as_text(record: Mapping[str, Any]) -> str:
    """The record as JSON that every reader takes."""
    text = json.dumps(_finite(record), ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value


def _epoch(point: Point, provisional: bool) -> dict[str, Any]:
    return {
        "epoch": point.epoch,
        "step": point.step,
        "t": point.t,
        "seconds": point.seconds,
        "provisional": provisional,
        "metrics": point.metrics,
    }


def _file(file: File) -> dict[str, Any]:
    return {"what": file.what, "path": str(file.path), "bytes": file.bytes, "remark": file.remark}


def _mirror(mirror: Mirror) -> dict[str, Any]:
    return {"tracker": mirror.tracker, "store": mirror.store, "unsent": mirror.unsent}
