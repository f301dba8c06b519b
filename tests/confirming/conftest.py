"""One finished search and one confirmation for all tests of the room, which get copies."""

import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
import torch

from tests.confirming.searches import searched, train_here, write_project
from toolkit.confirming import choose_leaders, confirm
from toolkit.runs import Project, Search, find_searches


@pytest.fixture(scope="session")
def trained_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a search of three trials, whose first two leaders are confirmed on two seeds."""
    root, threads = tmp_path_factory.mktemp("trained"), torch.get_num_threads()
    (root / "dvc.yaml").write_text("stages: {}\n")
    torch.set_num_threads(1)  # faster on so few rows
    with chdir(root), pytest.MonkeyPatch.context() as patch:
        patch.setattr("toolkit.hpo.tune._search", train_here)
        search = searched(write_project(root), Project.here())
        confirm(choose_leaders([search], 2), 2, Project.here())
    yield root
    torch.set_num_threads(threads)


@pytest.fixture
def confirmed(project: Path, trained_project: Path, monkeypatch: pytest.MonkeyPatch) -> Search:
    """The search, with its confirmation beside it; more seeds train in this process."""
    monkeypatch.setattr("toolkit.hpo.tune._search", train_here)
    shutil.copytree(trained_project, project, dirs_exist_ok=True)
    (search,) = find_searches(Project.here(), ["toy"])
    return search


@pytest.fixture
def search(confirmed: Search, project: Path) -> Search:
    """The search alone."""
    shutil.rmtree(project / "runs" / "toy-confirm")
    return confirmed
