"""Groups of runs in the formats of the leaderboard: a table, Markdown, LaTeX, CSV, JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from toolkit.leaderboard.as_csv import csv_text
from toolkit.leaderboard.as_json import finite
from toolkit.leaderboard.as_latex import latex_comment, latex_grid
from toolkit.leaderboard.as_markdown import escape, markdown_grid
from toolkit.leaderboard.as_table import print_columns
from toolkit.leaderboard.columns import Column, column_of
from toolkit.leaderboard.fields import bare
from toolkit.leaderboard.grouping import Group, GroupedTable
from toolkit.leaderboard.parameters import short_names
from toolkit.leaderboard.window import Window
from toolkit.leaderboard.wording import headline, remarks


def print_groups(tables: Iterable[GroupedTable], window: Window) -> None:
    """Print the groups of each leaderboard below its headline; nothing is cut off."""
    for number, table in enumerate(tables):
        if number > 0:
            window.write("", "")
        window.say(headline(table.table), "bold")
        for line in remarks(table.table):
            window.say(line)
        print_columns(_columns(table), window)


def groups_to_markdown(tables: Iterable[GroupedTable]) -> str:
    """The groups of each leaderboard below its headline."""
    return "\n".join(_markdown_section(table) for table in tables)


def _markdown_section(table: GroupedTable) -> str:
    head = [f"**{escape(headline(table.table))}**", *map(escape, remarks(table.table))]
    return "\n\n".join([*head, markdown_grid(_columns(table))]) + "\n"


def groups_to_latex(tables: Iterable[GroupedTable]) -> str:
    """A `tabular` for each leaderboard, below its headline as a comment."""
    return "\n".join(_latex_section(table) for table in tables)


def _latex_section(table: GroupedTable) -> str:
    head = [latex_comment(line) for line in (headline(table.table), *remarks(table.table))]
    return "\n".join([*head, latex_grid(_columns(table))]) + "\n"


def groups_to_csv(tables: Sequence[GroupedTable]) -> str:
    """One line a group in full precision; `metric` and `validation` tell whose group it is."""
    records = []
    for record in _records(tables):
        key = record.pop("group")
        records.append({**key, **record})
    names = list(dict.fromkeys(name for record in records for name in record))
    return csv_text(names, records)


def groups_to_json(tables: Iterable[GroupedTable]) -> str:
    """A list with one object a group, one a line."""
    lines = [json.dumps(record, ensure_ascii=False) for record in _records(tables)]
    return "[" + ",\n ".join(lines) + "]\n"


def _records(tables: Iterable[GroupedTable]) -> Iterator[dict[str, Any]]:
    for table in tables:
        yardstick = table.table.yardstick
        for group in table.groups:
            yield {
                "group": {name: finite(v) for name, v in zip(table.names, group.key, strict=True)},
                "runs": group.count,
                "unranked": group.unranked,
                "mean": group.mean,
                "std": group.std,
                "best": group.best,
                "run_id": group.run,
                "metric": yardstick.metric,
                "validation": yardstick.validation,
            }


def _columns(table: GroupedTable) -> list[Column]:
    titles = short_names([bare(name) for name in table.names])
    keys = []
    for place, name in enumerate(table.names):
        values = [group.key[place] for group in table.groups]
        keys.append(column_of(titles[bare(name)], values, name.startswith("metrics.")))
    return [*keys, *_figures(table.groups, table.table.yardstick.metric)]


def _figures(groups: Sequence[Group], metric: str) -> Iterator[Column]:
    yield column_of("runs", [group.count for group in groups])
    if any(group.unranked for group in groups):
        yield column_of("without rank", [group.unranked for group in groups])
    yield column_of(f"mean {metric}", [group.mean for group in groups], is_metric=True)
    yield column_of("std", [group.std for group in groups], is_metric=True)
    yield column_of("best", [group.best for group in groups], is_metric=True)
    yield column_of("run", [group.run for group in groups])
