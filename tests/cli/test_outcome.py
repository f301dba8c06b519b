"""What `tell` says of points that are missing: why, and a command that a shell takes as it stands."""

import shlex
from pathlib import Path

import pytest

from toolkit.cli.outcome import as_json, tell
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.runs import Project, Search, find_searches
from toolkit.testing.toy import toy_header, write_toy_journal


def searched(runs: Path, name: str = "my toys") -> Search:
    folder = Project.here().with_folders(runs, None).search(name, "0123456789ab")
    write_toy_journal(folder.path, toy_header(experiment=name))
    [search] = find_searches(Project.here(), [str(folder.path)])
    return search


def outcome(search: Search, *, trained: bool = True) -> SearchOutcome:
    return SearchOutcome(search, {}, trained, {"wandb": 6, "mlflow": 0})


@pytest.mark.parametrize("runs", ["runs", "else where"])
def test_the_command_can_be_pasted_and_names_this_search(
    project: Path, runs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    search = searched(project / runs)
    tell(outcome(search))
    told = capsys.readouterr().err
    assert "6 points not yet in wandb\n" in told
    assert "mlflow" not in told
    command = told.strip().rpartition(": ")[2]
    program, verb, address = shlex.split(command)
    assert (program, verb) == ("toolkit", "sync")
    [found] = find_searches(Project.here(), [address])
    assert found.folder.path.samefile(search.folder.path)


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        ("12:00:00 wandb: refused; trying again in 2 s\n12:00:01 mlflow: other\n", " (refused)"),
        ("Error: the journal is torn\n", " (the journal is torn)"),
        ("wandb: Tracking run with wandb version 0.1\n", ""),
    ],
)
def test_the_cause_is_what_the_follower_said_last_about_the_tracker(
    project: Path, capsys: pytest.CaptureFixture[str], log: str, cause: str
) -> None:
    search = searched(project / "runs")
    search.folder.follower_log.write_text(log)
    tell(outcome(search))
    assert f"6 points not yet in wandb{cause}\n" in capsys.readouterr().err


def test_only_a_search_can_be_asked_for_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell(outcome(searched(project / "runs"), trained=False))
    assert "(--again trains anew)" in capsys.readouterr().err


def test_json_counts_statuses_and_names_the_best(project: Path) -> None:
    told = as_json(outcome(searched(project / "runs")))
    assert told["counts"] == {"COMPLETED": 2, "STOPPED": 1, "FAILED": 1}
    assert told["best"]["run_id"].startswith("0123456789ab-")
    assert told["unmirrored"] == {"wandb": 6, "mlflow": 0}
