import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.runs import (
    JournalWriter,
    Project,
    SearchFolder,
    SearchHeader,
    check_name,
    find_run,
    find_searches,
)
from toolkit.runs.find import journals_below


def write_search(folder: SearchFolder, search_id: str, experiment: str, trials: int = 2) -> None:
    header = SearchHeader(id=search_id, experiment=experiment, metric="validation_loss", mode="min")
    with JournalWriter(folder) as journal:
        journal.append("search", **header.to_record())
        for trial in range(trials):
            journal.append("trial", trial, params={}, config={})


@pytest.fixture
def two_experiments(project: Path) -> Project:
    here = Project.here()
    for search_id, experiment in (
        ("aaaa00000000", "names"),
        ("bbbb00000000", "names"),
        ("cccc00000000", "My first"),
    ):
        write_search(here.search(experiment, search_id), search_id, experiment)
    return here


@pytest.mark.parametrize(
    ("addresses", "ids"),
    [
        ((), {"bbbb00000000", "cccc00000000"}),
        (("names",), {"bbbb00000000"}),
        (("names@aaaa",), {"aaaa00000000"}),
        (("My first",), {"cccc00000000"}),
        (("names", "names@bbbb"), {"bbbb00000000"}),
        (("runs/names",), {"aaaa00000000", "bbbb00000000"}),
        (("runs/names/aaaa00000000",), {"aaaa00000000"}),
    ],
)
def test_addresses_of_searches(two_experiments: Project, addresses: tuple[str, ...], ids: set[str]) -> None:
    assert {search.id for search in find_searches(two_experiments, addresses)} == ids


def test_older_searches_on_request(two_experiments: Project) -> None:
    assert len(find_searches(two_experiments, every=True)) == 3


@pytest.mark.parametrize("address", ["nmaes", "names@ffff", "results", "", " "])
def test_an_address_that_names_nothing(two_experiments: Project, address: str) -> None:
    Path("results").mkdir(exist_ok=True)
    with pytest.raises(NotFoundError):
        find_searches(two_experiments, (address,))


def test_addresses_of_runs(two_experiments: Project) -> None:
    assert find_run(two_experiments, "names/1")[1].run_id == "bbbb00000000-00001"
    assert find_run(two_experiments, "aaaa00000000-00000")[1].run_id == "aaaa00000000-00000"
    with pytest.raises(NotFoundError, match="'names@' names 2 searches: write name@id-prefix/0"):
        find_run(two_experiments, "names@/0")
    with pytest.raises(NotFoundError, match="beginning of 2 run ids"):
        find_run(two_experiments, "aaaa")
    for strange in ("¹", "7" * 5_000):  # digits to Python, but no number of a trial
        with pytest.raises(NotFoundError, match="no run"):
            find_run(two_experiments, f"names/{strange}")
    with pytest.raises(NotFoundError, match="has no trial 7"):
        find_run(two_experiments, "names/7")


def test_the_root_is_found_from_below_and_from_a_temporary_copy(project: Path) -> None:
    below = project / "notebooks" / "deep"
    below.mkdir(parents=True)
    assert Project.here(below).root == project
    copy = project / ".dvc" / "tmp" / "exps" / "tmpabc"
    copy.mkdir(parents=True)
    (copy / "dvc.yaml").write_text("stages: {}\n")
    here = Project.here(copy)
    assert (here.runs, here.results, here.home) == (project / "runs", copy / "results", project)


@pytest.mark.parametrize(
    ("name", "folder"), [("a/b", "a_b"), ("..", "_"), ("", "_"), ("My search", "My search")]
)
def test_names_become_one_folder(name: str, folder: str, project: Path) -> None:
    assert Project.here().searches_of(name) == project / "runs" / folder


@pytest.mark.parametrize("name", ["", " ", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "ü" * 101])
def test_names_that_would_share_a_folder_are_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^name: "):
        check_name(name)


@pytest.mark.parametrize("name", ["_", "a_b", "My search", "v1.2", "u\u0308ber", "ü" * 100])
def test_names_that_have_a_folder_of_their_own(name: str) -> None:
    check_name(name)


def test_an_empty_address_is_refused_beside_others(two_experiments: Project) -> None:
    with pytest.raises(NotFoundError, match="an empty address"):
        find_searches(two_experiments, ("names", ""))


def test_a_folder_that_vanishes_while_journals_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that runs makes and removes folders below its own."""
    write_search(SearchFolder(tmp_path / "names" / "a"), "a" * 12, "names")
    (tmp_path / "names" / "a" / "trials" / "00000" / "state").mkdir(parents=True)
    really = os.scandir

    def racing(path: str) -> Any:
        if str(path).endswith("00000"):
            shutil.rmtree(path)
        return really(path)

    monkeypatch.setattr(os, "scandir", racing)
    assert journals_below(tmp_path) == [tmp_path / "names" / "a" / "journal.jsonl"]
    assert not (tmp_path / "names" / "a" / "trials" / "00000").exists()
