"""`toolkit sync`: its lines, its exit codes, and the follower that runs it."""

import os
import re
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import sync
from toolkit.runs import Project, SearchFolder, load_search
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import start_follower, unmirrored
from toolkit.trackers._tensorboard_reader import TensorboardReader
from toolkit.trackers.mirror import Pace


@pytest.fixture
def folder(project: Path) -> SearchFolder:
    header = toy_header(tracking={"tensorboard": {}, "memory": {}, "wandb": False})
    return write_toy_journal(project / "runs" / "toy names" / header.id, header)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command puts into the environment of its process is taken out again."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sync.command, list(arguments))


def test_a_line_per_search_and_tracker_then_nothing_more(folder: SearchFolder) -> None:
    first = run()
    assert (first.exit_code, first.output) == (
        0,
        "toy names@0123456789ab  tensorboard: 6 points shipped\n"
        "toy names@0123456789ab  memory: 6 points shipped\n",
    )
    second = run("toy names", "--to", "tensorboard")
    assert (second.exit_code, second.output) == (
        0,
        "toy names@0123456789ab  tensorboard: 0 points shipped\n",
    )


def test_what_cannot_be_shipped_is_told_with_exit_code_1(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[Pace.__module__], "AT_ONCE", Pace(insist=0.0))
    header = toy_header(tracking={"nobody": {}, "memory": {}})
    write_toy_journal(project / "runs" / "toy names" / header.id, header)
    done = run()
    assert done.exit_code == 1
    line = (
        "toy names@0123456789ab  nobody: 0 points shipped, 6 remain (there is no tracker 'nobody'; there are"
    )
    assert line in done.stdout
    assert "memory: 6 points shipped\n" in done.stdout


def test_an_unknown_tracker_is_a_usage_error(folder: SearchFolder) -> None:
    done = run("--to", "mlfow")
    assert done.exit_code == 2
    assert "'mlfow' is none of mlflow, wandb, tensorboard" in done.output


def test_a_tracker_that_no_search_has_is_told(folder: SearchFolder) -> None:
    done = run("--to", "wandb", "--to", "memory")
    assert (done.exit_code, done.stdout) == (0, "toy names@0123456789ab  memory: 6 points shipped\n")
    assert done.stderr == "Warning: no search here has wandb switched on: nothing was shipped to it\n"


def test_the_clients_of_the_services_do_not_retry_themselves(folder: SearchFolder) -> None:
    os.environ.update(WANDB_SERVICE="of another process", MLFLOW_HTTP_REQUEST_TIMEOUT="5")
    run("--to", "memory")
    assert "WANDB_SERVICE" not in os.environ
    assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "0"
    assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "5"


def test_a_journal_that_cannot_be_read_is_told_and_the_others_are_shipped(folder: SearchFolder) -> None:
    bad = folder.path.with_name("bad") / "journal.jsonl"
    bad.parent.mkdir()
    bad.write_text("not json\n")
    done = run("--to", "memory")
    assert done.exit_code == 1
    assert done.stdout == "toy names@0123456789ab  memory: 6 points shipped\n"
    assert done.stderr.startswith(f"Warning: {bad}, before byte 9: ")


def test_no_searches_is_said(project: Path) -> None:
    done = run()
    assert done.exit_code == 1
    assert re.search("there are no searches below .*runs", str(done.exception))


def test_the_follower_ships_while_the_search_runs_and_ends_with_it(project: Path) -> None:
    header = toy_header(tracking={"tensorboard": {}})
    path = project / "runs" / "toy names" / header.id
    follower = start_follower(SearchFolder(path))
    journal = ToyJournal(path, header)
    journal.trial(0)
    journal.points(0, range(2))
    deadline = time.monotonic() + 30
    while unmirrored(journal.folder) != {"tensorboard": 0}:
        assert time.monotonic() < deadline, journal.folder.follower_log.read_text()
        assert follower.poll() is None, journal.folder.follower_log.read_text()
        time.sleep(0.05)
    journal.points(0, range(2, 3))
    journal.end(0)
    journal.close()
    assert follower.wait(timeout=30) == 0
    search = load_search(journal.folder)
    (stored,) = TensorboardReader(Project.here(), journal.folder, search.header, {}).runs()
    assert (stored.run_id, stored.status, len(stored.points)) == (search.runs[0].run_id, "STATUS_SUCCESS", 9)
    assert "tensorboard: 3 points shipped" in journal.folder.follower_log.read_text()
