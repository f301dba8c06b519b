"""Python and the packages: their versions against what this package wants, nothing of them imported."""

import platform
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from toolkit.doctor.finding import Findings, ok, problem, warning
from toolkit.doctor.setup import Setup

_DISTRIBUTION = "mlops-toolkit"
SOURCE = Path(__file__).parents[2]
"""The checkout that this package runs from, where it is one."""


def python(setup: Setup) -> Findings:
    """Whether Python is new enough."""
    wanted, version = _wanted_python(), platform.python_version()
    if SpecifierSet(wanted).contains(version, prereleases=True):
        yield ok(f"Python {version}")
    else:
        yield problem(f"Python {version}, but this package needs {wanted}", "make a new environment with one")


def packages(setup: Setup) -> Findings:
    """Whether what is installed is what this package was made for, and what was pinned."""
    wanted, pins, fine = _requirements(), _pins(), 0
    for requirement in wanted:
        installed, name = _version(requirement.name), canonicalize_name(requirement.name)
        if installed is None:
            yield problem(f"{name} is not installed", f"pip install '{requirement}'")
        elif not requirement.specifier.contains(installed, prereleases=True):
            yield problem(f"{name} {installed} is installed, but {requirement} is needed", "install it again")
        elif name in pins and Version(installed).public != Version(pins[name]).public:
            yield warning(
                f"{name} {installed} is installed, pinned is {pins[name]}: last digits may differ",
                "pip install --constraint constraints.txt --editable .",
            )
        else:
            fine += 1
    yield ok(f"{fine} of {len(wanted)} packages are as they should be")


def _wanted_python() -> str:
    declared = _pyproject().get("requires-python")
    return str(declared or metadata.metadata(_DISTRIBUTION)["Requires-Python"])


def _requirements() -> list[Requirement]:
    declared = _pyproject().get("dependencies") or metadata.requires(_DISTRIBUTION) or []
    return [found for line in declared if (found := Requirement(line)).marker is None]


def _pyproject() -> dict[str, Any]:
    """The table `project` of the checkout; empty where this package was installed from a wheel."""
    path = SOURCE / "pyproject.toml"
    if not path.is_file():
        return {}
    project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    return project if project.get("name") == _DISTRIBUTION else {}


def _pins() -> dict[str, str]:
    path = SOURCE / "constraints.txt"
    lines = path.read_text(encoding="utf-8").split() if path.is_file() and _pyproject() else []
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
