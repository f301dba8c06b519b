"""What a run was trained on, from its record: the data to the byte, and the limits of its vocabulary.

Whoever trains a recorded run again, once more or on other seeds, begins here. What the record does not
suffice for is refused.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from toolkit.configuration import VocabularyConfiguration
from toolkit.configuration.schema import read
from toolkit.data import Dataset
from toolkit.data.opening import read_bytes
from toolkit.data.reader import Limits
from toolkit.errors import DataError, ReplayError
from toolkit.runs import Run, SearchHeader


def recorded_data(header: SearchHeader, run: Run, root: Path) -> dict[str, Dataset]:
    """Role -> data set, each of the very bytes that the run was trained on.

    Args:
        root: of the project, to which the recorded paths are relative.

    Raises:
        DataError: a file is missing, or is not the recorded one.
        ReplayError: the record names no file.
    """
    without_validation = header.job == "train" and "validation" not in header.data
    roles = ("training",) if without_validation else ("training", "validation")
    files = {role: recorded_file(header, role, run, root) for role in roles}
    return {role: Dataset.from_csv(path) for role, path in files.items()}


def recorded_file(header: SearchHeader, role: str, run: Run, root: Path) -> Path:
    """The file with the data of a role (training, validation), if it is still the recorded one.

    Raises:
        DataError: it is missing, or is not the recorded one.
        ReplayError: the record names no file.
    """
    about = header.data.get(role, {})
    name, digest = about.get("path"), about.get("sha256")
    if not isinstance(name, str) or not isinstance(digest, str):
        raise ReplayError(
            f"{run.run_id} cannot be trained again from its record: its {role} data was no file "
            "whose path and SHA-256 are recorded"
        )
    path = root / name
    try:
        now = sha256(read_bytes(path, Limits().bytes)).hexdigest()
    except DataError as error:
        raise DataError(f"{error} ({role} data of {run.run_id}, recorded SHA-256 {digest})") from None
    if now != digest:
        raise DataError(
            f"{path}: is not the {role} data of {run.run_id}: the recorded SHA-256 is {digest}, "
            f"the file has {now}; put the recorded file there, nothing is trained on another"
        )
    return path


def recorded_vocabulary(header: SearchHeader, run: Run) -> VocabularyConfiguration:
    """The limits of the vocabulary, which was made of the training data.

    Raises:
        ConfigurationError: this version knows no such limits.
        ReplayError: the record does not have them.
    """
    return read(VocabularyConfiguration, _limits(header, run), "vocabulary")


def _limits(header: SearchHeader, run: Run) -> Mapping[str, Any]:
    limits = header.spec.get("vocabulary")
    if isinstance(limits, Mapping):
        return limits
    if "vocabulary" in header.spec:
        why = "it went on from weights, or its vocabulary was not made of its training data alone"
    else:
        why = "its journal is of an older version and does not say how its vocabulary was made"
    raise ReplayError(f"{run.run_id} cannot be trained again from its record: {why}")
