"""Which columns of a leaderboard are shown, and in which order: what `--columns`, `--drop` and
`--only-changed` ask for.

Names are the full ones of the CSV, and are found by any unique end of a hyperparameter's path. The same
choice holds for all tables and all formats, so that one header fits them.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.cells import are_same
from toolkit.leaderboard.fields import find_name
from toolkit.leaderboard.ranking import Row, Table

PLAIN = (
    *("rank", "source", "experiment", "search", "trial", "run_id", "status", "rung", "epoch", "epochs"),
    *("job", "reason", "training", "commit", "seconds"),
)
_ALWAYS = frozenset({"rank", "trial"})
"""What still tells the runs of a search apart where nothing else differs."""


def choose(
    tables: Sequence[Table],
    columns: Sequence[str] | None = None,
    drop: Collection[str] = (),
    only_changed: bool = False,
) -> list[Table]:
    """The tables with these columns only; the rows are the same.

    Args:
        columns: exactly these, in this order; None for what is shown without a choice.
        drop: never these.
        only_changed: no plain column and no hyperparameter in which all rows of all tables agree (one that
            only some have is no agreement); rank, trial and metrics stay.

    Raises:
        ConfigurationError: no column goes by a name, more than one does, or none is left.
    """
    known = names_of(tables)
    chosen = None if columns is None else list(dict.fromkeys(resolve("--columns", columns, known)))
    dropped = set(resolve("--drop", drop, known))
    if only_changed:
        dropped |= _unchanged(tables, known)
    if chosen is not None:
        chosen = [name for name in chosen if name not in dropped]
    if chosen == [] or set(known) <= dropped:
        raise ConfigurationError("no column is left to show")
    return [replace(table, columns=chosen, dropped=frozenset(dropped)) for table in tables]


def split_names(text: str | None) -> list[str] | None:
    """Names as they stand after an option, separated by commas; a name that holds one stands in backticks."""
    if text is None:
        return None
    names = [name.replace("`", "").strip() for name in re.findall(r"(?:`[^`]*`|[^,`])+", text)]
    return [name for name in names if name]


def names_of(tables: Iterable[Table]) -> list[str]:
    """The full names of all columns: plain ones, then metrics, then hyperparameters."""
    tables = list(tables)
    metrics = dict.fromkeys(
        f"metrics.{name}" for table in tables for row in table.rows for name in row.metrics
    )
    params = dict.fromkeys(f"params.{path}" for table in tables for path in table.params)
    return [*PLAIN, *metrics, *params]


def value_of(row: Row, name: str) -> Any:
    """What the row has under a full name; None where it has nothing."""
    group, dot, path = name.partition(".")
    if not dot:
        return getattr(row, name)
    return (row.metrics if group == "metrics" else row.params).get(path)


def resolve(option: str, names: Iterable[str], known: Sequence[str]) -> list[str]:
    """The full names that are meant by what was given to an option.

    Raises:
        ConfigurationError: none goes by a name, or more than one; the message begins with the option.
    """
    try:
        return [find_name(name, known) for name in names]
    except ConfigurationError as error:
        raise ConfigurationError(f"{option}: {error}") from None


def _unchanged(tables: Sequence[Table], known: Iterable[str]) -> set[str]:
    rows = [row for table in tables for row in table.rows]
    candidates = [name for name in known if not name.startswith("metrics.") and name not in _ALWAYS]
    return {name for name in candidates if _agree([value_of(row, name) for row in rows])}


def _agree(values: Sequence[Any]) -> bool:
    """Whether all are the same; nothing is not something."""
    return all(are_same(value, values[0]) for value in values)
