"""MLflow: one parent run per search, one child per trial, by `MlflowClient` alone.

The fluent API's global state (active run, tracking URI) is left as it is, so a user's own MLflow code in
the same process is not disturbed. A run is found by its tag `toolkit.run` before one is made. What MLflow
cannot hold: see `_mlflow_limits` and docs/tracking.md.
"""

import itertools
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

from toolkit.errors import TrackerError
from toolkit.runs import ParamChange, Point, Project, Run, Search, SearchHeader, Status
from toolkit.runs.layout import run_id
from toolkit.runs.search import Artifact
from toolkit.runs.secrets import redacted, without_credentials
from toolkit.runs.values import encode
from toolkit.trackers import _mlflow_limits as limits
from toolkit.trackers._mlflow_database import client_of, sqlite_file
from toolkit.trackers._mlflow_lineage import data_inputs, lineage_tags, search_tags, text_tags
from toolkit.trackers._mlflow_patient import PatientClient
from toolkit.trackers._mlflow_runs import runs_of
from toolkit.trackers.best import best_point, search_files
from toolkit.trackers.flat import all_params, as_text
from toolkit.trackers.metrics import as_number, is_exact
from toolkit.trackers.registry import OPTIONS, check_options

STATUS = {
    Status.RUNNING: "RUNNING",
    Status.COMPLETED: "FINISHED",
    Status.STOPPED: "KILLED",
    Status.FAILED: "FAILED",
    Status.INTERRUPTED: "KILLED",
}

_RUN, _SEARCH = "run.json", "search.json"


@dataclass(frozen=True)
class _Stored:
    """A run in MLflow: its id and status there, and whether everything known at its start is there."""

    id: str
    status: str
    described: bool


