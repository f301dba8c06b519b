"""Digests of what determines a result: configurations, and the code that trains."""

import hashlib
import json
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent
TRAINING_CODE = ("configuration", "data", "text", "nn", "training", "pipeline.py", "hpo")
"""The rooms whose code decides what a search finds; a change in any other one changes no search id."""

# Makes data sets, whose own digests enter a search's id.
_NOT_TRAINING = _PACKAGE / "data" / "names"


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and the shortest floats: equal values give equal text.

    Raises:
        TypeError, ValueError: the value is not made of JSON's types, or holds NaN.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def code_digest(rooms: tuple[str, ...] = TRAINING_CODE) -> str:
    """SHA-256 over the names and the bytes of the Python files of these rooms, 64 hex digits."""
    digest = hashlib.sha256()
    for path in _files(rooms):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _files(rooms: tuple[str, ...]) -> list[Path]:
    found = [path for room in rooms for path in _python_files(_PACKAGE / room)]
    return sorted(found, key=lambda path: path.relative_to(_PACKAGE).as_posix())


def _python_files(room: Path) -> list[Path]:
    if room.is_file():
        return [room]
    return [path for path in room.rglob("*.py") if not path.is_relative_to(_NOT_TRAINING)]


def search_id(spec: dict[str, Any], data: dict[str, str], code: str) -> str:
    """12 hex digits that name a search: what it searches, on which data, with which code.

    Args:
        spec: pipeline, trainer and vocabulary with their search spaces, metric, mode, seed, searcher
            and scheduler; nothing that only continues the same search (number of trials, workers,
            resources, tracking, names).
        data: role -> SHA-256 of the file.
        code: see `code_digest`.
    """
    return digest_of({"spec": spec, "data": data, "code": code})[:12]
