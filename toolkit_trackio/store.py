"""Trackio's local store: in which folder it lies, under which name, and the class that writes to it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.errors import TrackerError
from toolkit.runs import Project, SearchHeader

_BUCKET = "TRACKIO_BUCKET_ID"


def folder_of(project: Project) -> Path:
    """TRACKIO_DIR when it is set, else `trackio/` at the project's root."""
    given = os.environ.get("TRACKIO_DIR")
    return Path(given).absolute() if given else project.home / "trackio"


def project_name(header: SearchHeader, options: Mapping[str, Any]) -> str:
    """Trackio's project: the option `project`, else the experiment's name."""
    return str(options.get("project") or header.experiment)


def storage(folder: Path, project: str) -> Any:
    """The class through which Trackio itself writes and reads its sqlite files.

    Not `trackio.init` and `trackio.log`: they write later, turn failures into warnings, take no time of a
    point, and what is logged twice is there twice. Here a row has an id of its own and comes once.

    Raises:
        TrackerError: Trackio is not installed, keeps another folder in this process, is set to copy from
            the Hugging Face Hub, or refuses the project's name.
    """
    if os.environ.get(_BUCKET):
        raise TrackerError(f"Trackio is mirrored into a local folder only: unset {_BUCKET}")
    found, kept = _import(folder)
    if kept.absolute() != folder:
        raise TrackerError(
            f"Trackio writes to {kept} in this process and cannot write to {folder} too: "
            "call `toolkit sync`, or set TRACKIO_DIR"
        )
    try:
        found.validate_project_name(project)
    except ValueError as error:
        raise TrackerError(f"{error} Set `project` under `tracking.trackio`.") from error
    return found


def _import(folder: Path) -> tuple[Any, Path]:
    """Trackio's storage class and its folder, which is settled once a process: by the first import."""
    before = os.environ.get("TRACKIO_DIR")
    os.environ["TRACKIO_DIR"] = str(folder)
    try:
        from trackio.sqlite_storage import SQLiteStorage
        from trackio.utils import TRACKIO_DIR
    except ImportError as error:
        raise TrackerError(
            f"Trackio cannot be imported ({error}): pip install 'mlops-toolkit[trackio]'"
        ) from error
    finally:
        if before is None:
            del os.environ["TRACKIO_DIR"]
        else:
            os.environ["TRACKIO_DIR"] = before
    return SQLiteStorage, TRACKIO_DIR
