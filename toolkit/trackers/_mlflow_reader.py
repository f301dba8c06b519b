"""Reads a search back out of an MLflow store, by MLflow's own client.

A few requests for all runs together, and one for each run's list of files; those are asked for by several
threads, as a server answers most of them by waiting.
"""

import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mlflow.entities import Run as MlflowRun

from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchFolder, SearchHeader, Status, read_journal
from toolkit.runs.values import loads
from toolkit.trackers import _mlflow_limits as limits
from toolkit.trackers._mlflow import STATUS
from toolkit.trackers._mlflow_database import client_of, sqlite_file
from toolkit.trackers._mlflow_history import histories
from toolkit.trackers._mlflow_runs import runs_of
from toolkit.trackers.flat import as_text
from toolkit.trackers.metrics import is_exact
from toolkit.trackers.stored import StoredRun

_THREADS = 8


class MlflowReader:
    """The children of a search's parent run; values that MLflow cannot hold come from `metrics.json`."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        uri = str(os.environ.get("MLFLOW_TRACKING_URI") or options.get("uri") or project.mlflow_uri)
        file = sqlite_file(uri)
        if file is not None and not file.exists():  # the client would make an empty one
            raise TrackerError(f"there is no MLflow store {file}")
        self._client = client_of(uri)
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or options.get("experiment") or header.experiment
        self._experiment, self._header = str(name), header
        self._started = next(read_journal(folder.journal)).t

    def runs(self) -> list[StoredRun]:
        experiment = self._client.get_experiment_by_name(self._experiment)
        if experiment is None:
            return []
        found = [
            run
            for run in runs_of(self._client, experiment.experiment_id, self._header.id, self._started)
            if run.data.tags["toolkit.run"] != self._header.id
        ]
        points = self._points(found)
        with ThreadPoolExecutor(_THREADS) as threads:
            return list(threads.map(lambda run: self._stored(run, points[run.info.run_id]), found))

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        return name, float(value) if is_exact(value) else value  # else from `metrics.json`, as it was

    def as_param(self, value: Any) -> Any:
        return limits.fitting_value(as_text(value), limits.MAX_PARAM)

    def as_status(self, status: Status) -> str:
        return STATUS[status]

    def _points(self, runs: Sequence[MlflowRun]) -> dict[str, list[tuple[int, str, float]]]:
        """MLflow's id of a run -> (epoch, name in MLflow, value) of its points."""
        with_metric: dict[str, list[str]] = defaultdict(list)
        for run in runs:
            for name in run.data.metrics:
                with_metric[name].append(run.info.run_id)
        found: dict[str, list[tuple[int, str, float]]] = defaultdict(list)
        for name, ids in with_metric.items():
            for run_id, epoch, value in histories(self._client, ids, name):
                found[run_id].append((epoch, name, value))
        return found

    def _stored(self, run: MlflowRun, stored: Sequence[tuple[int, str, float]]) -> StoredRun:
        run_id = run.info.run_id
        files = {file.path for file in self._client.list_artifacts(run_id)}
        beside: dict[str, Any] = {"names": {}, "points": []}
        if "metrics.json" in files:
            beside = self._json(run_id, "metrics.json")
        exact = {
            (point["epoch"], name): value
            for point in beside["points"]
            for name, value in point["metrics"].items()
        }
        points: list[tuple[int, str, Any]] = []
        for epoch, stored_name, value in stored:
            name = beside["names"].get(stored_name, stored_name)
            points.append((epoch, name, exact.pop((epoch, name), value)))
        points += [(epoch, name, value) for (epoch, name), value in exact.items()]
        params = {
            name: run.data.params[fitted]
            for name in self._sampled(run)
            if (fitted := limits.fitting_name(name)) in run.data.params
        }
        return StoredRun(run.data.tags["toolkit.run"], points, run.info.status, params, self._changes(run))

    def _sampled(self, run: MlflowRun) -> list[str]:
        """Names of the sampled hyperparameters; a tag has them, but may have been cut."""
        try:
            return json.loads(run.data.tags.get("toolkit.sampled", "[]"))
        except ValueError:
            return list(self._json(run.info.run_id, "run.json")["params"])

    def _changes(self, run: MlflowRun) -> list[tuple[int, str, Any]]:
        if "toolkit.changed" not in run.data.tags:
            return []
        return [
            (change["epoch"], name, self.as_param(value))
            for change in self._json(run.info.run_id, "run.json")["changes"]
            for name, value in change["params"].items()
        ]

    def _json(self, run_id: str, name: str) -> dict[str, Any]:
        with TemporaryDirectory() as folder:
            path = self._client.download_artifacts(run_id, name, folder)
            return loads(Path(path).read_bytes())
