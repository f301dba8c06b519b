"""Reads a search back out of an MLflow store, by MLflow's own client."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow

from toolkit.runs import Project, SearchFolder, SearchHeader, Status
from toolkit.runs.values import loads
from toolkit.trackers._mlflow import STATUS
from toolkit.trackers.metrics import is_exact
from toolkit.trackers.stored import StoredRun


class MlflowReader:
    """The children of a search's parent run; values that MLflow cannot hold come from `metrics.json`."""

    def __init__(
        self, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
    ) -> None:
        uri = os.environ.get("MLFLOW_TRACKING_URI") or options.get("uri") or project.mlflow_uri
        self._client = mlflow.MlflowClient(tracking_uri=str(uri))
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or options.get("experiment") or header.experiment
        self._experiment, self._header = str(name), header

    def runs(self) -> list[StoredRun]:
        experiment = self._client.get_experiment_by_name(self._experiment)
        if experiment is None:
            return []
        found = self._client.search_runs(
            [experiment.experiment_id],
            filter_string=f"tags.`toolkit.search` = '{self._header.id}'",
            max_results=50_000,
        )
        return [self._stored(run) for run in found if run.data.tags["toolkit.run"] != self._header.id]

    def as_metric(self, name: str, value: Any) -> tuple[str, Any]:
        return name, float(value) if is_exact(value) else value  # else from `metrics.json`, as it was

    def as_param(self, value: Any) -> Any:
        return value

    def as_status(self, status: Status) -> str:
        return STATUS[status]

    def _stored(self, run: Any) -> StoredRun:
        beside = self._json(run.info.run_id, "metrics.json", {"names": {}, "points": []})
        points = []
        for stored in run.data.metrics:
            name = beside["names"].get(stored, stored)
            history = self._client.get_metric_history(run.info.run_id, stored)
            points += [(metric.step, name, metric.value) for metric in history]
        exact = {
            (point["epoch"], name): value
            for point in beside["points"]
            for name, value in point["metrics"].items()
        }
        points = [(epoch, name, exact.pop((epoch, name), value)) for epoch, name, value in points]
        points += [(epoch, name, value) for (epoch, name), value in exact.items()]
        record = self._json(run.info.run_id, "run.json", {"params": {}})
        changes = [
            (change["epoch"], name, value)
            for change in record.get("changes", [])
            for name, value in change["params"].items()
        ]
        return StoredRun(run.data.tags["toolkit.run"], points, run.info.status, record["params"], changes)

    def _json(self, run_id: str, name: str, otherwise: dict[str, Any]) -> dict[str, Any]:
        if name not in {file.path for file in self._client.list_artifacts(run_id)}:
            return otherwise
        with TemporaryDirectory() as folder:
            path = self._client.download_artifacts(run_id, name, folder)
            return loads(Path(path).read_bytes())
