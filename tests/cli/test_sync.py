"""`toolkit sync`: its lines, its exit codes, and the follower that runs it."""

import json
import os
import re
import shutil
import sqlite3
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.runs.ray_folder import write_state, write_trial
from toolkit.cli import compare, sync
from toolkit.runs import JournalWriter, Project, SearchFolder, load_search
from toolkit.testing.toy import ODD_METRICS, ToyJournal, toy_header, write_toy_journal
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


@pytest.mark.slow
def test_mlflow_names_a_store_and_wins_over_the_environment(folder: SearchFolder, project: Path) -> None:
    os.environ["MLFLOW_TRACKING_URI"] = "sqlite:///nowhere/to/be/used.db"
    team = f"sqlite:///{project / 'team.db'}"
    line = "toy names@0123456789ab  mlflow: {} points shipped\n"
    assert [run("--mlflow", team).stdout for _ in range(2)] == [line.format(6), line.format(0)]
    assert not (project / "nowhere").exists()
    del os.environ["MLFLOW_TRACKING_URI"]
    assert run("--to", "mlflow").stdout == line.format(6)
    assert run("--mlflow", team).stdout == line.format(0)
    del os.environ["MLFLOW_TRACKING_URI"]
    assert run("--to", "mlflow").stdout == line.format(0)
    assert unmirrored(folder) == {"tensorboard": 6, "memory": 6}


def test_credentials_of_an_address_are_neither_printed_nor_written(
    folder: SearchFolder, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[Pace.__module__], "AT_ONCE", Pace(insist=0.0))
    monkeypatch.setattr(sys, "argv", ["toolkit", "--mlflow", "http://me:secret@x@127.0.0.1:9"])
    done = run("--mlflow", "http://me:secret%40x@127.0.0.1:9")
    assert done.exit_code == 1
    assert "6 remain (http://127.0.0.1:9 does not answer: connection refused)" in done.stdout
    assert os.environ["MLFLOW_TRACKING_USERNAME"] == "me"
    assert os.environ["MLFLOW_TRACKING_PASSWORD"] == "secret@x"
    with JournalWriter(folder):
        files = [path for path in project.rglob("*") if path.is_file()]
        assert folder.owner in files
        assert not any("secret" in path.read_text(errors="replace") for path in files)
    assert "secret" not in done.output


def test_an_empty_address_is_a_usage_error(folder: SearchFolder) -> None:
    assert run("--mlflow", "").exit_code == 2


def test_verify_has_a_line_for_each_tracker_and_ships_nothing(folder: SearchFolder, project: Path) -> None:
    run("--to", "tensorboard")
    done = run("--verify", "--to", "tensorboard")
    assert (done.exit_code, done.stdout) == (
        0,
        "toy names@0123456789ab  tensorboard: 6 decided, 6 stored, 0 doubled, 0 left open\n",
    )
    everywhere = run("--verify")
    assert everywhere.exit_code == 1
    assert everywhere.stdout.splitlines()[1:] == [
        "toy names@0123456789ab  memory: cannot be compared "
        "(what a process keeps in its memory cannot be read back by another)"
    ]
    assert not folder.cursor("memory").exists()


def test_verify_shows_the_first_differences_and_json_all_of_them(folder: SearchFolder) -> None:
    run("--to", "tensorboard")
    shutil.rmtree(folder.tensorboard / "00000")
    (events,) = (folder.tensorboard / "00003").glob("*tfevents*")
    shutil.copy(events, events.with_name(f"{events.name}.again"))
    done = run("--verify", "--to", "tensorboard")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    odd = len(ODD_METRICS) + 3  # of the run whose two epochs stand twice
    told = f"6 decided, 3 stored, 2 doubled, 0 left open; {1 + 2 * odd} differences"
    assert lines[0].endswith(f"tensorboard: {told}")
    assert lines[1].split() == ["run", "epoch", "difference", "name", "journal", "stored"]
    assert lines[2].split() == ["0123456789ab-00000", "-", "missing", "-", "-", "-"]
    (found,) = json.loads(run("--verify", "--to", "tensorboard", "--json").stdout)
    assert (found["experiment"], found["search"], found["tracker"]) == (
        "toy names",
        "0123456789ab",
        "tensorboard",
    )
    assert len(found["differences"]) == 1 + 2 * odd
    assert run("--to", "tensorboard").stdout.endswith(" 0 points shipped\n")
    assert run("--to", "tensorboard", "--again").stdout.endswith(" 6 points shipped\n")
    assert run("--verify", "--to", "tensorboard").exit_code == 0
    assert len(lines) == 2 + 20 + 1
    assert lines[-1] == f"  and {1 + 2 * odd - 20} more: --json has them all"


def test_a_folder_of_plain_ray_results_is_mirrored_and_compared(project: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "ray" / "their search"
    trial = write_trial(theirs, 0, [{"loss": 1.0}, {"loss": 0.5}], {"model": {"lr": 0.1}})
    write_state(theirs, {trial: "TERMINATED"})
    told = run(str(theirs), "--to", "tensorboard")
    assert "give --mode min or --mode max" in str(told.exception)
    first = run(str(theirs), "--mode", "min", "--to", "tensorboard")
    assert first.exit_code == 0
    assert re.fullmatch(r"their search@[0-9a-f]{12}  tensorboard: 2 points shipped\n", first.stdout)
    assert run(str(theirs), "--to", "tensorboard").stdout.endswith(" 0 points shipped\n")
    proven = run(str(theirs), "--to", "tensorboard", "--verify")
    assert proven.exit_code == 0
    assert proven.stdout.endswith(": 2 decided, 2 stored, 0 doubled, 0 left open\n")
    compared = CliRunner().invoke(
        compare.command, [str(theirs), "--csv", "--metric", "loss", "--mode", "max"]
    )
    assert compared.exit_code == 0
    assert len(compared.stdout.splitlines()) == 2


def test_json_without_verify_is_a_usage_error(folder: SearchFolder) -> None:
    assert [
        run(*words.split()).exit_code for words in ("--json", "--verify --follow", "--verify --again")
    ] == [
        2,
        2,
        2,
    ]


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
    with sqlite3.connect(project / "runs" / "index.sqlite") as index:  # it has kept that up too
        [(epochs, status)] = index.execute("SELECT epochs, status FROM run").fetchall()
    assert (epochs, status) == (3, "COMPLETED")
    search = load_search(journal.folder)
    (stored,) = TensorboardReader(Project.here(), journal.folder, search.header, {}).runs()
    assert (stored.run_id, stored.status, len(stored.points)) == (search.runs[0].run_id, "STATUS_SUCCESS", 9)
    assert "tensorboard: 3 points shipped" in journal.folder.follower_log.read_text()
