"""The columns that a condition or an order may name, as SQL over `run r`, `wanted w` and `point p`."""

import json
from collections.abc import Iterable, Sequence

from toolkit.leaderboard.cells import to_cell
from toolkit.leaderboard.fields import Field, Fields
from toolkit.leaderboard.index.beyond import literal, metric_beyond, param_beyond
from toolkit.leaderboard.index.configurations import Configurations
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.schema import ABSENT
from toolkit.leaderboard.index.searches import IndexedSearch

_PLAIN = {
    "experiment": "w.experiment",
    "search": "w.id",
    "job": "w.job",
    "trial": "r.trial",
    "run_id": "coalesce(r.run_id, w.id || '-' || printf('%05d', r.trial))",
    "status": "r.status",
    "epochs": "r.epochs",
    "rung": "r.rung",
    "seconds": "r.seconds",
    "started": "r.started",
    "ended": "r.ended",
    "commit": 'r."commit"',
    "training": "r.training",
}


def fields_of(
    index: Index, searches: Sequence[IndexedSearch], configurations: Configurations, *, declared: bool
) -> Fields:
    """What can be named of these searches' runs.

    Args:
        declared: the runs stand by the epoch that the index has them by; else by that of `chosen c`, and
            its point.
    """
    plain = [Field(name, sql) for name, sql in _PLAIN.items()]
    plain.append(Field("epoch", "r.epoch" if declared else "c.epoch"))
    metrics = dict.fromkeys(name for text in {s.metrics for s in searches} for name in json.loads(text))
    return Fields(
        [
            *plain,
            *(Field(f"metrics.{name}", metric_of(index, name, of_point=not declared)) for name in metrics),
            *(Field(f"params.{path}", _param(index, path, configurations)) for path in configurations.paths),
        ]
    )


def metric_of(index: Index, name: str, *, of_point: bool) -> str:
    """SQL of a metric, at the epoch of `point p`, or at the one that the index has the run by."""
    column = index.fields.metrics.get(name)
    if column is not None:
        return f"{'p' if of_point else 'r'}.{column}"
    if of_point:
        return metric_beyond("p.more", name)
    return f"(SELECT {metric_beyond('more', name)} FROM point WHERE run = r.number AND epoch = r.epoch)"


def _param(index: Index, path: str, configurations: Configurations) -> str:
    """The run's own value, else that of its search."""
    column = index.fields.params.get(path)
    own = f"r.{column}" if column is not None else param_beyond("r.more", path)
    if not any(path in shared for shared in configurations.shared.values()):
        return own
    shared = f"(SELECT cell FROM shared WHERE search = r.search AND path = {literal(path)})"
    return f"CASE WHEN {own} IS NULL THEN {shared} ELSE nullif({own}, x'{ABSENT.hex()}') END"


def share(index: Index, configurations: Configurations) -> None:
    """Make the table `shared` of what searches share, as the SQL of hyperparameters asks for it."""
    index.database.execute("DROP TABLE IF EXISTS temp.shared")
    index.database.execute(
        "CREATE TEMP TABLE shared (search INTEGER, path TEXT, cell, PRIMARY KEY (search, path)) WITHOUT ROWID"
    )
    index.database.executemany("INSERT INTO shared VALUES (?, ?, ?)", _shared_rows(configurations))


def _shared_rows(configurations: Configurations) -> Iterable[tuple[int, str, object]]:
    for search, values in configurations.shared.items():
        for path, value in values.items():
            yield search, path, to_cell(value)
