import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit import cli
from toolkit.data.names import SETS


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli.group, ["data", *arguments])


def in_a_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "toolkit", "data", *arguments], capture_output=True, text=True
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my names"
    folder.mkdir()
    for split in ("train", "valid", "test"):
        rows = "".join(f"{label},{split} {label} {n}\n" for label in ("Edv", "Maler") for n in range(5))
        (folder / f"{split}.csv").write_text(f"label,text\n{rows}", encoding="utf-8")
    return folder


def test_make_writes_the_set_named(tmp_path: Path) -> None:
    done = call("make", "business-names-noisy", "--out", str(tmp_path))
    assert done.exit_code == 0
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(Path(path).name, rows) for path, rows, _ in lines] == [
        ("train.csv", "4000"),
        ("valid.csv", "1000"),
        ("test.csv", "1000"),
        ("meta.json", "-"),
    ]
    for path, _, digest in lines:
        assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == digest
    assert [path.name for path in tmp_path.iterdir()] == ["business-names-noisy"]


def test_make_writes_every_set_and_the_same_bytes_again(tmp_path: Path) -> None:
    first = call("make", "--out", str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(SETS)
    assert call("make", "--out", str(tmp_path)).stdout == first.stdout


def test_make_names_the_sets_it_knows() -> None:
    done = call("make", "no-such-set")
    assert done.exit_code == 2
    assert "'business-names'" in done.stderr


def test_check_prints_a_table(folder: Path) -> None:
    done = call("check", str(folder))
    assert done.exit_code == 0
    assert done.stderr == ""
    header, train, *_, total = done.stdout.splitlines()
    assert header.split() == ["split", "rows", "labels", "characters", "tokens", "sha256"]
    digest = hashlib.sha256((folder / "train.csv").read_bytes()).hexdigest()
    assert train.split() == ["train", "10", "2", "12.0", "3.00", digest[:12]]
    assert total.startswith("30 rows, 2 labels; texts repeated in a split: 0, in two splits: 0")


def test_check_as_json_prints_nothing_else(folder: Path) -> None:
    (folder / "train.csv").write_text("label,text\nEdv,a\nedv,b\nMaler,c\n")
    (folder / "valid.csv").write_text("label,text\nEdv,d\n")
    (folder / "test.csv").unlink()
    done = call("check", str(folder), "--json")
    assert json.loads(done.stdout)["name"] == "my names"
    assert "Warning: " in done.stderr and "differ only by case" in done.stderr
    assert "single example" in done.stderr


def test_check_writes_the_profile_always_the_same(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "results" / "data" / "names.json"
    assert call("check", str(folder), "--write", str(target)).exit_code == 0
    written = target.read_bytes()
    moved = folder.rename(tmp_path / "elsewhere")
    (tmp_path / "again").mkdir()
    moved = moved.rename(tmp_path / "again" / "my names")
    call("check", str(moved), "--write", str(target))
    assert target.read_bytes() == written
    assert written.endswith(b"}\n")
    assert str(tmp_path).encode() not in written
    document = json.loads(written)
    assert list(document) == sorted(document)


def test_problems_are_lines_on_stderr_without_a_traceback(folder: Path) -> None:
    (folder / "train.csv").write_text("label,text\nEdv,\nMaler\n")
    (folder / "valid.csv").write_text("Label,text\nEdv,a\n")
    done = in_a_process("check", str(folder))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    first, second, third = done.stderr.splitlines()
    assert first.startswith(f"Error: {folder}/train.csv:2: 'text' is blank")
    assert second.startswith(f"{folder}/train.csv:3: has 1 field")
    assert third.startswith(f"{folder}/valid.csv:1: the header must name 'label'")


def test_a_folder_without_its_data_says_dvc_pull(tmp_path: Path) -> None:
    (tmp_path / "data.dvc").write_text("outs:\n- path: data\n")
    done = in_a_process("check", str(tmp_path / "data" / "business-names"))
    assert done.returncode == 1
    assert "run `dvc pull" in done.stderr


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = in_a_process("check", str(tmp_path / "nosuch"))
    assert done.returncode == 1
    assert done.stderr == f"Error: {tmp_path}/nosuch/train.csv: there is no such file\n"


def test_a_profile_cannot_be_written_over_a_folder(folder: Path) -> None:
    done = call("check", str(folder), "--write", str(folder))
    assert done.exit_code == 2
    assert "is a directory" in done.stderr


def test_a_failed_check_writes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "valid.csv").write_text("label,text\nKoch,a\n")
    assert call("check", str(folder), "--write", str(tmp_path / "names.json")).exit_code == 1
    assert not (tmp_path / "names.json").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["make", "--help"], ["check", "--help"]])
def test_help_holds_an_example(arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.exit_code == 0
    assert "  Example:\n    toolkit data " in done.stdout
