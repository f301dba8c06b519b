"""The notebook runs from its first cell to its last, on less data and with fewer trials."""

import itertools
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.hpo.conftest import ray_running
from toolkit.runs import Project, Status, find_searches

__all__ = ["ray_running"]
ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "hyperparameter-search.ipynb"


def first_rows(source: Path, target: Path, count: int) -> None:
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(lines[: count + 1]), encoding="utf-8")


def html_of(notebook: nbformat.NotebookNode, beginning: str) -> str:
    """What the cell that begins so has displayed."""
    (cell,) = (cell for cell in notebook.cells if cell.source.startswith(beginning))
    (output,) = (output for output in cell.outputs if "data" in output)
    return "".join(output.data["text/html"])


@pytest.fixture
def small_project(project: Path) -> Path:
    """A project with the first rows of the embedded data, enough to see every label."""
    folder = project / "data" / "business-names"
    folder.mkdir(parents=True)
    for split, count in (("train", 600), ("valid", 150)):
        first_rows(ROOT / "data" / "business-names" / f"{split}.csv", folder / f"{split}.csv", count)
    (project / "notebooks").mkdir()
    return project


def test_it_has_no_output_in_git() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)


def test_its_search_can_be_planned(
    small_project: Path, ray_running: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cells run up to the search, here in this process; the slow tests run all of it."""
    monkeypatch.chdir(small_project / "notebooks")
    names: dict[str, Any] = {}
    code = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    for source in itertools.takewhile(lambda source: "tune.run(" not in source, code):
        exec(source, names)
    assert len(names["my_random_search"].plan.trials) == names["NUM_SAMPLES"] == 50


@pytest.mark.slow
def test_it_runs_from_end_to_end(small_project: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (parameters,) = (cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    assert "NUM_SAMPLES = 50" in parameters.source
    parameters.source = parameters.source.replace("NUM_SAMPLES = 50", "NUM_SAMPLES = 3")
    os.environ["PYTHONPATH"] = str(ROOT)
    folder = small_project / "notebooks"
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(folder)}}).execute()
    assert '<div class="toolkit-leaderboard' in html_of(notebook, "leaderboard = compare(")
    assert "validation_loss, lowest first" in html_of(notebook, "leaderboard = compare(")
    assert '<table border="1" class="dataframe">' in html_of(notebook, "every_run = compare(")
    (search,) = find_searches(Project.here())
    assert search.experiment == "My first random search"
    assert search.status is Status.COMPLETED
    assert len(search.runs) == 3
    assert set(search.header.tracking) == {"mlflow", "wandb", "tensorboard"}
    assert (small_project / "results" / "My first random search" / "leaderboard.csv").is_file()
    assert list((folder / "tune_runs").rglob("model.tar.gz"))
