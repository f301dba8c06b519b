"""A fresh clone of this repository in a folder with a space and an apostrophe, ready without a network.

Its `.venv` borrows the packages of the running one, so nothing is downloaded; `toolkit` itself comes from
the clone. The set-up from the package index is what continuous integration does before these tests.
"""

import os
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def git(folder: Path, *arguments: str) -> str:
    """Run git with a name of its own; its standard output."""
    identity = ["-c", "user.name=Newcomer", "-c", "user.email=newcomer@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def clone(parent: Path) -> Path:
    """Clone what is committed into a folder that many a script would stumble over."""
    folder = parent / "a newcomer's clone"
    git(parent, "clone", "--quiet", str(ROOT), str(folder))
    _borrow_packages(folder / ".venv")
    return folder


def _borrow_packages(folder: Path) -> None:
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # The files that make the running set-up editable are not read from a folder named here.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for name in ("toolkit", "dvc"):
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -m {name} "$@"\n')
        script.chmod(0o755)
    (folder / ".setup-done").touch()


def run(
    folder: Path, *command: str, timeout: float = 900, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command in the clone as a newcomer with an activated `.venv` would."""
    process = start(folder, *command)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if check and process.returncode != 0:
        raise AssertionError(f"{command} exited with {process.returncode}\n{out[-3000:]}\n{err[-6000:]}")
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def start(folder: Path, *command: str) -> subprocess.Popen[str]:
    """Start such a command in a process group of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PATH"] = os.pathsep.join([str(folder / ".venv" / "bin"), environment["PATH"]])
    environment.pop("PYTHONPATH", None)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
    )


def python(folder: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """`python ...` of the clone; `sys.executable` has the space and the apostrophe in it there."""
    assert str(folder) != sys.prefix
    return run(folder, str(folder / ".venv" / "bin" / "python"), *arguments, **options)  # type: ignore[arg-type]
