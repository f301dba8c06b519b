"""The folder that a training or an evaluation writes to, made before the work that fills it."""

import os
from pathlib import Path

from toolkit.errors import ModelError


def make_output_folder(path: str | Path) -> Path:
    """Make the folder and its parents unless they are there.

    Raises:
        ModelError: something else stands there or above, or nothing may be written there.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(
            f"{folder}: cannot be made the folder of the output: {error.strerror}; name another"
        ) from None
    if not os.access(folder, os.W_OK):
        raise ModelError(f"{folder}: must be a folder that can be written to; name another")
    return folder
