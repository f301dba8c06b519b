"""`toolkit doctor`: its lines, its exit codes, and that nothing heavy is loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import doctor
from toolkit.doctor import examining
from toolkit.doctor.finding import Findings, ok, problem, warning
from toolkit.doctor.setup import Setup


def fine(setup: Setup) -> Findings:
    yield ok("all is well")


def odd(setup: Setup) -> Findings:
    yield warning("the tap\ndrips", "call a plumber")


def broken(setup: Setup) -> Findings:
    yield problem("the roof is gone", "move")


def silent(setup: Setup) -> Findings:
    yield from ()


def failing(setup: Setup) -> Findings:
    yield from ()
    raise ValueError("cannot\nlook")


@pytest.mark.parametrize(
    ("checks", "code", "out"),
    [
        ({"house": fine}, 0, "ok       house        all is well\n"),
        ({"attic": silent}, 0, "ok       attic        there is nothing of that kind here\n"),
        ({"water": odd}, 0, "warning  water        the tap drips -> call a plumber\n"),
        (
            {"roof": broken, "house": fine},
            1,
            "problem  roof         the roof is gone -> move\nok       house        all is well\n",
        ),
        (
            {"cellar": failing},
            0,
            "warning  cellar       this could not be checked (ValueError: cannot look) -> look yourself\n",
        ),
    ],
)
def test_a_line_for_each_finding(
    project: Path, monkeypatch: pytest.MonkeyPatch, checks: dict[str, object], code: int, out: str
) -> None:
    monkeypatch.setattr(examining, "CHECKS", checks)
    done = CliRunner().invoke(doctor.command, [])
    assert (done.exit_code, done.output) == (code, out)


def test_json(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "CHECKS", {"roof": broken})
    done = CliRunner().invoke(doctor.command, ["--json"])
    assert done.exit_code == 1
    assert json.loads(done.output) == [
        {"level": "problem", "found": "the roof is gone", "advice": "move", "check": "roof"}
    ]


def test_a_whole_round_loads_nothing_heavy(project: Path) -> None:
    heavy = ("torch", "pandas", "ray", "mlflow", "wandb", "sklearn", "sqlalchemy", "numpy", "dvc")
    code = (
        "import sys; from toolkit.doctor import Setup, examine; from toolkit.runs import Project\n"
        "found = list(examine(Setup(Project.here())))\n"
        f"print(sorted(f.check for f in found if 'could not be checked' in f.found))\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"
