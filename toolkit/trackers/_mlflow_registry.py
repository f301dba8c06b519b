"""MLflow's model registry: the best model of a search under a name, with an alias that moves to it.

The version's files lie in the search's parent run, in a folder named by the model's own digest: another
model registered later does not overwrite them. Like our tracker, this uses `MlflowClient` alone.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.entities import Run as MlflowRun
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import Model, ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from mlflow.types.schema import Array

from toolkit.errors import TrackerError
from toolkit.runs import Point, Project, Run, Search, Status
from toolkit.runs.secrets import without_secrets
from toolkit.trackers._mlflow_database import client_of
from toolkit.trackers._mlflow_runs import runs_of
from toolkit.trackers.best import best_point
from toolkit.trackers.registry import enabled

LOADER = "toolkit.pyfunc"
"""Loads the model in another process; only named here, for it imports the model wing."""

MODEL = "model.tar.gz"
_PACKAGE = "mlops-toolkit"
_EXAMPLE = ["Autohaus Müller", "Bäckerei am Markt"]
# One column without a name: MLflow then takes texts, dictionaries and frames alike.
_SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec(DataType.string)]),
    outputs=Schema(
        [ColSpec(Array(DataType.string), "labels"), ColSpec(Array(DataType.double), "probabilities")]
    ),
)


@dataclass(frozen=True)
class Registration:
    """What became of registering a model.

    Attributes:
        version: of the registered model; an older one where this very model had one already.
        is_new: whether the version was made now.
        replaced: the version to which the alias pointed before; None where that is none, or this one.
        run_id: ours, of the run that the model is from.
    """

    name: str
    version: str
    alias: str
    is_new: bool
    replaced: str | None
    run_id: str
    metric: str
    value: float

    @property
    def uri(self) -> str:
        """What `mlflow.pyfunc.load_model` takes."""
        return f"models:/{self.name}@{self.alias}"


def register_best(search: Search, project: Project, name: str, alias: str = "champion") -> Registration:
    """Register the best model of a search, and point the alias at it.

    A model that has a version under this name already gets no second one.

    Raises:
        TrackerError: the search has no model yet, is not in MLflow yet, or MLflow refuses or cannot be
            reached.
    """
    options = enabled(search.header).get("mlflow", {})
    address = f"{search.experiment}@{search.id}"
    run, point = _best(search)
    with _told(address), tempfile.TemporaryDirectory() as scratch:
        client, parent = _parent(search, project, options)
        archive = _archive(search, run, client, parent, Path(scratch))
        known = _version_of(client, name, search, archive)
        found = known or _make_version(client, name, search, run, point, archive, parent, Path(scratch))
        before = _version_at(client, name, alias)
        client.set_registered_model_alias(name, alias, found.version)
    return Registration(
        name=name,
        version=str(found.version),
        alias=alias,
        is_new=known is None,
        replaced=None if before == str(found.version) else before,
        run_id=run.run_id,
        metric=search.header.metric,
        value=point.metrics[search.header.metric],
    )


def _best(search: Search) -> tuple[Run, Point]:
    best = best_point(search) if search.status is Status.COMPLETED else None
    if best is None:
        raise TrackerError(
            f"{search.experiment}@{search.id} has no model to register yet: it is {search.status}; "
            "the command that began it goes on with it"
        )
    return best


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What MLflow raises, as one line without a secret."""
    try:
        yield
    except MlflowException as error:
        words = " ".join(without_secrets(str(error)).split())[:300]
        raise TrackerError(f"{address} could not be registered in MLflow: {words}") from error


def _parent(
    search: Search, project: Project, options: Mapping[str, Any]
) -> tuple[mlflow.MlflowClient, MlflowRun]:
    uri = str(os.environ.get("MLFLOW_TRACKING_URI") or options.get("uri") or project.mlflow_uri)
    name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or options.get("experiment") or search.experiment
    # The registry of the same store: MLFLOW_REGISTRY_URI is of the fluent API, which we leave alone.
    client = client_of(uri, registry_uri=uri)
    experiment = client.get_experiment_by_name(str(name))
    found = [] if experiment is None else runs_of(client, experiment.experiment_id, search.id, search.started)
    if not found:
        address = f"{search.experiment}@{search.id}"
        raise TrackerError(f"{address} is not in MLflow yet: `toolkit sync --to mlflow` ships it")
    return client, next(run for run in found if run.data.tags["toolkit.run"] == search.id)


