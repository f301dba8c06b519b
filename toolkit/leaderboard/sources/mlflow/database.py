"""An MLflow store in a database, read by SQL from MLflow's own tables.

Plain statements that sqlite, PostgreSQL and MySQL understand. `key` is a word of MySQL's own, so it stands
behind the name of its table everywhere.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from toolkit.leaderboard.sources.mlflow.address import Address
from toolkit.leaderboard.sources.mlflow.connection import Connection
from toolkit.leaderboard.sources.mlflow.stored import (
    DESCRIBED,
    INFINITY,
    METRIC,
    PARENT,
    STATUS,
    STATUSES,
    VALIDATION,
    DataInput,
    Record,
    Sketch,
    Value,
    from_store,
)
from toolkit.runs import Status

_A_QUESTION = 500
"""Runs that one statement asks for."""
_MANY = 5000
"""Runs; of more than that, it is quicker to read what all have."""
_MOST_LEADERS = 20_000
"""Values of a metric."""

_RUNS = """
    SELECT r.run_uuid, r.experiment_id, r.status, r.start_time, r.end_time
    FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id
    WHERE r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'
    ORDER BY r.start_time, r.run_uuid
"""
_EXPERIMENTS = "SELECT e.experiment_id, e.name FROM experiments e WHERE e.lifecycle_stage = 'active'"
_TAG = "SELECT t.run_uuid, t.value FROM tags t WHERE t.key = :key"
_INTERRUPTED = "SELECT t.run_uuid FROM tags t WHERE t.key = :key AND t.value = 'INTERRUPTED'"
_UNDESCRIBED = """
    SELECT t.run_uuid FROM tags t WHERE t.key = :key
    AND NOT EXISTS (SELECT 1 FROM tags d WHERE d.key = :described AND d.run_uuid = t.run_uuid)
"""
_OF_RUNS = {
    "runs": "SELECT r.run_uuid, r.artifact_uri FROM runs r WHERE r.run_uuid IN ({runs})",
    "tags": "SELECT t.run_uuid, t.key, t.value FROM tags t WHERE t.run_uuid IN ({runs})",
    "params": "SELECT p.run_uuid, p.key, p.value FROM params p WHERE p.run_uuid IN ({runs})",
    "metrics": """
        SELECT m.run_uuid, m.key, m.step, m.timestamp, m.value, m.is_nan FROM metrics m
        WHERE m.run_uuid IN ({runs})
    """,
    "data": """
        SELECT i.destination_id, t.value, d.name, d.digest, d.dataset_source, d.dataset_profile
        FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
        JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
        WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET' AND i.destination_id IN ({runs})
    """,
}
_CONTEXTS = ", ".join(f"'{context}'" for context in VALIDATION)
_VALIDATION = f"""
    SELECT i.destination_id, d.digest FROM input_tags t
    JOIN inputs i ON i.input_uuid = t.input_uuid AND i.destination_type = 'RUN' AND i.source_type = 'DATASET'
    JOIN datasets d ON d.dataset_uuid = i.source_id
    WHERE t.name = 'mlflow.data.context' AND t.value IN ({_CONTEXTS})
"""
_MEASURED = "SELECT DISTINCT l.run_uuid FROM latest_metrics l WHERE l.run_uuid IN ({runs})"
_NAMES = "SELECT DISTINCT l.key FROM latest_metrics l"
_FINITE = "NOT {0}.is_nan AND ABS({0}.value) < :infinity"
_BOUND = f"""
    SELECT m.run_uuid, {{choose}}(m.value) FROM metrics m
    WHERE m.key = :metric AND {_FINITE.format("m")} GROUP BY m.run_uuid
"""
# Of several values at a step the latest counts, of equally late ones the highest.
_BEST = f"""
    SELECT v.run_uuid, {{choose}}(v.value) FROM (
        SELECT m.run_uuid, m.value, m.is_nan, ROW_NUMBER() OVER (
            PARTITION BY m.run_uuid, m.step ORDER BY m.timestamp DESC, m.is_nan, m.value DESC
        ) AS place
        FROM metrics m WHERE m.key = :metric
    ) AS v
    WHERE v.place = 1 AND {_FINITE.format("v")} GROUP BY v.run_uuid
"""
_LEADERS = f"""
    SELECT m.run_uuid, m.value FROM metrics m
    WHERE m.key = :metric AND {_FINITE.format("m")} ORDER BY m.value {{order}} LIMIT :limit
