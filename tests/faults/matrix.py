"""The fault matrix: what each tracker holds after each fault, counted and written into the docs.

A test of a fault ends with `hold(fault, column, cell)`: it fails where a point is lost or doubled or a run is
left open, and where docs/reliability.md has no such row. With TOOLKIT_WRITE_RELIABILITY=1 the row is
written there instead.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import reduce
from pathlib import Path

import filelock

from tests.faults.mlflow_tables import Rows, count_rows
from toolkit.runs import Project, Search, SearchFolder, load_search
from toolkit.trackers.comparison import compare
from toolkit.trackers.metrics import as_number
from toolkit.trackers.registry import make_reader

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
COLUMNS = ("MLflow, sqlite", "MLflow, server", "MLflow, PostgreSQL", "W&B, offline", "TensorBoard")
OF_TRACKER = {"mlflow": COLUMNS[0], "wandb": COLUMNS[3], "tensorboard": COLUMNS[4]}
_BEGIN, _END = "<!-- fault matrix: begin -->", "<!-- fault matrix: end -->"


@dataclass(frozen=True)
class Cell:
    """Points decided, stored and doubled, and runs left open."""

    decided: int
    stored: int
    doubled: int
    left_open: int

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return f"{self.decided} / {self.stored} / {self.doubled} / {self.left_open}"


def count(
    tracker: str, folder: SearchFolder, options: dict[str, str] | None = None, *, store: str | None = None
) -> Cell:
    """What the tracker holds of a search that has come to its end.

    Args:
        store: URI of MLflow's database, where `options` do not name it: behind a server.
    """
    search: Search = load_search(folder)
    reader = make_reader(tracker, Project.here(), folder, search.header, options or {})
    found = compare(search, reader)
    assert not found.differences, found.differences[:5]
    if tracker == "mlflow":
        _count_in_tables(search, store or (options or {}).get("uri") or Project.here().mlflow_uri)
    return Cell(found.decided, found.stored, found.doubled, found.left_open)


def _count_in_tables(search: Search, store: str) -> None:
    """The same once more where neither our reader nor MLflow's client has a say."""
    points = [point for run in search.runs.values() for point in run.points]
    numbers = sum(as_number(value) is not None for point in points for value in point.metrics.values())
    assert count_rows(store, search.id, search.experiment) == Rows(
        searches=1, trials=len(search.runs), metrics=numbers, steps=numbers, running=0
    )


def count_all(folder: SearchFolder) -> dict[str, Cell]:
    """Column -> what that tracker holds of a search that was mirrored to all three of its project."""
    return {column: count(tracker, folder) for tracker, column in OF_TRACKER.items()}


def hold_all(fault: str, *counts: Mapping[str, Cell]) -> None:
    """`hold` for all three trackers; of several searches that met the same fault the sums."""
    for column in OF_TRACKER.values():
        hold(fault, column, reduce(Cell.__add__, (cells[column] for cells in counts)))


def hold(fault: str, column: str, cell: Cell) -> None:
    """The promise itself: nothing lost, nothing twice, nothing left open; and the docs know of it."""
    assert cell.decided > 0
    assert (cell.stored, cell.doubled, cell.left_open) == (cell.decided, 0, 0)
    if os.environ.get("TOOLKIT_WRITE_RELIABILITY"):
        _write(fault, column, cell)
    told = read_page().get(fault, {}).get(column)
    assert told not in (None, "-"), (
        f"{PAGE} does not tell of {fault!r} with {column}: TOOLKIT_WRITE_RELIABILITY=1 writes it"
    )
    decided, *rest = (int(number) for number in re.findall(r"\d+", told or ""))
    assert rest == [decided, 0, 0], told


def read_page() -> dict[str, dict[str, str]]:
    """Fault -> column -> cell, as the docs have it."""
    table = PAGE.read_text(encoding="utf-8").split(_BEGIN)[1].split(_END)[0].strip().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]
    return {fault: dict(zip(COLUMNS, cells, strict=True)) for fault, *cells in rows}


def _write(fault: str, column: str, cell: Cell) -> None:
    with filelock.FileLock(f"{PAGE}.lock"):
        rows = read_page()
        rows.setdefault(fault, dict.fromkeys(COLUMNS, "-"))[column] = str(cell)
        lines = [["fault", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
        lines += [[name, *cells.values()] for name, cells in rows.items()]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        before, rest = PAGE.read_text(encoding="utf-8").split(_BEGIN)
        PAGE.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{rest.split(_END)[1]}", encoding="utf-8")
