"""Ranking the runs of a large MLflow store: `toolkit compare --mlflow`, and `mlflow.search_runs` on it.

    python benchmarks/mlflow_store.py make FILE --runs 100000
    python benchmarks/mlflow_store.py measure FILE [--peer SECONDS]

make        a sqlite store with MLflow's own tables, filled by SQL with what the tracker writes: searches of
            a thousand trials below twenty experiments, one to five epochs of six metrics, ten parameters and
            the tags of a run. Through MLflow's client it would take hours.
measure     the whole command `toolkit compare --mlflow sqlite:///FILE --top 20 --json`, process start
            included: once after the file was dropped from the page cache, then five times. With --peer the
            same question to `mlflow.search_runs`, with a limit of so many seconds.

What is asked of it: the top 20 of 100,000 runs in at most 1.5 s with the file in the page cache.
"""

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click

TRIALS, EXPERIMENTS, EPOCHS, METRICS = 1000, 20, 5, 6
_BEGAN = 1_760_000_000_000
_QUIET = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
_PEER = """
import mlflow, sys
client = mlflow.MlflowClient(tracking_uri=sys.argv[1])
experiments = [found.experiment_id for found in client.search_experiments()]
mlflow.set_tracking_uri(sys.argv[1])
runs = mlflow.search_runs(experiments, order_by=["metrics.validation_loss ASC"], max_results=20)
assert len(runs) == 20
"""

_INSERTS = {
    "runs": "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,"
    " start_time, end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
    " VALUES (?, ?, 'UNKNOWN', '', '', 'somebody', ?, ?, ?, '', 'active', ?, ?)",
    "tags": "INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)",
    "params": "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)",
    "metrics": "INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan)"
    " VALUES (?, ?, ?, ?, ?, 0)",
    "latest_metrics": "INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)"
    " VALUES (?, ?, ?, ?, ?, 0)",
    "inputs": "INSERT INTO inputs"
    " (input_uuid, source_type, source_id, destination_type, destination_id, step)"
    " VALUES (?, 'DATASET', ?, 'RUN', ?, 0)",
    "input_tags": "INSERT INTO input_tags (input_uuid, name, value) VALUES (?, 'mlflow.data.context', ?)",
}


