"""Files that appear whole or not at all: written aside and renamed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, text: str) -> Path:
    """Put the text, in UTF-8 with its line ends as they are, where the path says."""
    with _aside(path) as aside:
        aside.write_bytes(text.encode())
    return path


def copy_whole(source: Path, path: Path) -> Path:
    """Put a copy of the source where the path says."""
    with _aside(path) as aside:
        shutil.copyfile(source, aside)
    return path


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A path beside it, which takes its place at the end, or is gone when that is an error.

    What is no file, such as /dev/stdout, is written itself: it must not be replaced by one.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield aside
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
