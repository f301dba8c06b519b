"""A frame of runs as HTML for a notebook: the notebook's own colours, whether light or dark.

`DataFrame.style` would do some of it, but wants jinja2, has no line between two tables, and gives every
cell an id. Every text is escaped, and MathJax leaves it alone.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import pandas as pd

from toolkit.leaderboard.columns import MISSING, in_words, metric_in_words
from toolkit.leaderboard.fields import bare
from toolkit.leaderboard.parameters import short_names
from toolkit.leaderboard.printable import printable

# Colours come from the notebook; `dataframe` is the class that its themes style.
_STYLE = """
.toolkit-leaderboard table.dataframe td, .toolkit-leaderboard table.dataframe th {
  padding: .2em .7em; vertical-align: bottom; font-variant-numeric: tabular-nums; text-align: right; }
.toolkit-leaderboard table.dataframe td { white-space: nowrap; }
.toolkit-leaderboard table.dataframe .text { text-align: left; }
.toolkit-leaderboard table.dataframe tr.headline th { text-align: left; padding-top: 1em; }
.toolkit-leaderboard table.dataframe tr.stopped td { opacity: .55; }
.toolkit-leaderboard .remark { font-size: smaller; font-weight: normal; opacity: .8; }
.toolkit-leaderboard { overflow-x: auto; }
"""


def to_html(frame: pd.DataFrame) -> str:
    """The rows in their order, as many as pandas would show, below the headlines of their tables.

    Where the frame still has the columns that no person looks for, they are left out, and the others stand
    in the order of a leaderboard for people; whoever chose columns sees those, as chosen. Short titles have
    the full name as their tooltip.
    """
    tables: Sequence[dict[str, Any]] = frame.attrs["tables"]
    sections = _sections(frame, len(tables))
    places = _places(frame, ["table"] if sections else [])
    head = frame.iloc[: _most(len(frame))]
    titles = _titles([str(frame.columns[place]) for place in places])
    columns = [_Column(head.iloc[:, place], title) for place, title in zip(places, titles, strict=True)]
    lines = ['<div class="toolkit-leaderboard tex2jax_ignore mathjax_ignore">', f"<style>{_STYLE}</style>"]
    if not sections:
        lines += [f"<div>{_about(table)}</div>" for table in tables]
    titled = "".join(column.title for column in columns)
    lines += ['<table class="dataframe">', f"<thead><tr>{titled}</tr></thead>", "<tbody>"]
    for place, (kind, is_best) in enumerate(_marks(head)):
        if place in sections:
            about = _about(tables[sections[place]])
            lines.append(f'<tr class="headline"><th colspan="{max(len(columns), 1)}">{about}</th></tr>')
        cells = "".join(column.cell(place, is_best) for column in columns)
        lines.append(f'<tr class="{kind}">{cells}</tr>' if kind else f"<tr>{cells}</tr>")
    lines += ["</tbody>", "</table>"]
    left_out = _left_out(frame, len(frame) - len(head))
    return "\n".join([*lines, *(f'<div class="remark">{_text(line)}</div>' for line in left_out), "</div>"])


class _Column:
    """One column: its header, and its cells as HTML."""

    def __init__(self, values: pd.Series, title: str) -> None:
        self._values = values.tolist()
        self._in_words = metric_in_words if str(values.name).startswith("metrics.") else in_words
        is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        self._class = "" if is_number else ' class="text"'
        breakable = _text(title).replace(".", ".<wbr>").replace("_", "_<wbr>")
        self.title = f'<th{self._class} title="{_text(str(values.name))}">{breakable}</th>'

    def cell(self, place: int, is_best: bool) -> str:
        text = self._words(self._values[place])
        return f"<td{self._class}>{f'<strong>{text}</strong>' if is_best else text}</td>"

    def _words(self, value: Any) -> str:
        if pd.api.types.is_scalar(value) and pd.isna(value):
            return MISSING
        words, most = self._in_words(value), pd.get_option("display.max_colwidth")
        return _text(words if not most or len(words) <= most else f"{words[: most - 1]}…")


def _sections(frame: pd.DataFrame, tables: int) -> dict[int, int]:
    """Where the rows of each table begin; nothing where there is one, or where they are mixed."""
    numbers = _values(frame, "table")
    if numbers != sorted(numbers) or len(set(numbers)) < 2 or not set(numbers) <= {*range(tables)}:
        return {}
    return {numbers.index(number): number for number in sorted(set(numbers))}


def _values(frame: pd.DataFrame, name: str) -> list[Any]:
    """The column's values; nothing where there is no such column, or more than one."""
    return frame[name].tolist() if list(frame.columns).count(name) == 1 else []


def _places(frame: pd.DataFrame, hidden: Sequence[str]) -> list[int]:
    """Which columns are shown, in the order to show them; what the answer did not have stands last."""
    unseen = _unseen(frame)
    shown = [place for place, name in enumerate(frame.columns) if name not in hidden and name not in unseen]
    if not unseen:
        return shown
    order = {name: place for place, name in enumerate(frame.attrs["seen"])}
    return sorted(shown, key=lambda place: order.get(frame.columns[place], len(order)))


def _unseen(frame: pd.DataFrame) -> list[str]:
    unseen: list[str] = frame.attrs.get("unseen", [])
    return unseen if set(unseen) <= set(frame.columns) else []


def _most(count: int) -> int:
    """How many rows pandas is told to show; None and 0 mean all."""
    most = pd.get_option("display.max_rows")
    return min(count, most) if most else count


def _titles(names: Sequence[str]) -> list[str]:
    short = short_names([bare(name) for name in names])
    return [short[bare(name)] for name in names]


def _marks(frame: pd.DataFrame) -> Iterator[tuple[str, bool]]:
    """The class of each row, and whether it is the best."""
    nothing = [None] * len(frame)
    ranks, states = _values(frame, "rank") or nothing, _values(frame, "status") or nothing
    for rank, status in zip(ranks, states, strict=True):
        is_best = not pd.isna(rank) and rank == 1
        yield ("best" if is_best else "stopped" if status == "STOPPED" else ""), is_best


def _about(table: dict[str, Any]) -> str:
    lines = [f'<span class="remark">{_text(line)}</span>' for line in table["remarks"]]
    return "<br>".join([f"<strong>{_text(table['headline'])}</strong>", *lines])


def _left_out(frame: pd.DataFrame, rows: int) -> Iterator[str]:
    if rows:
        yield f"{rows} more rows: pandas.options.display.max_rows decides how many are shown."
    unseen = _unseen(frame)
    if "search" in unseen and len(frame):
        yield f"All runs are of {frame['experiment'].iloc[0]}@{frame['search'].iloc[0]}."
    if unseen:
        yield f"Not shown: {len(unseen)} columns of ids, of single labels, or with one value for all."


def _text(text: str) -> str:
    return escape(printable(text))
