"""Holds the picture of the rooms (docs/architecture.md) against the imports of the code."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "toolkit"

# A room may import only rooms of a lower level. `wing` keeps model and tracking code apart.
LEVEL = {
    "errors": 0,
    "configuration": 1,
    "data": 1,
    "runs": 1,
    "text": 2,
    "nn": 2,
    "trackers": 2,
    "training": 3,
    "leaderboard": 3,
    "pipeline": 4,
    "loggers": 4,
    "pruning": 4,
    "hpo": 5,
    "explore": 5,
    "doctor": 5,
    "baseline": 5,
    "pyfunc": 5,
    "recorded": 5,
    "replay": 6,
    "confirming": 6,
    "cli": 7,
    "testing": 7,
    "__init__": 8,
    "__main__": 8,
}
MODEL_WING = {"configuration", "data", "text", "nn", "training", "pipeline"}
TRACKING_WING = {"runs", "trackers", "leaderboard"}
FOREIGN_TO_MODEL_WING = {"mlflow", "wandb", "ray", "dvc"}
FOREIGN_TO_TRACKING_WING = {"torch", "ray", "sklearn"}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[int, str]]:
    """(line, dotted module) of every import of the file, those inside functions included."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            found += [(node.lineno, module)]
            if module == "toolkit":
                found += [(node.lineno, f"toolkit.{alias.name}") for alias in node.names]
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_downwards(path: Path) -> None:
    here = room(path)
    for line, module in imports(path):
        top, _, rest = module.partition(".")
        there = rest.partition(".")[0]
        where = f"{path.relative_to(PACKAGE)}:{line}"
        if top == "toolkit" and there in LEVEL and there != here and here != "__init__":
            assert LEVEL[there] < LEVEL[here], f"{where}: {here} imports {there}"
            assert not (here in MODEL_WING and there in TRACKING_WING), f"{where}: {here} imports {there}"
            assert not (here in TRACKING_WING and there in MODEL_WING), f"{where}: {here} imports {there}"
        if here in MODEL_WING:
            assert top not in FOREIGN_TO_MODEL_WING, f"{where}: the model wing imports {top}"
        if here in TRACKING_WING:
            assert top not in FOREIGN_TO_TRACKING_WING, f"{where}: the tracking wing imports {top}"
        if top == "ray":
            assert here == "hpo", f"{where}: only hpo imports ray"


def test_no_room_knows_a_plug_in() -> None:
    """What comes through an entry point is named nowhere, so that no case is made of it."""
    assert [path for path in FILES if "trackio" in path.read_text(encoding="utf-8").lower()] == []


def test_every_room_has_a_level() -> None:
    rooms = {room(path) for path in FILES}
    assert rooms <= LEVEL.keys(), f"rooms without a level: {rooms - LEVEL.keys()}"


@pytest.mark.parametrize("module", ["toolkit", "toolkit.cli"])
def test_import_loads_nothing_heavy(module: str) -> None:
    heavy = ("torch", "pandas", "ray", "mlflow", "wandb", "sklearn", "sqlalchemy", "numpy")
    code = f"import sys, {module}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
