"""What MLflow's own tables hold of a search, in plain SQL: no reader of ours and no client of MLflow's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

# Searches of other experiments may have the same id.
_CHILDREN = """
    SELECT runs.run_uuid FROM runs
    JOIN experiments ON experiments.experiment_id = runs.experiment_id AND experiments.name = '{experiment}'
    JOIN tags AS search ON search.run_uuid = runs.run_uuid AND search.key = 'toolkit.search'
    JOIN tags AS own ON own.run_uuid = runs.run_uuid AND own.key = 'toolkit.run'
    WHERE runs.lifecycle_stage = 'active' AND search.value = '{search}' AND own.value <> '{search}'
"""
_ALL = """
    SELECT tags.run_uuid FROM tags
    JOIN runs ON runs.run_uuid = tags.run_uuid
    JOIN experiments ON experiments.experiment_id = runs.experiment_id AND experiments.name = '{experiment}'
    WHERE tags.key = 'toolkit.search' AND tags.value = '{search}'
"""
_TABLES = ("runs", "metrics", "latest_metrics", "params", "tags")


@dataclass(frozen=True)
class Rows:
    """Numbers of rows: of the search itself, of its trials, of their metrics, and of runs still RUNNING.

    `steps` counts the metrics' different (run, key, step).
    """

    searches: int
    trials: int
    metrics: int
    steps: int
    running: int


def count_rows(store: str, search: str, experiment: str) -> Rows:
    """Count in the database at `store`, a URI of sqlite or PostgreSQL."""
    about = {"search": search, "experiment": experiment.replace("'", "''")}
    children, everything = _CHILDREN.format(**about), _ALL.format(**about)
    active = f"SELECT count(*) FROM runs WHERE lifecycle_stage = 'active' AND run_uuid IN ({everything})"
    metrics = f"FROM metrics WHERE run_uuid IN ({children})"
    questions = (
        f"{active} AND run_uuid NOT IN ({children})",
        f"SELECT count(*) FROM ({children}) AS children",
        f"SELECT count(*) {metrics}",
        f"SELECT count(*) FROM (SELECT DISTINCT run_uuid, key, step {metrics}) AS points",
        f"{active} AND status = 'RUNNING'",
    )
    with _connected(store) as connection:
        return Rows(*(connection.execute(question).fetchone()[0] for question in questions))


def everything(store: str, search: str, experiment: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the search, so that a change of any kind is seen."""
    runs = _ALL.format(search=search, experiment=experiment.replace("'", "''"))
    with _connected(store) as connection:
        return {
            table: sorted(
                connection.execute(f"SELECT * FROM {table} WHERE run_uuid IN ({runs})").fetchall(), key=repr
            )
            for table in _TABLES
        }


@contextmanager
def _connected(store: str) -> Iterator[Any]:
    if store.startswith("sqlite:///"):
        with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as connection:
            yield connection
    else:
        with psycopg.connect(store) as connection:
            yield connection
