import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.test_baseline import EXPERIMENT, write_rows
from toolkit.cli.baseline import command
from toolkit.errors import ConfigurationError


@pytest.fixture
def toy(project: Path) -> Path:
    write_rows(project / "data" / "train.csv", ["Alt", "Berg", "Curtius"])
    write_rows(project / "data" / "valid.csv", ["Eck"])
    (project / "toy.yaml").write_text(EXPERIMENT)
    return project


def test_json_is_all_there_is_on_stdout(toy: Path) -> None:
    result = CliRunner().invoke(command, ["toy.yaml", "--runs", "r", "--results", "o", "--json"])
    assert result.exit_code == 0, result.output
    outcome = json.loads(result.stdout)
    assert list(outcome) == [
        "experiment",
        "search",
        "metric",
        "mode",
        "status",
        "counts",
        "best",
        "results",
        "unmirrored",
    ]
    assert outcome["best"]["run_id"] == f"{outcome['search']}-00000"
    assert outcome["best"]["metrics"]["validation_accuracy"] == 1.0
    assert outcome["results"]["leaderboard"] == str(toy / "o" / "toy-baseline" / "leaderboard.csv")
    assert (toy / "r" / "toy-baseline" / outcome["search"] / "journal.jsonl").is_file()
    assert not (toy / "runs").exists()


def test_a_finished_one_is_written_again_and_says_so(toy: Path) -> None:
    first, second = (CliRunner().invoke(command, ["toy.yaml"]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "was finished before" in second.stderr
    assert "was finished before" not in first.stderr
    assert "validation_accuracy: 1.0000" in first.stderr
    assert first.stdout == ""


def test_a_file_that_is_no_experiment(toy: Path) -> None:
    (toy / "toy.yaml").write_text("name: [")
    with pytest.raises(ConfigurationError, match=r"toy\.yaml"):
        CliRunner().invoke(command, ["toy.yaml"], catch_exceptions=False)
