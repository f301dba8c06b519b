"""Room on the disks, and places that Ray must be able to write to or to name."""

import os
import shutil
import tempfile
import unicodedata
from pathlib import Path

from toolkit.doctor.finding import Findings, ok, problem, warning
from toolkit.doctor.setup import Setup

_LITTLE, _TOO_LITTLE = 5 * 10**9, 10**9
_LITTLE_SHARED = 500 * 10**6
SHARED_MEMORY = Path("/dev/shm")
# Of a socket's name on Linux, without the byte that ends it.
_LONGEST_SOCKET = 107
_SOCKET = "ray/session_2026-01-01_00-00-00_000000_1234567/sockets/plasma_store"


def space(setup: Setup) -> Findings:
    """Whether there is room for runs, and for Ray's session."""
    places = {"runs/": _existing(setup.project.runs), "Ray's session": _temporary(setup)}
    for name, path in places.items():
        free = shutil.disk_usage(path).free
        told = f"{free / 10**9:.1f} GB are free for {name} in {path}"
        if free < _TOO_LITTLE:
            yield problem(told, "free some; toolkit prune may")
        elif free < _LITTLE:
            yield warning(told, "toolkit prune frees some")
        else:
            yield ok(told)


def shared_memory(setup: Setup) -> Findings:
    """Whether Ray's objects fit into the shared memory: elsewhere they are slow."""
    if not SHARED_MEMORY.is_dir():
        return
    free = shutil.disk_usage(SHARED_MEMORY).free
    told = f"{free / 10**9:.2f} GB are free in {SHARED_MEMORY}, where Ray keeps the encoded data"
    if free < _LITTLE_SHARED:
        yield warning(told, "docker run --shm-size=2g; Ray writes to the disk instead")
    else:
        yield ok(told)


def home(setup: Setup) -> Findings:
    """Whether the home folder can be written: Ray keeps a token there."""
    given = setup.environment.get("HOME") or str(Path.home())
    if Path(given).is_dir() and os.access(given, os.W_OK):
        yield ok(f"HOME {given} can be written")
    else:
        yield problem(
            f"HOME {given} cannot be written: Ray fails at .ray/auth_token", "set HOME to a folder that can"
        )


def paths(setup: Setup) -> Findings:
    """Whether names are short and plain enough for what is made of them."""
    socket = len(os.fsencode(_temporary(setup) / _SOCKET))
    if socket > _LONGEST_SOCKET:
        yield problem(
            f"sockets in {_temporary(setup)} would have names of {socket} bytes, over {_LONGEST_SOCKET}",
            "set RAY_TMPDIR to a folder with a shorter name",
        )
    odd = [char for char in str(setup.project.root) if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    if odd:
        yield problem(f"the project's path has {odd[0]!r}, which git and DVC do not take", "move the project")
    if socket <= _LONGEST_SOCKET and not odd:
        yield ok("the paths of the project and of Ray's session are fine")


def _temporary(setup: Setup) -> Path:
    """Where Ray puts the folder of a session."""
    return _existing(Path(setup.environment.get("RAY_TMPDIR") or tempfile.gettempdir()))


def _existing(path: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.is_dir())
