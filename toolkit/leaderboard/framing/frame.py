"""Tables of a leaderboard as one DataFrame: the columns of the CSV, with types that pandas computes with."""

from collections.abc import Collection, Hashable, Sequence
from typing import Any

import pandas as pd

from toolkit.leaderboard.as_csv import columns_of, flat_row
from toolkit.leaderboard.cells import are_same
from toolkit.leaderboard.framing.as_html import to_html
from toolkit.leaderboard.framing.series import series_of
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.results import overall
from toolkit.leaderboard.wording import headline, remarks

_UNSEEN = ("run_id", "rung")
_NAMES = ("experiment", "search")


class LeaderboardFrame(pd.DataFrame):
    """A DataFrame that a notebook shows as a leaderboard as long as its rows are runs.

    All of pandas works on it, and what comes of it (`frame[frame.status == "STOPPED"]`, `sort_values`, a
    choice of columns) is shown in the same manner, in its own order. `frame.attrs["tables"]` tells of each
    table: its headline, what it is measured by, how many runs it has by status, and why it stands apart.
    """

    @property
    def _constructor(self) -> type["LeaderboardFrame"]:
        return LeaderboardFrame

    def __finalize__(self, other: Any, method: str | None = None, **kwargs: Any) -> "LeaderboardFrame":
        """Carry on what is known of the rows, except into what is computed of many."""
        # pandas-stubs lacks the two methods that this class extends.
        frame = super().__finalize__(other, method=method, **kwargs)  # type: ignore[misc]
        if method in ("groupby", "describe", "transpose", "value_counts"):
            frame.attrs.pop("tables", None)
        return frame

    def _repr_html_(self) -> str | None:
        # What has an index of its own (a pivot, `set_index`) is no list of runs any more.
        is_a_list = self.index.nlevels == self.columns.nlevels == 1 and self.index.name is None
        if "tables" not in self.attrs or not is_a_list or not pd.get_option("display.notebook_repr_html"):
            return super()._repr_html_()  # type: ignore[misc]
        return to_html(self)


def frame_of(tables: Sequence[Table]) -> LeaderboardFrame:
    """All rows of all tables, in the order of the CSV; where there are several tables, with their number."""
    rows = [(number, row) for number, table in enumerate(tables) for row in table.rows]
    records = [flat_row(row) for _, row in rows]
    columns: dict[Hashable, pd.Series] = {}
    if len(tables) > 1:
        columns["table"] = pd.Series([number for number, _ in rows], dtype="int64")
    for name in columns_of(records):
        columns[name] = series_of(name, [record.get(name) for record in records])
    frame = LeaderboardFrame(columns)
    frame.attrs["tables"] = [_about(table) for table in tables]
    frame.attrs["seen"], frame.attrs["unseen"] = _divided(tables, [str(name) for name in columns])
    return frame


def _about(table: Table) -> dict[str, Any]:
    """What JSON can hold, since pandas writes it into Parquet."""
    return {
        "headline": headline(table),
        "remarks": list(remarks(table)),
        "metric": table.yardstick.metric,
        "mode": table.yardstick.mode,
        "scope": table.scope,
        "validation": table.yardstick.validation,
        "runs": dict(table.counts),
        "running": list(table.running),
        "reason": table.reason,
    }


def _divided(tables: Sequence[Table], columns: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns that a leaderboard for people has, in its order, and those that it leaves out.

    Left out are run ids and rungs, metrics of single labels, and names and hyperparameters that all share.
    """
    rows = [row for table in tables for row in table.rows]
    of_all_labels = {f"metrics.{name}" for row in rows for name in overall(row.metrics)}
    shared = _shared(rows)
    ranking = {f"metrics.{table.yardstick.metric}" for table in tables}
    seen = [
        name
        for name in columns
        if name not in _UNSEEN
        and name not in shared
        and (not name.startswith("metrics.") or name in of_all_labels)
    ]
    return sorted(seen, key=lambda name: _group(name, ranking)), [x for x in columns if x not in seen]


def _group(name: str, ranking: Collection[str]) -> int:
    """What ranks stands first, then what was measured on the validation data, and training last."""
    if name in ranking:
        return 1
    if name.startswith("metrics."):
        return 2 if name.startswith("metrics.validation_") else 4
    return 3 if name.startswith("params.") else 0


def _shared(rows: Sequence[Row]) -> set[str]:
    """The hyperparameters that all rows that have them agree in; of one search its names too."""
    first: dict[str, Any] = {}
    differing: set[str] = set()
    for row in rows:
        for path, value in row.params.items():
            if not are_same(first.setdefault(path, value), value):
                differing.add(path)
    of_one_search = len({(row.experiment, row.search) for row in rows}) < 2
    return {
        *(f"params.{path}" for path in first if path not in differing),
        *(_NAMES if of_one_search else ()),
    }
