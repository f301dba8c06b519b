"""Where a run's code and data came from, in MLflow's own words where it has them."""

import getpass
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlflow.entities import Dataset, DatasetInput, InputTag

from toolkit.runs import SearchHeader
from toolkit.trackers import _mlflow_limits as limits
from toolkit.trackers.flat import as_text


def lineage_tags(header: SearchHeader, origin: Mapping[str, Any]) -> dict[str, Any]:
    """Tags of every run of the search; None where the journal does not know.

    Args:
        origin: the provenance of the call that began the run.
    """
    diff = origin.get("diff") or {}
    return {
        "mlflow.user": _user(),
        "mlflow.source.name": origin.get("command") or "toolkit",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": origin.get("commit"),
        "mlflow.source.git.branch": origin.get("branch"),
        "mlflow.source.git.dirty": origin.get("dirty"),
        "mlflow.source.git.repoURL": origin.get("remote"),
        "toolkit.search": header.id,
        "toolkit.experiment": header.experiment,
        "toolkit.job": header.job,
        "toolkit.seed": header.seed,
        "toolkit.diff": diff.get("path"),
        "toolkit.dvc": origin.get("dvc"),
        "toolkit.data": {role: about.get("sha256") for role, about in header.data.items()} or None,
        "toolkit.host": origin.get("host"),
        "toolkit.python": origin.get("python"),
        "toolkit.platform": origin.get("platform"),
        "toolkit.processor": origin.get("processor"),
        "toolkit.versions": origin.get("versions"),
    }


def search_tags(header: SearchHeader) -> dict[str, Any]:
    """Tags of the search's own run: what a leaderboard must know of it, so that tags alone suffice."""
    return {
        "toolkit.metric": header.metric,
        "toolkit.mode": header.mode,
        "toolkit.labels": _labels(header.labels),
        "toolkit.confirms": header.spec.get("confirms"),
        "toolkit.trials": header.num_trials,
        "mlflow.note.content": header.note or None,
    }


def _labels(labels: Sequence[str]) -> Sequence[str] | str:
    """The label set; its SHA-256 where no tag can hold it, which still tells it from others."""
    text = as_text(list(labels))
    if len(text) <= limits.MAX_TAG:
        return list(labels)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def data_inputs(header: SearchHeader) -> list[DatasetInput]:
    """The data sets of the search, each with its role as context."""
    return [
        DatasetInput(
            Dataset(
                name=Path(str(data.get("path") or role)).name,
                digest=str(data.get("sha256") or "unknown")[: limits.MAX_DIGEST],
                source_type="local",
                source=json.dumps({"uri": str(data.get("path") or "")}),
                profile=json.dumps({"rows": data.get("rows"), "sha256": data.get("sha256")}),
            ),
            tags=[InputTag("mlflow.data.context", role)],
        )
        for role, data in header.data.items()
    ]


def text_tags(tags: Mapping[str, Any]) -> dict[str, str]:
    """Tags as text within the limit; those that are None are left out."""
    return {
        key: limits.fitting_value(as_text(value), limits.MAX_TAG)
        for key, value in tags.items()
        if value is not None
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
