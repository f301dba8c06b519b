"""MLflow's page in a real browser, on the store that a mirror wrote."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import skip
from toolkit.runs import Project
from toolkit.testing.toy import toy_header, write_toy_journal
from toolkit.trackers import mirror

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium")


@pytest.fixture
def page(project: Path) -> Iterator[str]:
    """Address of MLflow's page, opened by `toolkit ui` over one finished toy search."""
    if CHROMIUM is None:
        skip("chromium is not installed: MLflow's page is not looked at")
    here = Project.here()
    header = toy_header(tracking={"mlflow": {}})
    folder = write_toy_journal(here.search(header.experiment, header.id).path, header)
    assert [outcome.remaining for outcome in mirror(folder, here)] == [0]
    root = str(Path(__file__).parents[1])
    ui = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "ui"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"},
    )
    assert ui.stdout is not None
    try:
        yield next(re.findall(r"http://\S+", line)[0] for line in ui.stdout if line.startswith("MLflow"))
    finally:
        ui.terminate()
        ui.wait(30)


def dom(url: str, home: Path) -> str:
    """What the browser shows of a page after its scripts have run."""
    assert CHROMIUM is not None
    quiet = (
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    command = [CHROMIUM, "--headless", "--no-sandbox", "--no-first-run", *quiet, f"--user-data-dir={home}"]
    command += ["--virtual-time-budget=30000", "--window-size=1600,1000", "--dump-dom", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


def test_the_search_and_its_parent_run_are_there(page: str, tmp_path: Path) -> None:
    deadline = time.monotonic() + 120
    experiment = _experiment_id(page)
    shown = ""
    while "toy names@0123456789ab" not in shown and time.monotonic() < deadline:
        shown = dom(f"{page}/#/experiments/{experiment}/runs", tmp_path / "browser")
    assert "toy names@0123456789ab" in shown


def _experiment_id(page: str) -> str:
    name = "toy%20names"
    url = f"{page}/api/2.0/mlflow/experiments/get-by-name?experiment_name={name}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return re.findall(r'"experiment_id":\s*"(\d+)"', answer.read().decode())[0]
