"""The data reaches a clone at an unrelated place, with no network and no account."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.data.names import SETS, make_files

ROOT = Path(__file__).parents[2]


def run(*command: str, cwd: Path) -> str:
    environment = {**os.environ, "HOME": str(cwd), "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_a_fresh_clone_pulls_the_data(tmp_path: Path) -> None:
    run("git", "clone", "--quiet", str(ROOT), "a newcomer's clone", cwd=tmp_path)
    clone = tmp_path / "a newcomer's clone"
    assert not (clone / "data").exists()
    dvc = (sys.executable, "-m", "dvc")
    run(*dvc, "pull", "data.dvc", cwd=clone)
    assert "up to date" in run(*dvc, "status", "data.dvc", cwd=clone)
    for name, description in SETS.items():
        for file, data in make_files(description).items():
            assert (clone / "data" / name / file).read_bytes() == data
    assert run("git", "status", "--porcelain", cwd=clone) == ""


@pytest.mark.slow
def test_the_remote_holds_what_data_needs_and_no_more(tmp_path: Path) -> None:
    tracked = run("git", "ls-files", "dvc-remote", cwd=ROOT).splitlines()
    # one object for each file, and one that lists them
    assert len(tracked) == sum(len(make_files(description)) for description in SETS.values()) + 1
