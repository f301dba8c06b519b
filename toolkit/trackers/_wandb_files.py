"""W&B's offline files: LevelDB's log framing round protocol buffers, and whose run lies in which folder.

Reading needs no `wandb` process and takes a millisecond a file.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wandb.proto import wandb_internal_pb2

from toolkit.trackers.receipts import SUPERSEDED

_FILE_HEADER, _BLOCK, _RECORD_HEADER = 7, 32768, struct.Struct("<IHB")
_FULL, _FIRST, _LAST = 1, 2, 4


def records(file: Path) -> Iterator[Any]:
    """The records of an offline file, as far as it is whole."""
    data, position, message = file.read_bytes(), _FILE_HEADER, b""
    while position + _RECORD_HEADER.size <= len(data):
        room = _BLOCK - position % _BLOCK
        _, length, kind = _RECORD_HEADER.unpack_from(data, position)
        if room < _RECORD_HEADER.size or kind == 0:  # the rest of a block is filled with zeros
            position += room
            continue
        start = position + _RECORD_HEADER.size
        piece, position = data[start : start + length], start + length
        message = piece if kind in (_FULL, _FIRST) else message + piece
        if kind in (_FULL, _LAST) and len(piece) == length:
            record = wandb_internal_pb2.Record()
            record.ParseFromString(message)
            yield record


def run_folders(wandb_dir: Path, run_id: str, project: str) -> list[Path]:
    """The offline folders of a run, or of all that a pattern names, in a project of W&B; none set aside.

    Experiments of other names may hold the same search, and so runs of the same ids: theirs are left alone.
    A folder that was torn before it said whose it is belongs to whoever asks.
    """
    found = sorted((wandb_dir / "wandb").glob(f"offline-run-*-{run_id}"))
    return [path for path in found if path.suffix != SUPERSEDED and _project_of(path) in (project, None)]


def _project_of(folder: Path) -> str | None:
    for file in folder.glob("*.wandb"):
        for record in records(file):
            if record.WhichOneof("record_type") == "run":
                return record.run.project
    return None
