from pathlib import Path

import pytest

from tests.doctor.broken import said, write_experiment
from toolkit.doctor import services
from toolkit.testing.toy import toy_header, write_toy_journal


def test_experiments(project: Path) -> None:
    assert [level for level, _ in said(services.experiments)] == ["warning"]
    write_experiment()
    assert said(services.experiments) == [("ok", "experiments/toy.yaml can be run")]
    Path("data/train.csv").unlink()
    assert said(services.experiments) == [("problem", "experiments/toy.yaml: there is no data/train.csv")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"serach": {}}, "serach: is no key of ExperimentFile, did you mean 'search'?"),
        ({"keep_models": -1}, "keep_models: must be a whole number of at least 0, or all, got -1"),
        ({"tracking": {"mlfow": {}}}, "tracking.mlfow: is no tracker, did you mean 'mlflow'?"),
    ],
)
def test_an_experiment_that_cannot_be(project: Path, changes: dict[str, object], told: str) -> None:
    write_experiment(**changes)
    ((level, found),) = said(services.experiments)
    assert (level, found.endswith(told)) == ("problem", True)
    assert "toy.yaml: " in found


def test_trackers_of_experiments_and_searches(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_experiment(tracking={"mlflow": {}})
    header = toy_header(tracking={"mine": {}, "wandb": False})
    write_toy_journal(project / "runs" / "toy names" / header.id, header)
    assert said(services.trackers) == [
        ("problem", "no tracker is called mine"),
        ("ok", "the tracker mlflow is installed"),
    ]
    monkeypatch.setitem(services._PACKAGES, "mlflow", "no_such_package")
    assert said(services.trackers)[0][0] == "problem"


def test_variables_without_secrets(project: Path) -> None:
    write_experiment(tracking={"mlflow": {"uri": "sqlite:///own.db"}})
    assert said(services.variables) == [("ok", "set, and winning over files: none")]
    uri = "https://me:hidden@mlflow.example.org"
    found = said(services.variables, MLFLOW_TRACKING_URI=uri, WANDB_API_KEY="hidden", WANDB_MODE="offline")
    assert found == [
        (
            "ok",
            "set, and winning over files: MLFLOW_TRACKING_URI=https://mlflow.example.org, "
            "WANDB_MODE=offline, WANDB_API_KEY (not shown)",
        ),
        ("warning", "MLFLOW_TRACKING_URI wins over the uri in the files of toy"),
    ]
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    ("mode", "environment", "level", "told"),
    [
        (None, {}, "ok", "W&B writes into wandb/ offline"),
        (None, {"WANDB_API_KEY": "x"}, "ok", "W&B is online"),
        ("online", {}, "problem", "W&B is to be online"),
        ("online", {"WANDB_MODE": "disabled"}, "ok", "W&B is disabled"),
        ("offline", {"WANDB_MODE": "on"}, "problem", "the mode of W&B is 'on'"),
    ],
)
def test_wandb(project: Path, mode: str | None, environment: dict[str, str], level: str, told: str) -> None:
    write_experiment(tracking={"wandb": {} if mode is None else {"mode": mode}})
    ((found, sentence),) = said(services.wandb, NETRC=str(project / "netrc"), **environment)
    assert (found, sentence.startswith(told)) == (level, True)


def test_an_account_that_wandb_has_noted(project: Path) -> None:
    write_experiment(tracking={"wandb": {}})
    (project / "netrc").write_text("machine api.wandb.ai login user password x\n")
    (project / "netrc").chmod(0o600)
    assert said(services.wandb, NETRC=str(project / "netrc")) == [("ok", "W&B is online")]


def test_searches_whose_file_is_elsewhere_name_their_trackers_too(project: Path) -> None:
    header = toy_header(tracking={"wandb": {"mode": "disabled"}})
    write_toy_journal(project / "runs" / "toy names" / header.id, header)
    assert said(services.wandb, NETRC=str(project / "netrc")) == [("ok", "W&B is disabled")]
