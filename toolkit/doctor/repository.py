"""The project as git and DVC see it: root, commit, data, remote, stages."""

import configparser
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from toolkit.doctor.finding import Findings, ok, problem, warning
from toolkit.doctor.setup import Setup

_SECONDS = 20.0


def project(setup: Setup) -> Findings:
    """Whether there is a project here."""
    root = setup.project.root
    if (root / "dvc.yaml").is_file():
        yield ok(f"the root is {root}")
    else:
        yield warning(
            f"no dvc.yaml here or above: {root} is taken for the root",
            "go to the project, or go on without DVC",
        )


def git(setup: Setup) -> Findings:
    """Whether what is run can be told by a commit."""
    root = setup.project.root
    if _git(root, "rev-parse", "--git-dir") is None:
        yield warning(
            f"{root} is in no git repository: DVC does nothing here, no commit is recorded", "git init"
        )
        return
    commit = _git(root, "rev-parse", "--short", "HEAD")
    if commit is None:
        yield warning("nothing is committed yet: `toolkit verify` has nothing to compare with", "git commit")
        return
    changed = _git(root, "status", "--porcelain", "--", ".", ":(exclude)results", ":(exclude)dvc.lock") or ""
    if count := len(changed.splitlines()):
        files = "1 file is" if count == 1 else f"{count} files are"
        yield warning(
            f"{files} not as in commit {commit}: runs are recorded as dirty", "git status; git commit"
        )
    else:
        yield ok(f"commit {commit}, nothing changed")


def data(setup: Setup) -> Findings:
    """Whether what DVC tracks is there, as far as number of files and bytes say."""
    root = setup.project.root
    for pointer in sorted(root.glob("*.dvc")):
        if not pointer.is_file():
            continue
        for out in _yaml(pointer).get("outs", []):
            path, command = root / out["path"], f"dvc pull {pointer.name}"
            files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
            size = sum(one.stat().st_size for one in files)
            if not path.exists():
                yield problem(f"{out['path']} is not there", command)
            elif out.get("nfiles", len(files)) != len(files) or out.get("size", size) != size:
                yield warning(
                    f"{out['path']} is not what {pointer.name} says: {len(files)} files, {size} bytes",
                    f"dvc status {pointer.name}; `{command}` brings the old files back",
                )
            else:
                yield ok(f"{out['path']} is there: {len(files)} files, {size} bytes")


def remote(setup: Setup) -> Findings:
    """Whether DVC's default remote is there, where it is a folder."""
    path = setup.project.root / ".dvc" / "config"
    if not path.is_file():
        return
    config = configparser.ConfigParser(strict=False, interpolation=None)
    config.read_string("\n".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines()))
    name = config.get("core", "remote", fallback=None)
    url = None if name is None else config.get(f"'remote \"{name}\"'", "url", fallback=None)
    if url is None:
        yield warning("DVC has no default remote: nobody else gets the data", "dvc remote add -d NAME URL")
    elif "://" in url:
        yield ok(f"DVC's remote {name} is elsewhere and was not asked")
    elif (path.parent / url).exists():
        yield ok(f"DVC's remote {name} is there")
    else:
        yield problem(f"DVC's remote {name} is not there: {path.parent / url}", "dvc remote modify")


def stages(setup: Setup) -> Findings:
    """Whether dvc.lock has every stage, and no other one."""
    root = setup.project.root
    if not (root / "dvc.yaml").is_file():
        return
    command = [sys.executable, "-m", "dvc", "stage", "list", "--all", "--name-only"]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["it says nothing"]
        yield problem(f"DVC cannot read the stages: {said[0]}", "dvc stage list")
        return
    there = {line.strip() for line in done.stdout.splitlines() if line.strip() and ":" not in line}
    there = {name for name in there if not name.endswith(".dvc")}
    lock = root / "dvc.lock"
    locked = set(_yaml(lock).get("stages", {})) if lock.is_file() else set()
    if missing := sorted(there - locked):
        yield warning(f"never run: {', '.join(missing)}", "dvc repro")
    if gone := sorted(locked - there):
        yield warning(f"dvc.lock has stages that are no more: {', '.join(gone)}", "dvc repro, then commit")
    if there == locked:
        yield ok(f"dvc.lock has all {len(there)} stages")


def _yaml(path: Path) -> Mapping[str, Any]:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
