"""What is installed: pinned, with a reason beside each dependency, and every room in the wheel."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = PROJECT["dependencies"] + [wanted for extra in EXTRAS.values() for wanted in extra]
PACKAGES = ("toolkit", "toolkit_trackio")
PINNED = dict(
    line.lower().replace("_", "-").split("==")
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
)


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~;]", requirement)[0].strip().lower().replace("_", "-")


@pytest.mark.parametrize("requirement", WANTED, ids=name_of)
def test_every_dependency_has_a_range_a_reason_and_a_pin(requirement: str) -> None:
    assert re.search(r"[<>]", requirement), f"{requirement} has no range"
    (line,) = (line for line in PYPROJECT.splitlines() if f'"{requirement}"' in line)
    assert re.search(r"# +\w+", line), f"{requirement} has no reason beside it"
    assert name_of(requirement) in PINNED


def test_trackio_comes_with_its_extra_only() -> None:
    main = {name_of(requirement) for requirement in PROJECT["dependencies"] + EXTRAS["dev"]}
    assert [name_of(requirement) for requirement in EXTRAS["trackio"]] == ["trackio"]
    assert "trackio" not in main


@pytest.mark.slow
def test_a_wheel_holds_every_room(tmp_path: Path) -> None:
    # From a copy of what git tracks: building would leave its own folders in the checkout.
    source = tmp_path / "source"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(source)], check=True)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        ".",
    ]
    subprocess.run(command, cwd=source, check=True)
    (wheel,) = tmp_path.glob("mlops_toolkit-*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.split("/")[0] in PACKAGES}
    listed = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=source, check=True, capture_output=True, text=True
    )
    assert inside == set(listed.stdout.splitlines())
