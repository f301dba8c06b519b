"""Secrets planted wherever a person may have them; then every byte of every file is searched for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.models import write_project
from tests.runs.repository import commit, git
from toolkit.cli import main
from toolkit.runs import find_searches
from toolkit.runs.layout import Project
from toolkit.testing.toy import toy_header, write_toy_journal

WORDS = {
    "remote": "rem0te-w0rd-7361",
    "query": "quer1-w0rd-9912",
    "password": "passw0rd-w0rd-4410",
    "key": "k" * 8 + "0123456789abcdef" * 2,
    "file": "dirty-file-w0rd-5521",
    "env_file": "env-file-w0rd-6633",
    "address": "addre55-w0rd-8874",
}


@pytest.fixture
def root(project: Path) -> Path:
    """A project in a repository with a telling remote and telling files that are not committed."""
    write_project(project, tracking={"mlflow": {}, "wandb": {}, "tensorboard": {}})
    (project / "code.py").write_text("x = 1\n")
    (project / ".gitignore").write_text("/runs/\n/wandb/\n/mlflow.db*\n/mlartifacts/\n/data/\n/said.txt\n")
    commit(project)
    url = f"https://me:{WORDS['remote']}@example.org/x.git?access_token={WORDS['query']}"
    git(project, "remote", "add", "origin", url)
    (project / "code.py").write_text(f'API_KEY = "{WORDS["file"]}"\nprint(1)\n')
    (project / ".env").write_text(f"WHAT={WORDS['env_file']}\n")
    return project


def toolkit(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A call of the command line in a process of its own; what it says is kept among the files."""
    given = {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "WANDB_API_KEY": WORDS["key"],
        "MLFLOW_TRACKING_USERNAME": "me",
        "MLFLOW_TRACKING_PASSWORD": WORDS["password"],
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", *arguments],
        cwd=root,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    with (root / "said.txt").open("a") as said:
        said.write(done.stdout + done.stderr)
    return done


PLANTED = {"code.py", ".env", "config"}  # git's own is where the remote stands


def leaks(root: Path) -> list[tuple[str, str]]:
    """(file, which word) of every file below the root that holds one, those left out that were planted."""
    files = [path for path in root.rglob("*") if path.is_file() and path.name not in PLANTED]
    assert len(files) > 5
    found = []
    for path in files:
        content = path.read_bytes()
        found += [(str(path), name) for name, word in WORDS.items() if word.encode() in content]
    return found


@pytest.mark.slow
def test_a_search_with_every_tracker_writes_none(root: Path) -> None:
    done = toolkit(
        root, "tune", "experiment.yaml", "--set", "trainer.optimizer.lr={choice: [0.01, 0.02]}",
        "--num-samples", "2", "--register", "names",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert leaks(root) == []
    (search,) = find_searches(Project.here())
    assert search.header.provenance["remote"] == "https://example.org/x.git?access_token=***"
    (changes,) = search.folder.path.glob("changes-*.diff")
    assert '+API_KEY = "***"' not in changes.read_text()
    assert "+API_KEY = ***\n+print(1)" in changes.read_text()
    kept = {path.parent.name for path in root.rglob(changes.name)}
    assert {search.id, "artifacts"} <= kept, kept  # beside the journal, and in MLflow


@pytest.mark.slow
def test_a_service_that_is_away_is_told_without_its_password(root: Path) -> None:
    header = toy_header(tracking={"mlflow": {}})
    folder = write_toy_journal(root / "runs" / "toy names" / header.id, header)
    away = f"http://me:{WORDS['address']}@127.0.0.1:9"
    for arguments in ([], ["--register", "names"]):
        done = toolkit(root, "sync", "toy names", *arguments, MLFLOW_TRACKING_URI=away)
        assert done.returncode == 1
        assert "127.0.0.1" in done.stdout
    assert "127.0.0.1" in folder.cursor("mlflow").read_text()
    assert leaks(root) == []


@pytest.mark.parametrize("command", ["tune", "baseline"])
def test_an_address_with_a_password_is_refused_before_anything_is_written(
    root: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = f"http://me:{WORDS['address']}@127.0.0.1:9"
    write_project(root, tracking={"mlflow": {"uri": uri}})
    with pytest.raises(SystemExit) as ended:
        main([command, "experiment.yaml"])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "Error: tracking.mlflow.uri: holds a password or a token, and would stand in journals and trackers: "
        "leave it to the environment"
    )
    assert not (root / "runs").exists()
    assert WORDS["address"] not in said
