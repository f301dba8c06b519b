"""The columns of a leaderboard for people: which there are, how values read, what goes when room is short."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from toolkit.leaderboard.cells import are_same
from toolkit.leaderboard.choosing import value_of
from toolkit.leaderboard.fields import bare
from toolkit.leaderboard.parameters import short_names
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.results import overall

MISSING = "-"
_TITLES = {"training": "training data"}

# What goes first where room is short: the highest weight. Without a weight here: always shown.
_SOURCE, _ACCURACY, _EPOCHS, _PARAMETER, _EPOCH, _VALIDATION, _SEARCH, _LINEAGE, _TRAINING = range(1, 10)


@dataclass(frozen=True)
class Column:
    """One column, its cells already in words.

    Attributes:
        title: a metric's name, the short name of a hyperparameter, or a word.
        cells: one a row; `-` where the row has no value.
        weight: 0 is always shown; where room is short, the highest goes first.
        is_number: stands to the right.
        name: its full name, by which it can be asked for; empty where it is no column of runs.
    """

    title: str
    cells: Sequence[str]
    weight: int = 0
    is_number: bool = False
    name: str = ""


def columns_for_people(table: Table, rows: Sequence[Row]) -> list[Column]:
    """Columns in the order to show them: the chosen ones, or all but those that all rows share.

    What all may share and is left out then are hyperparameters, training data and commit.
    """
    if table.columns is not None:
        return _chosen_columns(table.columns, rows)
    metrics, params = _metric_columns(table, rows), _parameter_columns(table, rows)
    measured = [column for column in metrics if column.weight < _TRAINING]
    trained = [column for column in metrics if column.weight >= _TRAINING]
    plain = [column for column in _plain_columns(rows) if table.shows(column.title)]
    return [*plain, *measured, *params, *_lineage_columns(table, rows), *trained]


def _chosen_columns(names: Sequence[str], rows: Sequence[Row]) -> list[Column]:
    """Exactly these; whoever chose them wants them all, however narrow the window."""
    titles = short_names([bare(name) for name in names])
    columns = []
    for name in names:
        values = [value_of(row, name) for row in rows]
        column = column_of(titles[bare(name)], values, name.startswith("metrics."))
        columns.append(replace(column, name=name))
    return columns


def column_of(title: str, values: Sequence[Any], is_metric: bool = False) -> Column:
    """A column of these values that is always shown; None is a missing one."""
    words = metric_in_words if is_metric else in_words
    given = [value for value in values if value is not None]
    is_number = (is_metric or bool(given)) and all(map(_is_number, given))
    return Column(title, [words(value) for value in values], is_number=is_number)


def _plain_columns(rows: Sequence[Row]) -> list[Column]:
    sources = [row.source for row in rows]
    columns = [
        Column("rank", [in_words(row.rank) for row in rows], is_number=True),
        *([Column("source", sources, weight=_SOURCE)] if any(sources) else []),
        Column("experiment", [row.experiment for row in rows]),
        Column("search", [row.search for row in rows], weight=_SEARCH),
        Column("trial", [str(row.trial) for row in rows], is_number=True),
        Column("status", [row.status for row in rows]),
        Column("epoch", [in_words(row.epoch) for row in rows], weight=_EPOCH, is_number=True),
        Column("epochs", [str(row.epochs) for row in rows], weight=_EPOCHS, is_number=True),
    ]
    return [replace(column, name=column.title) for column in columns]


def _metric_columns(table: Table, rows: Sequence[Row]) -> list[Column]:
    """The ranking metric first; then what was measured on the validation data; then the rest."""
    main = table.yardstick.metric
    names = dict.fromkeys([main, *(name for row in rows for name in overall(row.metrics))])
    names = {name: None for name in names if table.shows(f"metrics.{name}")}
    columns = []
    for name in sorted(names, key=lambda name: (name != main, not name.startswith("validation_"))):
        cells = [metric_in_words(row.metrics.get(name)) for row in rows]
        weight = _metric_weight(name, main)
        columns.append(Column(name, cells, weight, is_number=True, name=f"metrics.{name}"))
    return columns


def _metric_weight(name: str, main: str) -> int:
    if name == main:
        return 0
    if name == "validation_accuracy":
        return _ACCURACY
    return _VALIDATION if name.startswith("validation_") else _TRAINING


def _parameter_columns(table: Table, rows: Sequence[Row]) -> list[Column]:
    paths = [
        path
        for path in table.params
        if table.shows(f"params.{path}") and _differs([r.params[path] for r in rows if path in r.params])
    ]
    titles = short_names(paths)
    return [
        Column(
            titles[path],
            [in_words(row.params[path]) if path in row.params else MISSING for row in rows],
            weight=_PARAMETER,
            is_number=all(_is_number(row.params[path]) for row in rows if path in row.params),
            name=f"params.{path}",
        )
        for path in paths
    ]


def _lineage_columns(table: Table, rows: Sequence[Row]) -> list[Column]:
    """Training data and commit, each where the rows that have one do not share it."""
    found = {"training": [row.training for row in rows], "commit": [row.commit for row in rows]}
    return [
        Column(_TITLES.get(name, name), [in_words(value) for value in values], weight=_LINEAGE, name=name)
        for name, values in found.items()
        if table.shows(name) and _differs([value for value in values if value is not None])
    ]


def _differs(values: Sequence[Any]) -> bool:
    return not all(are_same(value, values[0]) for value in values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def metric_in_words(value: Any) -> str:
    """Four decimals, so that a column lines up; very small and very large values with an exponent."""
    if not isinstance(value, float) or value == 0:
        return in_words(value)
    return f"{value:.4f}" if 1e-3 <= abs(value) < 1e5 else f"{value:.3e}"


def in_words(value: Any) -> str:
    """A value as a person reads it: numbers with four significant digits, `-` for nothing."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_words, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {in_words(inner)}" for key, inner in value.items()) + "}"
    return str(value)


def droppable(columns: Sequence[Column]) -> list[Column]:
    """The columns that may go, in the order in which they go: least important first, from the right."""
    optional = [column for column in reversed(columns) if column.weight > 0]
    return sorted(optional, key=lambda column: -column.weight)