class Rows:
    """Rows of all tables, written in bulk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}

    def add(self, table: str, *values: Any) -> None:
        self._waiting[table].append(values)

    def flush(self) -> None:
        for table, rows in self._waiting.items():
            self._connection.executemany(_INSERTS[table], rows)
            rows.clear()


def fill(connection: sqlite3.Connection, runs: int, experiments: int, trials: int) -> None:
    """Write so many runs, in searches of so many trials."""
    luck, rows = random.Random(0), Rows(connection)
    for experiment in range(1, experiments + 1):
        connection.execute(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
            " last_update_time) VALUES (?, ?, '/nowhere', 'active', ?, ?)",
            (experiment, f"experiment-{experiment:02d}", _BEGAN, _BEGAN),
        )
        for role in ("training", "validation"):
            connection.execute(
                "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type,"
                " dataset_source) VALUES (?, ?, ?, ?, 'local', '{}')",
                (f"{role}-{experiment}", experiment, f"{role}.csv", "ab" * 18),
            )
    for number in range(-(-runs // trials)):
        _search(rows, luck, number, number % experiments + 1, min(trials, runs - number * trials))
        rows.flush()


def _search(rows: Rows, luck: random.Random, number: int, experiment: int, trials: int) -> None:
    search, began = f"{luck.getrandbits(48):012x}", _BEGAN + number * 10_000_000
    parent = _uuid(luck)
    own = {"toolkit.metric": "validation_loss", "toolkit.mode": "min", "toolkit.trials": str(trials)}
    own |= {"toolkit.labels": json.dumps([f"Gewerbe {i:02d}" for i in range(15)])}
    _run(rows, luck, parent, experiment, f"experiment-{experiment:02d}@{search}", "FINISHED", began)
    _tags(rows, parent, experiment, search, {**own, "toolkit.run": search, "toolkit.status": "COMPLETED"})
    for trial in range(trials):
        _trial(rows, luck, parent, experiment, search, trial, began + trial * 1000)


def _trial(
    rows: Rows, luck: random.Random, parent: str, experiment: int, search: str, trial: int, began: int
) -> None:
    uuid, lr, size = _uuid(luck), luck.uniform(0.001, 0.01), luck.choice([32, 64])
    epochs = luck.choice([1, 1, 2, 3, EPOCHS])
    status = "FAILED" if luck.random() < 0.01 else "COMPLETED" if epochs == EPOCHS else "STOPPED"
    known = {"COMPLETED": "FINISHED", "STOPPED": "KILLED", "FAILED": "FAILED"}[status]
    _run(rows, luck, uuid, experiment, f"trial {trial}", known, began)
    own = {"mlflow.parentRunId": parent, "toolkit.trial": str(trial), "toolkit.status": status}
    own |= {"toolkit.run": f"{search}-{trial:05d}", "toolkit.sampled": '["trainer.optimizer.lr", "size"]'}
    if status == "STOPPED":
        own |= {"toolkit.rung": str(epochs), "toolkit.reason": f"worse than the others at rung {epochs}"}
    _tags(rows, uuid, experiment, search, own)
    params = {"trainer.optimizer.lr": repr(lr), "size": str(size), "trainer.optimizer.type": "adam"}
    params |= {f"pipeline.part.value_{i}": str(i) for i in range(7)}
    for key, value in params.items():
        rows.add("params", uuid, key, value)
    level = luck.uniform(0.2, 2.0)
    for name in ["validation_loss", *(f"validation_metric_{i}" for i in range(1, METRICS))]:
        for epoch in range(epochs):
            value = level + luck.random() / (epoch + 1)
            rows.add("metrics", uuid, name, value, began + epoch * 100, epoch)
        rows.add("latest_metrics", uuid, name, value, began + epoch * 100, epoch)


def _uuid(luck: random.Random) -> str:
    return f"{luck.getrandbits(128):032x}"


def _run(
    rows: Rows, luck: random.Random, uuid: str, experiment: int, name: str, status: str, began: int
) -> None:
    rows.add("runs", uuid, name, status, began, began + 900, f"/nowhere/{uuid}", experiment)
    for role in ("training", "validation"):
        made = _uuid(luck)
        rows.add("inputs", made, f"{role}-{experiment}", uuid)
        rows.add("input_tags", made, role)


def _tags(rows: Rows, uuid: str, experiment: int, search: str, own: dict[str, str]) -> None:
    shared = {
        "mlflow.runName": uuid,
        "mlflow.source.git.branch": "main",
        "mlflow.source.git.commit": "f" * 40,
        "mlflow.source.git.dirty": "false",
        "mlflow.source.git.repoURL": "https://example.org/names.git",
        "mlflow.source.name": "toolkit tune experiments/names.yaml",
        "mlflow.source.type": "LOCAL",
        "mlflow.user": "somebody",
        "toolkit.data": json.dumps({"training": "ab" * 32, "validation": f"{experiment % 4:02d}" * 32}),
        "toolkit.described": "true",
        "toolkit.experiment": f"experiment-{experiment:02d}",
        "toolkit.host": "here",
        "toolkit.job": "tune",
        "toolkit.search": search,
        "toolkit.seed": "42",
        "toolkit.versions": '{"toolkit": "0.1.0"}',
    }
    for key, value in {**shared, **own}.items():
        rows.add("tags", uuid, key, value)


@click.group()
def main() -> None:
    """Ranking the runs of a large MLflow store."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--runs", default=100_000, show_default=True)
def make(file: Path, runs: int) -> None:
    """Make a store with so many runs."""
    if file.exists():
        raise click.UsageError(f"{file} is there already")
    began = time.perf_counter()
    make_store(file, runs)
    seconds, size = time.perf_counter() - began, file.stat().st_size / 1e6
    click.echo(f"{runs} runs, {size:,.0f} MB, in {seconds:.0f} s")


def make_store(file: Path, runs: int, experiments: int = EXPERIMENTS, trials: int = TRIALS) -> None:
    """A new store with so many runs, in searches of so many trials below so many experiments."""
    code = "import mlflow, sys; mlflow.MlflowClient(tracking_uri=sys.argv[1]).search_experiments()"
    subprocess.run([sys.executable, "-c", code, f"sqlite:///{file.absolute()}"], check=True, env=_QUIET)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = off")
        connection.execute("PRAGMA journal_mode = off")
        connection.execute("PRAGMA cache_size = -1000000")
        with connection:
            fill(connection, runs, experiments, trials)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--peer", type=float, help="Ask mlflow.search_runs as well, for so many seconds at most.")
def measure(file: Path, peer: float | None) -> None:
    """Time the command on a store."""
    uri = f"sqlite:///{file.absolute()}"
    command = [sys.executable, "-m", "toolkit", "compare", "--mlflow", uri, "--top", "20", "--json"]
    _drop(file)
    click.echo(f"cold: {_seconds(command):.2f} s")
    times = [_seconds(command) for _ in range(5)]
    shown = ", ".join(f"{seconds:.2f}" for seconds in times)
    click.echo(f"in the page cache: {statistics.median(times):.2f} s in the median ({shown})")
    if peer is not None:
        try:
            seconds = _seconds([sys.executable, "-c", _PEER, uri], peer)
            click.echo(f"mlflow.search_runs: {seconds:.2f} s")
        except subprocess.TimeoutExpired:
            click.echo(f"mlflow.search_runs: no answer in {peer:.0f} s")


def _seconds(command: list[str], limit: float | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_QUIET, timeout=limit)
    return time.perf_counter() - began


def _drop(file: Path) -> None:
    """Have the system forget what it keeps of the file in memory."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main()
