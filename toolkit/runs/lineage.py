"""Where a run came from: commit, dirty flag, versions, machine, command. Never a secret.

Environment values are not recorded at all; what looks like a secret in the command or in the remote's
address is hidden (`toolkit.runs.secrets`).
"""

import platform
import re
import shlex
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from toolkit.runs.changes import NAME, write_changes
from toolkit.runs.layout import SearchFolder
from toolkit.runs.secrets import redacted_arguments, without_credentials

# Written by the stages themselves: a run that rewrites its own results is not of dirty code.
_NOT_DIRT = (":(exclude)results", ":(exclude)dvc.lock")
_PACKAGES = ("torch", "numpy", "ray", "mlflow", "wandb", "dvc", "pandas", "scikit-learn")


def provenance(root: Path, folder: SearchFolder | None = None) -> dict[str, Any]:
    """Commit, branch, dirty and remote of the repository at `root`, DVC's digests of its data,
    versions, processor, host and command.

    Outside a git repository the git fields are None.

    Args:
        folder: gets the code's difference from its commit, which `diff` then names; see `write_changes`.
    """
    return {
        **_git(root),
        NAME: None if folder is None else write_changes(root, folder),
        "dvc": _dvc(root),
        "versions": _versions(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": processor(),
        "host": socket.gethostname(),
        "command": shlex.join([Path(sys.argv[0]).name, *redacted_arguments(sys.argv[1:])]),
    }


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's model as Linux names it; elsewhere what Python knows of it.

    Another one may round sums of floats differently, with the same versions of everything.
    """
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    found = re.search(r"^model name[ \t]*:[ \t]*(\S.*?)[ \t]*$", text, re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _git(root: Path) -> dict[str, Any]:
    commit = _ask_git(root, "rev-parse", "HEAD")
    if commit is None:
        return {"commit": None, "branch": None, "dirty": None, "remote": None}
    changed = _ask_git(root, "status", "--porcelain", "--", ".", *_NOT_DIRT)
    remote = _ask_git(root, "config", "--get", "remote.origin.url")
    return {
        "commit": commit,
        "branch": _ask_git(root, "rev-parse", "--abbrev-ref", "HEAD"),
        "dirty": bool(changed),
        "remote": None if remote is None else without_credentials(remote),
    }


def _dvc(root: Path) -> dict[str, str]:
    """Path -> DVC's digest of what the project's `.dvc` files track."""
    listed = _ask_git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.dvc")
    names = {name for name in (listed or "").split("\0") if name} | {path.name for path in root.glob("*.dvc")}
    found: dict[str, str] = {}
    for name in sorted(names):
        pointer = root / name
        for out in _outs(pointer):
            if isinstance(out, dict) and "md5" in out and "path" in out:
                found[(Path(name).parent / str(out["path"])).as_posix()] = str(out["md5"])
    return found


def _outs(pointer: Path) -> list[Any]:
    """What a pointer file tracks; nothing where it is none."""
    if not pointer.is_file():
        return []
    try:
        content = YAML(typ="safe", pure=True).load(pointer.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return []
    outs = content.get("outs") if isinstance(content, dict) else None
    return outs if isinstance(outs, list) else []


def _ask_git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _versions() -> dict[str, str]:
    found = {"toolkit": _version("mlops-toolkit"), **{name: _version(name) for name in _PACKAGES}}
    return {name: version for name, version in found.items() if version is not None}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
