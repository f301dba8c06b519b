"""Whether there is room for a run's file, asked before one is begun.

A file that is begun on a full disk is torn, set aside and begun again at every try, and leaves one more
folder each time.
"""

import shutil
from pathlib import Path

from toolkit.errors import TrackerError

_LEAST = 2**18


def check_space(folder: Path) -> None:
    """Refuse to begin a file where there is hardly any room.

    Raises:
        TrackerError: fewer than 256 KiB are free.
    """
    free = shutil.disk_usage(folder).free
    if free < _LEAST:
        raise TrackerError(f"the disk is full: {free // 1024} KiB are free in {folder}")
