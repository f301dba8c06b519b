"""W&B's offline files: LevelDB's log framing round protocol buffers, and whose run lies in which folder.

Reading needs no `wandb` process and takes a millisecond a file.
"""

import struct
import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError
from wandb.proto import wandb_internal_pb2

from toolkit.errors import TrackerError
from toolkit.trackers.receipts import SUPERSEDED
from toolkit.trackers.space import check_space

_FILE_HEADER, _BLOCK, _RECORD_HEADER = 7, 32768, struct.Struct("<IHB")
_FULL, _FIRST, _LAST = 1, 2, 4
_LONGEST_SECONDS = 10.0


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
            try:
                record.ParseFromString(message)
            except DecodeError:  # written over, or from the middle of what was torn
                return
            yield record


def run_folders(wandb_dir: Path, run_id: str, project: str) -> list[Path]:
    """The offline folders of a run, or of all that a pattern names, in a project of W&B; none set aside.

    Experiments of other names may hold the same search, and so runs of the same ids: theirs are left alone.
    Where such a run began in the same second, W&B puts `-1` behind the folder's name. A folder that was torn
    before it said whose it is belongs to whoever asks.
    """
    home, by_name = wandb_dir / "wandb", f"offline-run-*-{run_id}"
    found = {*home.glob(by_name), *home.glob(f"{by_name}-[0-9]*")}
    return sorted(path for path in found if path.suffix != SUPERSEDED and _is_of(path, run_id, project))


def _is_of(folder: Path, run_id: str, project: str) -> bool:
    for file in folder.glob("*.wandb"):
        for record in records(file):
            if record.WhichOneof("record_type") == "run":
                return record.run.project == project and fnmatchcase(record.run.run_id, run_id)
    return fnmatchcase(folder.name, f"offline-run-*-{run_id}")


def wait_until_whole(folder: Path, points: int) -> None:
    """Wait for a finished run's file to hold so many points at least, and the run's end.

    W&B writes in a process of its own: it says that a run is finished before the file is written, and tells
    nobody that it could not write.

    Raises:
        TrackerError: the file is not whole within ten seconds, or its disk is full.
    """
    deadline = time.monotonic() + _LONGEST_SECONDS
    while True:
        kinds = [
            record.WhichOneof("record_type") for file in folder.glob("*.wandb") for record in records(file)
        ]
        stored = kinds.count("history")
        if stored >= points and "exit" in kinds:
            return
        check_space(folder)
        if time.monotonic() > deadline:
            raise TrackerError(
                f"W&B wrote {stored} of the {points} points of a run, and no more, to {folder}"
            )
        time.sleep(0.01)
