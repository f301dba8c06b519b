"""Files that appear whole or not at all: written aside and renamed."""

import os
import shutil
from pathlib import Path


def write_whole(path: Path, text: str) -> Path:
    """Put the text, in UTF-8 with its line ends as they are, where the path says."""
    aside = _aside(path)
    aside.write_bytes(text.encode())
    aside.replace(path)
    return path


def copy_whole(source: Path, path: Path) -> Path:
    """Put a copy of the source where the path says."""
    aside = _aside(path)
    shutil.copyfile(source, aside)
    aside.replace(path)
    return path


def _aside(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}")
