"""The same search gives the same bytes with any number of workers, and after the disk was full.

After kills it does too: tests/faults.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import skip
from tests.faults.searches import SmallSearch, finish
from toolkit.runs import Status


@pytest.fixture(scope="module")
def sequential(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """The results of the search as one worker does it, undisturbed."""
    search = SmallSearch.make(tmp_path_factory.mktemp("sequential"))
    finish(search.start(workers=1))
    statuses = {run.status for run in search.found().runs.values()}
    assert statuses == {Status.COMPLETED, Status.STOPPED}  # else this shows little
    assert len(search.results()) == 6
    yield search.results()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers_writes_the_same_bytes(
    sequential: dict[str, bytes], tmp_path: Path, workers: int
) -> None:
    search = SmallSearch.make(tmp_path)
    finish(search.start(workers=workers))
    assert search.results() == sequential
    search.assert_exact()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallSearch]:
    """A search whose `runs/` is a disk of its own, with next to no room."""
    search = SmallSearch.make(tmp_path)
    runs = search.folder / "runs"
    runs.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(runs)], check=False)
    if mount.returncode != 0:
        skip("a disk of its own needs the right to mount one")
    yield search
    subprocess.run(["umount", "--lazy", str(runs)], check=True)


@pytest.mark.slow
def test_a_full_disk_stops_the_search_and_it_goes_on_when_there_is_room(
    sequential: dict[str, bytes], small_disk: SmallSearch
) -> None:
    process = small_disk.start()
    _, err = process.communicate(timeout=280)
    assert process.returncode == 1
    assert "No space left on device" in err.splitlines()[-1]
    assert "the same command" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not small_disk.results()
    subprocess.run(["mount", "-o", "remount,size=500m", str(small_disk.folder / "runs")], check=True)
    finish(small_disk.start())
    assert small_disk.results() == sequential
    small_disk.assert_exact()
