from importlib import metadata
from pathlib import Path

import pytest

from tests.doctor.broken import said
from toolkit.doctor import installation

PYPROJECT = """
[project]
name = "mlops-toolkit"
requires-python = "{python}"
dependencies = [{packages}]
"""


@pytest.fixture
def source(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(installation, "SOURCE", tmp_path)
    return tmp_path


def declare(source: Path, packages: str = "", python: str = ">=3.11") -> None:
    (source / "pyproject.toml").write_text(PYPROJECT.format(python=python, packages=packages))


def test_this_python_is_new_enough(source: Path) -> None:
    declare(source)
    assert [level for level, _ in said(installation.python)] == ["ok"]
    declare(source, python=">=3.99")
    ((level, found),) = said(installation.python)
    assert (level, found.endswith("but this package needs >=3.99")) == ("problem", True)


@pytest.mark.parametrize(
    ("packages", "pins", "level", "told"),
    [
        ("'click>=8'", "", "ok", "1 of 1 packages are as they should be"),
        ("'click>=8'", "click==VERSION", "ok", "1 of 1 packages are as they should be"),
        ("'no-such-thing>=1'", "", "problem", "no-such-thing is not installed"),
        ("'click<1'", "", "problem", "click VERSION is installed, but click<1 is needed"),
        (
            "'click>=8'",
            "Click==8.0.0",
            "warning",
            "click VERSION is installed, pinned is 8.0.0: last digits may differ",
        ),
    ],
)
def test_packages(source: Path, packages: str, pins: str, level: str, told: str) -> None:
    version = metadata.version("click")
    declare(source, packages)
    (source / "constraints.txt").write_text(pins.replace("VERSION", version))
    assert (level, told.replace("VERSION", version)) in said(installation.packages)


def test_another_projects_files_beside_the_package_say_nothing(source: Path) -> None:
    (source / "pyproject.toml").write_text("[project]\nname = 'other'\ndependencies = ['no-such-thing']\n")
    assert installation._pyproject() == {}
