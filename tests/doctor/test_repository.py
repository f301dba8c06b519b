import subprocess
from pathlib import Path

import pytest

from tests.doctor.broken import said
from toolkit.doctor import repository


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_without_dvc_yaml_the_working_directory_is_the_root(project: Path) -> None:
    assert said(repository.project) == [("ok", f"the root is {project}")]
    (project / "dvc.yaml").unlink()
    assert said(repository.project)[0][0] == "warning"


def test_git(project: Path) -> None:
    ((level, found),) = said(repository.git)
    assert (level, "is in no git repository" in found) == ("warning", True)
    git("init")
    ((level, found),) = said(repository.git)
    assert (level, "nothing is committed yet" in found) == ("warning", True)
    git("add", ".")
    git("commit", "-m", "a")
    ((level, found),) = said(repository.git)
    assert (level, found.endswith(", nothing changed")) == ("ok", True)
    (project / "dvc.lock").write_text("")  # written by the stages themselves
    assert [level for level, _ in said(repository.git)] == ["ok"]
    (project / "dvc.yaml").write_text("stages: {}\n\n")
    ((level, found),) = said(repository.git)
    assert (level, found.startswith("1 file is not as in commit")) == ("warning", True)


@pytest.mark.parametrize(
    ("files", "level", "told"),
    [
        ({}, "problem", "data is not there"),
        ({"a": "12"}, "warning", "data is not what data.dvc says: 1 files, 2 bytes"),
        ({"a": "12", "b": "3"}, "ok", "data is there: 2 files, 3 bytes"),
    ],
)
def test_data(project: Path, files: dict[str, str], level: str, told: str) -> None:
    (project / "data.dvc").write_text("outs:\n- md5: 0.dir\n  size: 3\n  nfiles: 2\n  path: data\n")
    for name, text in files.items():
        (project / "data").mkdir(exist_ok=True)
        (project / "data" / name).write_text(text)
    assert said(repository.data) == [(level, told)]


@pytest.mark.parametrize(
    ("config", "level", "told"),
    [
        ("", "warning", "DVC has no default remote: nobody else gets the data"),
        ("[core]\n    remote = o\n['remote \"o\"']\n    url = s3://x\n", "ok", "DVC's remote o is elsewhere"),
        (
            "[core]\n    remote = o\n['remote \"o\"']\n    url = ../dvc.yaml\n",
            "ok",
            "DVC's remote o is there",
        ),
        (
            "[core]\n    remote = o\n['remote \"o\"']\n    url = ../gone\n",
            "problem",
            "DVC's remote o is not there",
        ),
    ],
)
def test_remote(project: Path, config: str, level: str, told: str) -> None:
    assert said(repository.remote) == []
    (project / ".dvc").mkdir()
    (project / ".dvc" / "config").write_text(config)
    ((found, sentence),) = said(repository.remote)
    assert (found, sentence.startswith(told)) == (level, True)


@pytest.mark.slow  # DVC itself takes seconds
def test_stages(project: Path) -> None:
    assert [level for level, _ in said(repository.stages)] == ["problem"]  # DVC wants a repository
    git("init")
    (project / ".dvc").mkdir()
    (project / ".dvc" / "config").write_text("[core]\n    analytics = false\n")
    stages = "stages:\n  a:\n    cmd: echo a\n  b:\n    foreach: [x]\n    do:\n      cmd: echo ${item}\n"
    (project / "dvc.yaml").write_text(stages)
    (project / "dvc.lock").write_text(
        "schema: '2.0'\nstages:\n  a:\n    cmd: echo a\n  c:\n    cmd: echo c\n"
    )
    assert said(repository.stages) == [
        ("warning", "never run: b@x"),
        ("warning", "dvc.lock has stages that are no more: c"),
    ]
    (project / "dvc.lock").write_text(
        "schema: '2.0'\nstages:\n  a:\n    cmd: echo a\n  b@x:\n    cmd: echo x\n"
    )
    assert said(repository.stages) == [("ok", "dvc.lock has all 2 stages")]