def _archive(search: Search, run: Run, client: mlflow.MlflowClient, parent: MlflowRun, scratch: Path) -> Path:
    """The model's archive: the trial's own; where that is gone, the one that the parent run has."""
    if search.model(run.trial).is_file():
        return search.model(run.trial)
    for artifact in reversed(search.artifacts):
        path = search.file_of(artifact) if (artifact.name, artifact.trial) == ("model", run.trial) else None
        if path is not None:
            return path
    if MODEL not in {file.path for file in client.list_artifacts(parent.info.run_id)}:
        raise TrackerError(
            f"{search.experiment}@{search.id} has no model to register: "
            f"neither {search.model(run.trial)} nor the run in MLflow holds one"
        )
    return Path(client.download_artifacts(parent.info.run_id, MODEL, str(scratch)))


def _version_of(client: mlflow.MlflowClient, name: str, search: Search, archive: Path) -> ModelVersion | None:
    """The version that this model has already, the newest of several."""
    wanted = {"toolkit.search": search.id, "toolkit.model.sha256": _digest(archive)}
    for version in client.search_model_versions(f"name = {_quoted(name)}"):
        if wanted.items() <= version.tags.items():
            return version
    return None


def _version_at(client: mlflow.MlflowClient, name: str, alias: str) -> str | None:
    version = client.get_registered_model(name).aliases.get(alias)
    return None if version is None else str(version)


def _make_version(
    client: mlflow.MlflowClient,
    name: str,
    search: Search,
    run: Run,
    point: Point,
    archive: Path,
    parent: MlflowRun,
    scratch: Path,
) -> ModelVersion:
    _make_name(client, name)
    digest = _digest(archive)
    about = {
        "toolkit.run": run.run_id,
        "toolkit.search": search.id,
        "toolkit.experiment": search.experiment,
        "toolkit.metric": search.header.metric,
        "toolkit.value": repr(point.metrics[search.header.metric]),
        "toolkit.epoch": str(point.epoch),
        "toolkit.model.sha256": digest,
    }
    home = f"models/{digest[:12]}"
    packed = _packed(scratch, archive, about, search, parent.info.run_id, home)
    client.log_artifacts(parent.info.run_id, str(packed), home)
    return client.create_model_version(
        name,
        source=f"{parent.info.artifact_uri.rstrip('/')}/{home}",
        run_id=parent.info.run_id,
        tags=about,
        description=f"Best of {search.experiment}@{search.id}: trial {run.trial}, epoch {point.epoch}, "
        f"{search.header.metric} {about['toolkit.value']}",
    )


def _make_name(client: mlflow.MlflowClient, name: str) -> None:
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise


def _packed(
    scratch: Path, archive: Path, about: Mapping[str, str], search: Search, run_id: str, home: str
) -> Path:
    """The model as MLflow's flavour `python_function`, in a folder."""
    data, packed = scratch / "data" / MODEL, scratch / "packed"
    data.parent.mkdir()
    shutil.copyfile(archive, data)
    with _quiet():
        mlflow.pyfunc.save_model(
            str(packed),
            loader_module=LOADER,
            data_path=str(data),
            mlflow_model=Model(run_id=run_id, artifact_path=home),
            signature=_SIGNATURE,
            input_example=pd.DataFrame({"text": _EXAMPLE}),
            pip_requirements=_requirements(search),
            metadata=dict(about),
        )
    return packed


@contextmanager
def _quiet() -> Iterator[None]:
    """Without MLflow's remarks on how it saves a model, which nobody asked about."""
    logger = logging.getLogger("mlflow.pyfunc")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


def _requirements(search: Search) -> list[str]:
    """This package, torch and numpy as the run had them."""
    versions = search.header.provenance.get("versions", {})
    packages = {_PACKAGE: "toolkit", "torch": "torch", "numpy": "numpy"}
    return [
        f"{package}=={versions[key]}" if key in versions else package for package, key in packages.items()
    ]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _quoted(name: str) -> str:
    """The name in MLflow's filter language, which has no escapes: the other kind of quotes round it."""
    return f'"{name}"' if "'" in name else f"'{name}'"
