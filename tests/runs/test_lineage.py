import platform
from pathlib import Path

import pytest

from tests.runs.repository import git
from toolkit.runs.lineage import processor, provenance


def test_results_and_lock_do_not_make_code_dirty(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name in ("code.py", "dvc.lock", "results/a.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    git(tmp_path, "remote", "add", "origin", "https://me:secret-token@example.org/x.git")
    for name in ("dvc.lock", "results/a.csv"):
        (tmp_path / name).write_text("2")
    record = provenance(tmp_path)
    assert record["dirty"] is False
    assert len(record["commit"]) == 40
    assert "secret-token" not in str(record)
    (tmp_path / "code.py").write_text("2")
    assert provenance(tmp_path)["dirty"] is True


def test_dvc_digests_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "data.dvc").write_text("outs:\n- md5: abc.dir\n  path: data\n")
    (tmp_path / ".dvc").mkdir()
    assert provenance(tmp_path)["dvc"] == {"data": "abc.dir"}


def test_dvc_digests_of_data_anywhere_in_the_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name, out in (("data/a/train.csv", "abc"), ("ignored/b.csv", "def"), ("new.csv", "fed")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.dvc").write_text(f"outs:\n- md5: {out}\n  path: {Path(name).name}\n")
    (tmp_path / ".gitignore").write_text("/ignored/\n")
    git(tmp_path, "add", "data")
    assert provenance(tmp_path)["dvc"] == {"data/a/train.csv": "abc", "new.csv": "fed"}


@pytest.mark.parametrize("content", ["", "outs: 1\n", "- a\n", "outs: [{path: data}]\n", "outs: [\n"])
def test_a_pointer_that_is_none_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "data.dvc").write_text(content)
    assert provenance(tmp_path)["dvc"] == {}


def test_a_command_is_recorded_without_its_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sys.argv", ["/x/toolkit", "tune", "--set", "a.uri=http://me:pw@host", "--token", "t"]
    )
    assert provenance(tmp_path)["command"] == "toolkit tune --set a.uri=http://host --token '***'"


def test_outside_a_repository(tmp_path: Path) -> None:
    record = provenance(tmp_path)
    assert record["commit"] is None
    assert record["versions"]["torch"]


def test_the_processor_is_named_by_its_model(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("model\t\t: 17\nmodel name\t: AMD EPYC 7763 64-Core \nmodel name\t: another\n")
    assert processor(cpuinfo) == "AMD EPYC 7763 64-Core"


@pytest.mark.parametrize("text", [None, "Features\t: fp asimd\n", "model name\t:\nflags\t: fpu\n"])
def test_a_processor_without_a_model_name_is_what_python_knows(tmp_path: Path, text: str | None) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    if text is not None:
        cpuinfo.write_text(text)
    assert processor(cpuinfo) == (platform.processor() or platform.machine())
    assert provenance(tmp_path)["processor"]
