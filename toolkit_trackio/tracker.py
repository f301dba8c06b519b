"""Trackio: one run a trial, grouped by the search, in a sqlite file that its local page shows.

Every row has an id made of run and epoch, and Trackio ignores a row whose id it has: whatever comes a
second time changes nothing. So each verb just writes what it was given. Trackio knows no status of a
run; it stands in the run's configuration.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolkit.runs import Artifact, ParamChange, Point, Project, Run, Search, SearchHeader
from toolkit.trackers import check_options
from toolkit.trackers.flat import all_params, flat
from toolkit_trackio.reader import TrackioReader
from toolkit_trackio.store import folder_of, project_name, storage
from toolkit_trackio.values import stored_name, stored_value


class TrackioTracker:
    """Writes one search into Trackio's folder; nothing leaves the machine.

    Args:
        options: `project`; the experiment's name without it.
    """

    reader = TrackioReader

    def __init__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> None:
        check_options("trackio", options, ["project"])
        folder = folder_of(project)
        self._header, self._project = header, project_name(header, options)
        self._storage = storage(folder, self._project)
        self.target = f"trackio {folder} {self._project}"

    def open(self, search: Search) -> None:
        for run in search.runs.values():
            self._write(run, run.points)

    def begin(self, run: Run) -> None:
        self._write(run, run.points)

    def log(self, run: Run, points: Sequence[Point]) -> None:
        self._write(run, points)

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        self._write(run, ())  # the configuration has all of them

    def artifact(self, artifact: Artifact, path: Path) -> None:
        """Trackio gets no files: they lie in the search's folder and in results/."""

    def end(self, run: Run) -> None:
        self._write(run, ())

    def close(self, search: Search) -> None:
        """Every row was in the file before its verb returned."""

    def release(self) -> None:
        """Trackio's storage class holds nothing open between two calls."""

    def _write(self, run: Run, points: Sequence[Point]) -> None:
        """The points, below a row without metrics that makes a run of no epoch be there too."""
        self._storage.bulk_log(
            project=self._project,
            run=run.run_id,
            run_id=run.run_id,
            log_ids=[f"{run.run_id} begins", *(f"{run.run_id} {point.epoch}" for point in points)],
            steps=[0, *(point.epoch for point in points)],
            timestamps=[_iso(run.started), *(_iso(point.t) for point in points)],
            metrics_list=[{}, *map(_metrics, points)],
            config=self._config(run),
        )

    def _config(self, run: Run) -> dict[str, Any]:
        header = self._header
        about = {
            "search": header.id,
            "job": header.job,
            "trial": run.trial,
            "seed": run.seed,
            "sampled": list(run.params),
            "metric": header.metric,
            "mode": header.mode,
            "data": header.data,
            **(run.origin or header.provenance),
            "status": run.status.value,
        }
        if run.changes:
            about["changes"] = [{"epoch": change.epoch, "params": change.params} for change in run.changes]
        told = {"rung": run.rung, "reason": run.reason, "error": run.error}
        about |= {key: value for key, value in told.items() if value is not None}
        config = {path: stored_value(value) for path, value in all_params(run).items()}
        config |= {path: stored_value(value) for path, value in flat({"toolkit": about})}
        # Names with an underscore in front are Trackio's: what its page groups and dates runs by.
        return config | {"_Group": header.id, "_Created": _iso(run.started), "_Username": None}


def _metrics(point: Point) -> dict[str, Any]:
    return {stored_name(name): stored_value(value) for name, value in point.metrics.items()}


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
