"""A copy of an MLflow server's store on this machine: those tables of MLflow's that a leaderboard reads.

So what was fetched once is read like any other database. It may be deleted at any time: where it is missing,
everything is fetched again.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.errors import TrackerError
from toolkit.leaderboard.sources.mlflow.stored import INFINITY, DataInput, Value

_SECONDS = 30.0
"""How long one process waits for another that writes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS copied (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS experiments (experiment_id TEXT PRIMARY KEY, name TEXT, lifecycle_stage TEXT);
CREATE TABLE IF NOT EXISTS runs (
    run_uuid TEXT PRIMARY KEY, experiment_id TEXT, status TEXT, start_time INTEGER, end_time INTEGER,
    lifecycle_stage TEXT, artifact_uri TEXT
);
CREATE TABLE IF NOT EXISTS tags (key TEXT, run_uuid TEXT, value TEXT, PRIMARY KEY (key, run_uuid));
CREATE TABLE IF NOT EXISTS params (
    run_uuid TEXT, key TEXT, value TEXT, PRIMARY KEY (run_uuid, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS metrics (
    key TEXT, run_uuid TEXT, step INTEGER, timestamp INTEGER, value REAL, is_nan INTEGER,
    PRIMARY KEY (key, run_uuid, step, timestamp, value, is_nan)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest_metrics (
    key TEXT, run_uuid TEXT, PRIMARY KEY (key, run_uuid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS datasets (
    dataset_uuid TEXT PRIMARY KEY, name TEXT, digest TEXT, dataset_source TEXT, dataset_profile TEXT
);
CREATE TABLE IF NOT EXISTS inputs (
    input_uuid TEXT PRIMARY KEY, source_type TEXT, source_id TEXT, destination_type TEXT, destination_id TEXT
);
CREATE TABLE IF NOT EXISTS input_tags (
    input_uuid TEXT, name TEXT, value TEXT, PRIMARY KEY (input_uuid, name)
);
CREATE INDEX IF NOT EXISTS tags_of_a_run ON tags (run_uuid);
CREATE INDEX IF NOT EXISTS metrics_of_a_run ON metrics (run_uuid);
CREATE INDEX IF NOT EXISTS latest_metrics_of_a_run ON latest_metrics (run_uuid);
CREATE INDEX IF NOT EXISTS inputs_of_a_run ON inputs (destination_id);
"""
_OF_A_RUN = {
    "tags": "run_uuid",
    "params": "run_uuid",
    "metrics": "run_uuid",
    "latest_metrics": "run_uuid",
    "inputs": "destination_id",
    "runs": "run_uuid",
}


@dataclass
class FetchedRun:
    """A run as a server tells of it."""

    id: str
    experiment: str
    status: str
    started: int
    ended: int | None
    artifacts: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    data: Sequence[DataInput]
    values: list[Value] = field(default_factory=list)


class Copy:
    """The copy in a file, which is made where it is not there.

    Args:
        path: of the file; None for a copy that lasts as long as this object.

    Raises:
        TrackerError: the file cannot be written, or is no such copy.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        with self._told():
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(":memory:" if path is None else path, timeout=_SECONDS)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.executescript(_TABLES)

    def close(self) -> None:
        self.connection.close()

    @property
    def fetched_until(self) -> int | None:
        """The latest end of a run that was there when the copy was last complete; None while it never was."""
        row = self.connection.execute("SELECT value FROM copied WHERE name = 'until'").fetchone()
        return None if row is None else int(row[0])

    def known(self) -> dict[str, tuple[str, int | None]]:
        """MLflow's id of each run in the copy -> (its status, its end)."""
        rows = self.connection.execute("SELECT run_uuid, status, end_time FROM runs")
        return {run: (status, ended) for run, status, ended in rows}

    def experiments(self) -> set[str]:
        return {number for (number,) in self.connection.execute("SELECT experiment_id FROM experiments")}

    def name_experiments(self, names: Mapping[str, str]) -> None:
        """Have just these experiments: MLflow's id -> name."""
        with self._told(), self.connection:
            self.connection.execute("DELETE FROM experiments")
            rows = ((number, name) for number, name in names.items())
            self.connection.executemany("INSERT INTO experiments VALUES (?, ?, 'active')", rows)

    def keep(self, runs: Sequence[FetchedRun]) -> None:
        """Take these runs in, in place of what was known of them; all or none."""
        with self._told(), self.connection:
            self._forget(run.id for run in runs)
            for run in runs:
                self._insert(run)

    def forget(self, runs: Iterable[str]) -> None:
        """Drop the runs with these ids."""
        with self._told(), self.connection:
            self._forget(runs)

    def complete(self) -> None:
        """Say that everything that the server had is here."""
        with self._told(), self.connection:
            self.connection.execute(
                "INSERT OR REPLACE INTO copied SELECT 'until', COALESCE(MAX(end_time), 0) FROM runs"
            )

    def _forget(self, runs: Iterable[str]) -> None:
        ids = [(run,) for run in runs]
        self.connection.executemany(
            "DELETE FROM input_tags WHERE input_uuid IN "
            "(SELECT input_uuid FROM inputs WHERE destination_id = ?)",
            ids,
        )
        for table, column in _OF_A_RUN.items():
            self.connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", ids)

    def _insert(self, run: FetchedRun) -> None:
        many = self.connection.executemany
        row = run.id, run.experiment, run.status, run.started, run.ended, run.artifacts
        self.connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, 'active', ?)", row)
        many("INSERT INTO tags VALUES (?, ?, ?)", [(key, run.id, value) for key, value in run.tags.items()])
        many("INSERT INTO params VALUES (?, ?, ?)", [(run.id, *param) for param in run.params.items()])
        many("INSERT OR IGNORE INTO metrics VALUES (?, ?, ?, ?, ?, ?)", [_row(run, v) for v in run.values])
        names = {value.name for value in run.values}
        many("INSERT INTO latest_metrics VALUES (?, ?)", [(name, run.id) for name in names])
        for number, told in enumerate(run.data):
            data, made = f"{run.experiment}/{told.name}/{told.digest}", f"{run.id}/{number}"
            about = data, told.name, told.digest, told.source, told.profile
            self.connection.execute("INSERT OR IGNORE INTO datasets VALUES (?, ?, ?, ?, ?)", about)
            self.connection.execute(
                "INSERT INTO inputs VALUES (?, 'DATASET', ?, 'RUN', ?)", (made, data, run.id)
            )
            self.connection.execute(
                "INSERT INTO input_tags VALUES (?, 'mlflow.data.context', ?)", (made, told.context)
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise TrackerError(
                f"the copy of the MLflow server in {self._path} cannot be written ({error}): "
                "delete the file, or have its folder made writable"
            ) from error


def _row(run: FetchedRun, value: Value) -> tuple[Any, ...]:
    """As MLflow's own databases have it: zero for NaN, the largest number for infinity."""
    is_nan = value.value != value.value
    held = 0.0 if is_nan else max(-INFINITY, min(INFINITY, value.value))
    return value.name, run.id, value.step, value.timestamp, held, is_nan