"""
_CHOOSE = {"min": "MIN", "max": "MAX"}
_ORDER = {"min": "ASC", "max": "DESC"}


@dataclass(frozen=True)
class Reading:
    """What was read of a metric.

    Attributes:
        values: MLflow's id of a run -> its value; of deleted runs too.
        last: no run that is not among them has a better one; None where all are that have one.
    """

    values: Mapping[str, float]
    last: float | None = None


class DatabaseStore:
    """Reads through a connection, which belongs to the caller."""

    def __init__(self, connection: Connection, address: Address) -> None:
        self._connection, self.name = connection, address.name

    def experiments(self) -> Mapping[str, str]:
        return {str(number): name for number, name in self._rows(_EXPERIMENTS)}

    def sketches(self) -> Sequence[Sketch]:
        runs = self._rows(_RUNS)
        parents = dict(self._rows(_TAG, key=PARENT))
        searches = {run for run, _ in self._rows(_TAG, key=METRIC)} - parents.keys()
        interrupted = {run for (run,) in self._rows(_INTERRUPTED, key=STATUS)}
        undescribed = {run for (run,) in self._rows(_UNDESCRIBED, key=PARENT, described=DESCRIBED)}
        return [
            Sketch(
                run,
                str(experiment),
                Status.INTERRUPTED if run in interrupted and status == "KILLED" else STATUSES[status],
                started or 0,
                ended,
                parents.get(run),
                run in searches,
                run not in undescribed,
            )
            for run, experiment, status, started, ended in runs
        ]

    def records(self, sketches: Sequence[Sketch]) -> Iterator[Record]:
        rest = iter(sketches)
        while some := list(itertools.islice(rest, _A_QUESTION)):
            yield from self._some_records(some)

    def measured(self, sketches: Sequence[Sketch]) -> Set[str]:
        return {run for (run,) in self._of_runs(_MEASURED, sketches)}

    def validation_digests(self, sketches: Sequence[Sketch]) -> Mapping[str, str]:
        if len(sketches) > _MANY:
            return dict(self._rows(_VALIDATION))
        return {
            run: digest
            for run, context, _, digest, *_ in self._of_runs(_OF_RUNS["data"], sketches)
            if context in VALIDATION
        }

    def metric_names(self) -> list[str]:
        """Names of all metrics in the store, of deleted runs too."""
        return sorted(name for (name,) in self._rows(_NAMES))

    def leaders(self, metric: str, mode: str) -> Reading:
        """The `bounds` of the runs that have the best values; in a third of the time."""
        order, told = _ORDER[mode], {"metric": metric, "infinity": INFINITY}
        found = self._rows(_LEADERS.format(order=order), limit=_MOST_LEADERS, **told)
        # Backwards, so that of a run's values the best one stays.
        return Reading(dict(reversed(found)), found[-1][1] if len(found) == _MOST_LEADERS else None)

    def bounds(self, metric: str, mode: str) -> Reading:
        """The best finite value that each run ever had.

        Where a metric has several values at a step, that may be one which counts no more: the run's best is
        no better than this, and `best` says what it is, in twice the time.
        """
        choose, told = _CHOOSE[mode], {"metric": metric, "infinity": INFINITY}
        return Reading(dict(self._rows(_BOUND.format(choose=choose), **told)))

    def best(self, metric: str, mode: str) -> Reading:
        """The best finite value of each run."""
        choose, told = _CHOOSE[mode], {"metric": metric, "infinity": INFINITY}
        return Reading(dict(self._rows(_BEST.format(choose=choose), **told)))

    def _rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self._connection.rows(statement, parameters)

    def _some_records(self, sketches: Sequence[Sketch]) -> list[Record]:
        found = {sketch.id: Record(sketch) for sketch in sketches}
        for run, artifacts in self._of_runs(_OF_RUNS["runs"], sketches):
            found[run].artifacts = artifacts or ""
        for run, key, value in self._of_runs(_OF_RUNS["tags"], sketches):
            found[run].tags[key] = value or ""
        for run, key, value in self._of_runs(_OF_RUNS["params"], sketches):
            found[run].params[key] = value
        for run, key, step, timestamp, value, is_nan in self._of_runs(_OF_RUNS["metrics"], sketches):
            found[run].values.append(Value(key, step, timestamp, from_store(value, is_nan)))
        for run, *about in self._of_runs(_OF_RUNS["data"], sketches):
            found[run].data.append(DataInput(*(text or "" for text in about)))
        return list(found.values())

    def _of_runs(self, statement: str, sketches: Sequence[Sketch]) -> Iterator[tuple[Any, ...]]:
        rest = (sketch.id for sketch in sketches)
        while some := list(itertools.islice(rest, _A_QUESTION)):
            parameters = {f"r{number}": run for number, run in enumerate(some)}
            names = ", ".join(f":{name}" for name in parameters)
            yield from self._connection.rows(statement.format(runs=names), parameters)
