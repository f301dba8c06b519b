"""The process that mirrors a search while it runs, so that the search never waits for a service."""

import os
import subprocess
import sys
from pathlib import Path

from toolkit.runs import Project, SearchFolder

_NICENESS = 5


def start_follower(folder: SearchFolder, project: Project | None = None) -> subprocess.Popen[bytes]:
    """Start `toolkit sync --follow` for the search and return at once.

    The process has a session of its own, so Ctrl-C in the terminal does not reach it; it outlives its
    starter and ends when the journal is closed and shipped, or soon after nobody writes it any more.
    What it has to say goes to `sync.log` in the search's folder. A second one waits behind the first.
    """
    root = (project or Project.here()).root
    folder.path.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "toolkit", "sync", "--follow", str(folder.path.resolve())]
    with folder.follower_log.open("ab") as log:
        return subprocess.Popen(
            _politely(command),
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=_environment(),
        )


def _politely(command: list[str]) -> list[str]:
    """The command at a lower priority where the system has `nice`: the processors are for training."""
    nice = Path("/usr/bin/nice")
    return [str(nice), "-n", str(_NICENESS), *command] if nice.exists() else command


def _environment() -> dict[str, str]:
    """Ours, without W&B's running service: a follower that shares it would die with our process, and after
    a kill the service would refuse the run ids that it still holds open.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "WANDB_SERVICE"}
    return {**inherited, "PYTHONPATH": _import_path()}


def _import_path() -> str:
    """This package's parent in front, so that the follower runs this very code."""
    here = str(Path(__file__).resolve().parents[2])
    given = os.environ.get("PYTHONPATH")
    return os.pathsep.join([here, given]) if given else here
