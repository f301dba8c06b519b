"""Disk and machine: each broken once, by other limits or other folders of the system."""

from collections import namedtuple
from pathlib import Path

import pytest

from tests.doctor.broken import said, write_experiment
from toolkit.doctor import disk, machine

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "level"), [(10**8, "problem"), (2 * 10**9, "warning"), (10**11, "ok")])
def test_space(project: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**12, 0, free))
    assert [found for found, _ in said(disk.space)] == [level, level]


@pytest.mark.parametrize(("free", "level"), [(64 * 10**6, "warning"), (10**10, "ok")])
def test_shared_memory(project: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(disk, "SHARED_MEMORY", project)
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**12, 0, free))
    assert [found for found, _ in said(disk.shared_memory)] == [level]


def test_home(project: Path) -> None:
    assert [level for level, _ in said(disk.home, HOME=str(project))] == ["ok"]
    assert [level for level, _ in said(disk.home, HOME="/proc/nobody")] == ["problem"]


def test_paths(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [level for level, _ in said(disk.paths, RAY_TMPDIR="/tmp")] == ["ok"]
    deep = tmp_path / ("x" * 60)
    deep.mkdir()
    ((level, found),) = said(disk.paths, RAY_TMPDIR=str(deep))
    assert (level, "would have names of" in found) == ("problem", True)
    odd = tmp_path / "a\tb"
    odd.mkdir()
    monkeypatch.chdir(odd)
    ((level, found),) = said(disk.paths, RAY_TMPDIR="/tmp")
    assert (level, r"has '\t'" in found) == ("problem", True)


@pytest.mark.parametrize(
    ("files", "level", "told"),
    [
        ({"cpu.max": "max 100000"}, "ok", "8 processors"),
        ({"cpu.max": "150000 100000"}, "warning", "this container may use 1.5 of 8 processors"),
        (
            {"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"},
            "warning",
            "this container may use 2 of 8 processors",
        ),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, "ok", "8 processors"),
        ({}, "ok", "8 processors"),
    ],
)
def test_processors(
    project: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], level: str, told: str
) -> None:
    monkeypatch.setattr(machine, "CGROUP", project)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    for name, text in files.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(f"{text}\n")
    assert said(machine.processors) == [(level, told)]


@pytest.mark.parametrize(
    ("there", "asked", "visible", "level"),
    [
        (0, 0, None, "ok"),
        (1, 0, None, "warning"),
        (1, 0, "", "ok"),
        (1, 1, None, "ok"),
        (1, 1, "-1", "warning"),
        (0, 1, None, "warning"),
    ],
)
def test_gpus(
    project: Path, monkeypatch: pytest.MonkeyPatch, there: int, asked: int, visible: str | None, level: str
) -> None:
    monkeypatch.setattr(machine, "DEVICES", project / "dev")
    for name in ("nvidiactl", *(f"nvidia{number}" for number in range(there))):
        (project / "dev").mkdir(exist_ok=True)
        (project / "dev" / name).touch()
    write_experiment(search={"resources_per_trial": {"gpu": asked}})
    environment = {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}
    assert [found for found, _ in said(machine.gpus, **environment)] == [level]
