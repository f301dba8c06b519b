"""One MLflow store that the tests here look at, and an empty one to copy: making tables takes seconds."""

import shutil
from pathlib import Path

import pytest

from tests.leaderboard.sources.mlflow_mirrored import ship, write_searches
from toolkit.runs import Project, Search
from toolkit.trackers._mlflow_database import client_of


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sqlite file with MLflow's tables and nothing in them: copy it."""
    file = tmp_path_factory.mktemp("empty") / "mlflow.db"
    client_of(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> tuple[list[Search], Path]:
    """Searches as their journals tell them, and the store that has them too."""
    root = tmp_path_factory.mktemp("a project's root")
    project = Project(root, home=root)
    searches = write_searches(project)
    shutil.copyfile(empty_store, root / "mlflow.db")
    ship(searches, project)
    return searches, root / "mlflow.db"
