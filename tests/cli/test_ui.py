"""`toolkit ui`: what it prints, and that both pages answer and stop."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import ui
from toolkit.runs import Project


def test_where_names_every_place_and_starts_nothing(project: Path) -> None:
    done = CliRunner().invoke(ui.command, ["--where"])
    assert done.exit_code == 0
    title, *lines = done.output.splitlines()
    assert title == "Where to look next:"
    assert [re.split("  +", line.strip()) for line in lines] == [
        ["all at once", "toolkit ui", "MLflow and TensorBoard in the browser"],
        ["leaderboard", "toolkit compare", "runs of all searches, ranked"],
        ["results", "results/", "leaderboards, metrics, best configurations and models"],
        ["MLflow", "mlflow ui --backend-store-uri sqlite:///mlflow.db", "the searches' pages"],
        ["TensorBoard", "tensorboard --logdir runs", "curves and HPARAMS"],
        ["W&B", "wandb sync wandb/offline-run-*", "uploads, once you have an account"],
        ["journals", "runs/", "the record that all of these are made from"],
    ]
    assert max(map(len, lines)) <= 120
    assert list(project.iterdir()) == [project / "dvc.yaml"]


def test_where_quotes_the_paths_of_another_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "notebooks").mkdir()
    monkeypatch.chdir(project / "notebooks")
    done = CliRunner().invoke(ui.command, ["--where"])
    assert f"tensorboard --logdir {shlex.quote(str(project / 'runs'))}" in done.output


def test_a_server_has_its_own_page(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:secret@tracking.example:5000")
    assert "  MLflow       http://tracking.example:5000" in CliRunner().invoke(ui.command, ["--where"]).output
    assert [service.name for service in ui._services(Project.here(), 1, 2)] == ["TensorBoard"]


def test_a_taken_port_is_left_to_its_owner() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ui._free_port(port) not in (0, port)


@pytest.mark.slow
def test_both_pages_answer_and_stop_with_ctrl_c(project: Path) -> None:
    code = "from toolkit.cli.ui import command; command()"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(ui.__file__).parents[2])},
    )
    assert process.stdout is not None
    urls = [re.search(r"http://\S+", process.stdout.readline()) for _ in range(2)]
    for url in urls:
        assert url is not None
        with urllib.request.urlopen(url[0], timeout=20) as answer:
            assert answer.status == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    for url in urls:
        assert url is not None
        _wait_until_gone(url[0])


def _wait_until_gone(url: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (urllib.error.URLError, OSError):
            return
    raise AssertionError(f"{url} still answers")
