"""`toolkit diff` on journals whose runs a person knows."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.leaderboard.journals import OTHER_VALIDATION, VALIDATION, Trial, write_search
from toolkit.cli.diff import command
from toolkit.errors import NotFoundError
from toolkit.leaderboard.differing.changes import MISSING, Change, changes

LR, POOLER, SEED = "trainer.optimizer.lr", "pipeline.head.pooler.type", "trainer.random_seed"
TRAINING = {"path": "train.csv", "sha256": "1" * 64, "rows": 8000}


def config(lr: float, seed: int, **more: object) -> dict[str, object]:
    return {"trainer": {"optimizer": {"lr": lr}, "random_seed": seed, "num_epochs": 3, **more}}


@pytest.fixture
def searches(project: Path) -> Path:
    """`names`: three trials; `again`: the same space with another seed, more data and newer torch."""
    first = {"validation_loss": 0.5, "training_loss": 0.8}
    second = {"validation_loss": 0.25, "best_epoch": 1}
    stopped = {LR: 0.2, POOLER: None}
    write_search(
        project / "runs" / "names" / ("a" * 12),
        [
            Trial([first, second], params={LR: 0.1, POOLER: "gru"}, config=config(0.1, 7)),
            Trial([0.75], "STOPPED", rung=1, params=stopped, config=config(0.2, 8, patience=2)),
            Trial([math.nan], params={LR: 0.3}, config=config(0.3, 9)),
        ],
        id="a" * 12,
        num_trials=3,
        data={"training": TRAINING, "validation": VALIDATION},
        spec={"trainer": {"optimizer": {"lr": {"uniform": [0, 1]}}, "num_epochs": 3}},
        provenance={"commit": "abc", "versions": {"torch": "2.12.0", "numpy": "2.4.6"}, "python": "3.11.7"},
    )
    write_search(
        project / "runs" / "again" / ("b" * 12),
        [
            Trial([0.5], params={LR: 0.1, POOLER: "gru"}, config=config(0.1, 17)),
            Trial([0.25], params={LR: 0.9}, config=config(0.9, 18)),
        ],
        id="b" * 12,
        experiment="again",
        seed=43,
        num_trials=2,
        data={"training": {**TRAINING, "sha256": "2" * 64, "rows": 9000}, "validation": VALIDATION},
        spec={"trainer": {"optimizer": {"lr": {"loguniform": [0.1, 1]}}, "num_epochs": 3}},
        labels=["Bäckereien", "Hotels"],
        provenance={"commit": "abd", "versions": {"torch": "2.13.0", "numpy": "2.4.6"}, "python": "3.11.7"},
    )
    write_search(
        project / "runs" / "elsewhere" / ("c" * 12),
        [Trial([0.1], params={LR: 0.1})],
        id="c" * 12,
        experiment="elsewhere",
        data={"validation": OTHER_VALIDATION},
        labels=["Bäckereien", "Maler"],
    )
    return project


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, env={"COLUMNS": "100"})


def words(*arguments: str) -> list[list[str]]:
    done = diff(*arguments)
    assert done.exit_code == 0, done.output
    return [line.split() for line in done.stdout.splitlines()]


def as_json(*arguments: str) -> dict[str, list[dict[str, object]]]:
    done = diff(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return found


def test_two_runs_of_one_search(searches: Path) -> None:
    found = as_json("names/0", "names/1")
    assert found["configuration"] == [
        {"name": LR, "a": 0.1, "b": 0.2},
        {"name": SEED, "a": 7, "b": 8},
        {"name": POOLER, "a": "gru", "b": None},
        {"name": "trainer.patience", "b": 2},
    ]
    assert found["data"] == found["code"] == []
    assert found["metrics"] == [
        {"name": "validation_loss", "a": 0.25, "b": 0.75, "difference": 0.5, "better": "a"},
        {"name": "best_epoch", "a": 1, "b": None, "difference": None, "better": None},
    ]
    assert found["curves"] == {
        "metric": "validation_loss",
        "epochs": [{"epoch": 0, "a": 0.5, "b": 0.75}, {"epoch": 1, "a": 0.25}],
    }
    told = words("names/0", "names/1")
    assert ["status", "COMPLETED", "STOPPED", "at", "rung", "1"] in told
    assert ["epochs", "2,", "best", "1", "1,", "best", "0"] in told
    assert [LR, "0.1", "0.2"] in told
    assert [POOLER, "gru", "none"] in told
    assert ["trainer.patience", "-", "2"] in told
    assert ["validation_loss", "0.2500", "0.7500", "+0.5000", "A"] in told
    assert ["1", "0.2500", "-", "-"] in told
    assert told.count(["no", "difference"]) == 2
    assert ["A", "▅▁"] in told and ["B", "█"] in told  # on one scale


def test_runs_of_two_searches(searches: Path) -> None:
    found = as_json("names/0", "again/0")
    assert found["configuration"] == [{"name": SEED, "a": 7, "b": 17}]
    assert found["data"] == [
        {"name": "training.sha256", "a": "1" * 64, "b": "2" * 64},
        {"name": "training.rows", "a": 8000, "b": 9000},
    ]
    assert found["code"] == [
        {"name": "commit", "a": "abc", "b": "abd"},
        {"name": "versions.torch", "a": "2.12.0", "b": "2.13.0"},
    ]
    assert found["incomparable"] is None
    assert ["training.sha256", "1" * 12, "2" * 12] in words("names/0", "again/0")


def test_what_was_measured_on_other_data_is_never_called_better(searches: Path) -> None:
    found = as_json("names/0", "elsewhere/0")
    assert found["incomparable"] == "other validation data, other labels (+Hotels, -Maler)"
    assert found["metrics"][0]["difference"] == pytest.approx(-0.15)
    assert found["metrics"][0]["better"] is None
    assert {"name": "labels", "a": ["Hotels"], "b": ["Maler"]} in found["data"]
    assert "Not to be held against each other: other validation data" in diff("names/0", "elsewhere/0").stdout


def test_a_run_without_a_usable_value(searches: Path) -> None:
    found = as_json("names/0", "names/2")
    assert found["metrics"][0] == {
        "name": "validation_loss", "a": 0.25, "b": None, "difference": None, "better": None,
    }  # fmt: skip
    assert found["curves"]["epochs"][0] == {"epoch": 0, "a": 0.5, "b": None}  # type: ignore[call-overload]
    assert ["0", "0.5000", "nan", "-"] in words("names/0", "names/2")


def test_a_run_and_itself(searches: Path) -> None:
    found = as_json("names/2", "names/2")
    assert found["configuration"] == found["data"] == found["code"] == []


def test_two_searches(searches: Path) -> None:
    found = as_json("names", "again")
    assert found["asked"] == [
        {"name": "seed", "a": 42, "b": 43},
        {"name": "num_trials", "a": 3, "b": 2},
        {"name": LR, "a": "uniform 0 to 1", "b": "loguniform 0.1 to 1"},
    ]
    [common] = found["common"]
    assert (common["trial"], common["a"]["rank"], common["b"]["rank"]) == (0, 1, 2)  # type: ignore[index]
    assert found["apart"] == 1
    told = words("names", "again")
    assert [
        "best",
        "trial",
        "0,",
        "validation_loss",
        "0.2500",
        "trial",
        "1,",
        "validation_loss",
        "0.2500",
    ] in told
    assert ["1,", "of", "which", "0", "have", "the", "same", "rank"] in told
    assert ["0", "1", "2", "0.2500", "0.5000", "+0.2500"] in told


def test_a_run_is_no_search(searches: Path) -> None:
    with pytest.raises(NotFoundError, match="'names/0' is a run and 'again' a search"):
        CliRunner().invoke(command, ["again", "names/0"], catch_exceptions=False)


def test_nothing_heavy_is_imported(searches: Path) -> None:
    heavy = ("torch", "ray", "mlflow", "wandb", "pandas", "sklearn")
    code = (
        "import sys; from toolkit.cli import group; group(['diff', *sys.argv[1:]], standalone_mode=False);"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    for pair in (("names/0", "names/1"), ("names", "again")):
        done = subprocess.run([sys.executable, "-c", code, *pair], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


def test_what_is_a_change() -> None:
    a = {"one": 1, "true": True, "nan": math.nan, "none": None, "list": [1, math.nan]}
    b = {"one": 1.0, "true": 1, "nan": math.nan, "list": [1, math.nan], "new": 0}
    assert changes(a, b) == [
        Change("true", True, 1),
        Change("none", None, MISSING),
        Change("new", MISSING, 0),
    ]
