"""`--register`: what it says, and what it refuses before anything is trained or shipped."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.models import train_model, write_project
from toolkit.cli import sync, tune
from toolkit.errors import ConfigurationError, NotFoundError, TrackerError
from toolkit.runs import load_search
from toolkit.testing.toy import ToyJournal, toy_header


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command puts into the environment of its process is taken out again."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def write_search(project: Path, search_id: str, **tracking: object) -> Path:
    header = toy_header(search_id, tracking=tracking)
    journal = ToyJournal(project / "runs" / "toy names" / search_id, header)
    journal.trial(0)
    journal.points(0, range(2))
    journal.end(0)
    journal.close()
    return load_search(journal.folder).model(0)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sync.command, list(arguments))


@pytest.mark.slow
def test_sync_ships_and_registers_and_says_so(project: Path) -> None:
    model = write_search(project, "0123456789ab", mlflow={})
    model.parent.mkdir(parents=True)
    (project / "elsewhere").mkdir()
    train_model(project / "elsewhere").rename(model)
    first = run("toy names", "--register", "names")
    assert (first.exit_code, first.stdout) == (0, "toy names@0123456789ab  mlflow: 2 points shipped\n")
    assert first.stderr.endswith(
        "tables\n0123456789ab-00000 (validation_loss 0.5500) registered as names version 1\n"
        "  models:/names@champion points to it\n"
    )
    again = run("--register", "names", "--alias", "ours")
    assert again.exit_code == 0
    assert "was registered before as names version 1\n  models:/names@ours points to it\n" in again.stderr


def test_one_search_must_be_meant(project: Path) -> None:
    assert isinstance(run("--register", "names").exception, NotFoundError)
    for name in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        write_search(project, name, memory={})
    header = toy_header("cccccccccccc", experiment="other", tracking={"memory": {}})
    ToyJournal(project / "runs" / "other" / header.id, header).close()
    done = run("--register", "names")
    assert isinstance(done.exception, NotFoundError)
    assert "name it; there are: other@cccccccccccc, toy names@bbbbbbbbbbbb" in str(done.exception)
    assert done.stdout == ""


def test_a_search_that_mlflow_does_not_have_is_shipped_there_first(project: Path) -> None:
    write_search(project, "0123456789ab", memory={})
    done = run("toy names", "--register", "names")
    assert isinstance(done.exception, TrackerError)
    assert "nor the run in MLflow holds one" in str(done.exception)  # so its run is there


def test_tune_refuses_before_it_trains(project: Path) -> None:
    experiment = write_project(project, tracking={"mlflow": False, "tensorboard": {}})
    done = CliRunner().invoke(tune.command, [str(experiment), "--register", "names"])
    assert isinstance(done.exception, ConfigurationError)
    assert "needs the tracker mlflow, which is off" in str(done.exception)
    assert not (project / "runs").exists()