class MlflowTracker:
    """Writes one search to an MLflow store: a sqlite file, another database, or a server.

    Args:
        options: `uri` of the store and `experiment` name; MLFLOW_TRACKING_URI and MLFLOW_EXPERIMENT_NAME win.
    """

    def __init__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> None:
        check_options("mlflow", options, OPTIONS["mlflow"])
        given = os.environ.get("MLFLOW_TRACKING_URI") or options.get("uri")
        self._uri = str(given or project.mlflow_uri)
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or options.get("experiment") or header.experiment
        self._experiment_name = str(name)
        self._project, self._header = project, header
        self._runs: dict[str, _Stored] = {}
        self.target = f"{without_credentials(self._uri)} {self._experiment_name}"

    def open(self, search: Search) -> None:
        self._client = PatientClient(client_of(self._uri))
        self._experiment = self._find_or_create_experiment()
        self._runs, doubled = self._find_runs(search.started)
        self._parent = self._find_or_create_parent(search)
        self._go_on(self._parent)
        for run in search.runs.values():
            stored = self._runs.get(run.run_id)
            if stored is None or run.run_id in doubled:  # somebody deleted it in MLflow: write it again
                self.log(run, run.points)
                if run.changes:
                    self.change(run, run.changes)
                if run.status is not Status.RUNNING:
                    self.end(run)
            elif run.status is Status.RUNNING and stored.status != "RUNNING":
                self._go_on(stored.id)

    def begin(self, run: Run) -> None:
        self._go_on(self._child(run))

    def log(self, run: Run, points: Sequence[Point]) -> None:
        is_new = run.run_id not in self._runs
        child = self._child(run)
        points = run.points if is_new else points
        metrics = [
            Metric(limits.fitting_name(name), number, point.t, point.epoch)
            for point in points
            for name, value in point.metrics.items()
            if (number := as_number(value)) is not None
        ]
        for some in _chunks(metrics, limits.METRICS_A_CALL):
            self._client.log_batch(child, metrics=some)
        self._keep_what_is_no_number(child, run)

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        """Params are written once, so they stay: `run.json` has the changes, a tag what holds now."""
        if run.run_id not in self._runs:  # somebody deleted it in MLflow
            self.log(run, run.points)
        child = self._child(run)
        self._write_artifact(child, _RUN, _json(_run_record(run)))
        now = {name: value for change in run.changes for name, value in change.params.items()}
        self._tag(child, {"toolkit.changed": now})

    def artifact(self, artifact: Artifact, path: Path) -> None:
        if artifact.trial is None:
            home = self._parent
        else:
            home = self._runs[run_id(self._header.id, artifact.trial)].id
        self._client.log_artifact(home, str(path))

    def end(self, run: Run) -> None:
        child = self._child(run)
        tags = {"toolkit.rung": run.rung, "toolkit.reason": run.reason}
        self._tag(child, {"toolkit.status": run.status, **{k: v for k, v in tags.items() if v is not None}})
        if run.error is not None:
            self._write_artifact(child, "error.txt", run.error)
        self._client.set_terminated(child, STATUS[run.status], end_time=run.ended)

    def close(self, search: Search) -> None:
        self._runs, _ = self._find_runs(search.started)
        self._tag(self._parent, {"toolkit.trials": search.header.num_trials})  # a resume may have raised it
        self._write_artifact(self._parent, _SEARCH, _search_json(search.header))
        self._log_best(search)
        for artifact, path in search_files(search):
            if artifact.trial is not None:  # the search's own were shipped when they were told
                self._client.log_artifact(self._parent, str(path))
        self._tag(self._parent, {"toolkit.status": search.status})
        self._client.set_terminated(self._parent, STATUS[search.status], end_time=search.ended)

    def release(self) -> None:
        self._runs = {}

    def _artifacts_beside(self, database: Path) -> str:
        """MLflow's own choice would be `mlruns/` in whatever working directory comes first."""
        return (database.parent / self._project.mlflow_artifacts.name).as_uri()

    def _find_or_create_experiment(self) -> str:
        name = self._experiment_name
        found = self._client.get_experiment_by_name(name)
        if found is None:
            file = sqlite_file(self._uri)
            place = None if file is None else self._artifacts_beside(file)
            try:
                return self._client.create_experiment(name, artifact_location=place)
            except MlflowException:  # another search made it in between; if not, there is no such name
                found = self._client.get_experiment_by_name(name)
                if found is None:
                    raise
        if found.lifecycle_stage != "active":
            raise TrackerError(
                f"MLflow's experiment {name!r} is deleted: `mlflow experiments restore --experiment-id "
                f"{found.experiment_id}` brings it back, MLFLOW_EXPERIMENT_NAME names another"
            )
        return str(found.experiment_id)

    def _find_runs(self, started: int) -> tuple[dict[str, _Stored], set[str]]:
        """Our run id -> MLflow's run, for the search and its trials; and of which there were more than one.

        A server that is stuck may carry out `create_run` long after its client gave up, found nothing and
        made another run. The one that is described, which alone has points, is kept; the other is deleted.
        """
        found: dict[str, list[_Stored]] = {}
        for run in runs_of(self._client, self._experiment, self._header.id, started):
            tags = run.data.tags
            stored = _Stored(run.info.run_id, run.info.status, tags.get("toolkit.described") == "true")
            found.setdefault(tags["toolkit.run"], []).append(stored)
        for copies in found.values():
            copies.sort(key=lambda stored: not stored.described)
            for superfluous in copies[1:]:
                self._client.delete_run(superfluous.id)
        kept = {key: copies[0] for key, copies in found.items()}
        return kept, {key for key, copies in found.items() if len(copies) > 1}

    def _find_or_create_parent(self, search: Search) -> str:
        header = search.header
        tags = {"toolkit.run": header.id, **search_tags(header)}
        name = f"{header.experiment}@{header.id}"
        tags |= lineage_tags(header, header.provenance)
        record = _search_json(header)
        return self._described(header.id, name, search.started, tags, _SEARCH, record, {})

    def _child(self, run: Run) -> str:
        """MLflow's id of the trial's run, which is made when it is not there."""
        tags = {
            "mlflow.parentRunId": self._parent,
            "toolkit.run": run.run_id,
            "toolkit.trial": run.trial,
            "toolkit.seed": run.seed if run.seed is not None else self._header.seed,
            "toolkit.sampled": sorted(run.params) or None,
        }
        tags |= lineage_tags(self._header, run.origin or self._header.provenance)
        name = f"trial {run.trial}"
        record = _json(_run_record(run))
        return self._described(run.run_id, name, run.started, tags, _RUN, record, all_params(run))

    def _described(
        self,
        key: str,
        name: str,
        started: int,
        tags: Mapping[str, Any],
        record_name: str,
        record: str,
        params: Mapping[str, Any],
    ) -> str:
        """MLflow's id of the run that we call `key`, with everything that is known when it begins.

        A process that was killed while it described a run left it without its last tag: it is
        described again, which changes nothing that is there.
        """
        stored = self._runs.get(key)
        if stored is not None and stored.described:
            return stored.id
        if stored is None:
            made = self._client.create_run(self._experiment, started, text_tags(tags), run_name=name)
            stored = _Stored(made.info.run_id, made.info.status, described=False)
        self._log_params(stored.id, params)
        self._log_data(stored.id)
        self._write_artifact(stored.id, record_name, record)
        self._tag(stored.id, {"toolkit.described": True})
        self._runs[key] = replace(stored, described=True)
        return stored.id

    def _log_params(self, run_id: str, values: Mapping[str, Any]) -> None:
        params = [
            Param(limits.fitting_name(path), limits.fitting_value(as_text(value), limits.MAX_PARAM))
            for path, value in values.items()
        ]
        for some in _chunks(params, limits.PARAMS_A_CALL):
            self._client.log_batch(run_id, params=some)

    def _go_on(self, run_id: str) -> None:
        """Set a run to RUNNING, and take away what said how it had ended."""
        tags = self._client.get_run(run_id).data.tags
        for name in ("toolkit.rung", "toolkit.reason"):
            if name in tags:
                self._client.delete_tag(run_id, name)
        if tags.get("toolkit.status") != Status.RUNNING:
            self._client.update_run(run_id, status="RUNNING")
            self._tag(run_id, {"toolkit.status": Status.RUNNING})

    def _log_data(self, run_id: str) -> None:
        inputs = data_inputs(self._header)
        if inputs:
            self._client.log_inputs(run_id, inputs)

    def _keep_what_is_no_number(self, child: str, run: Run) -> None:
        """Artifact `metrics.json`: the values that a float cannot hold, and names that were replaced."""
        names = {name for point in run.points for name in point.metrics}
        renamed = {limits.fitting_name(name): name for name in names if limits.fitting_name(name) != name}
        odd = [
            {"epoch": point.epoch, "t": point.t, "metrics": values}
            for point in run.points
            if (values := {name: value for name, value in point.metrics.items() if not is_exact(value)})
        ]
        if odd or renamed:
            self._write_artifact(child, "metrics.json", _json({"names": renamed, "points": odd}))

    def _log_best(self, search: Search) -> None:
        """The parent's metrics: those of the best run at its best epoch, which tags name.

        MLflow shows the value of the highest step, and of the latest time among equal ones. With the epoch
        as step, a better run that is best at an earlier epoch would never be seen, so the step is 0 and the
        time that of the search's end.
        """
        best = best_point(search)
        if best is None:
            return
        run, point = best
        t = point.t if search.ended is None else search.ended
        metrics = [
            Metric(limits.fitting_name(name), number, t, 0)
            for name, value in point.metrics.items()
            if (number := as_number(value)) is not None
        ]
        for some in _chunks(metrics, limits.METRICS_A_CALL):
            self._client.log_batch(self._parent, metrics=some)
        self._tag(self._parent, {"toolkit.best": run.run_id, "toolkit.best_epoch": point.epoch})

    def _tag(self, run_id: str, tags: Mapping[str, Any]) -> None:
        self._client.log_batch(run_id, tags=[RunTag(key, value) for key, value in text_tags(tags).items()])

    def _write_artifact(self, run_id: str, name: str, text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            self._client.log_artifact(run_id, str(path))


def _search_json(header: SearchHeader) -> str:
    """The search's own record; in a journal of an older version an address may have a password."""
    return _json(redacted(header.to_record()))


def _run_record(run: Run) -> dict[str, Any]:
    """Whole and exact, what a run is: MLflow's params are text, cut, and cannot change."""
    changes = [{"epoch": change.epoch, "t": change.t, "params": change.params} for change in run.changes]
    record = {"run": run.run_id, "seed": run.seed, "params": run.params, "config": run.config}
    return {**record, "changes": changes} if changes else record


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(encode(record), ensure_ascii=False, indent=1) + "\n"


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while chunk := list(itertools.islice(rest, size)):
        yield chunk
