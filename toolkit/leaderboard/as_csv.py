"""Leaderboards as CSV: full precision, columns as in the JSON with `metrics.` and `params.` in front.

A missing value is an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe in
front; programs that want texts untouched read the JSON.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.choosing import value_of
from toolkit.leaderboard.ranking import Row, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(tables: Iterable[Table]) -> str:
    """All rows of all tables under one header; lines end in LF."""
    tables = list(tables)
    rows = [_record(table, row) for table in tables for row in table.rows]
    chosen = next((table.columns for table in tables if table.columns is not None), None)
    return csv_text(columns_of(rows) if chosen is None else chosen, rows)


def _record(table: Table, row: Row) -> dict[str, Any]:
    """The row by the full names of the columns that are wanted."""
    if table.columns is not None:
        return {name: value_of(row, name) for name in table.columns}
    return {name: value for name, value in flat_row(row).items() if table.shows(name)}


def flat_row(row: Row) -> dict[str, Any]:
    """The row by the full names of its columns, its metrics and hyperparameters as they are."""
    record = row_as_json(row)
    reason = {"reason": record.pop("reason")} if "reason" in record else {}
    del record["metrics"], record["params"]
    metrics = {f"metrics.{name}": value for name, value in row.metrics.items()}
    params = {f"params.{path}": value for path, value in row.params.items()}
    return {**record, **reason, **metrics, **params}


def columns_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """All keys: the plain ones first, then metrics, then params, each in order of appearance."""
    keys = dict.fromkeys(key for row in rows for key in row)
    return sorted(keys, key=lambda key: ("", "metrics", "params").index(_group(key)))


def _group(key: str) -> str:
    group = key.partition(".")[0]
    return group if group in ("metrics", "params") else ""


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows as CSV with a header; a key that a row does not have is an empty cell."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return stream.getvalue()


def _cell(value: Any) -> str:
    """Numbers by their shortest exact form, `nan` and `inf` by name, lists and booleans as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def text_of_cell(cell: str) -> str:
    """The text that stands in a cell, without the apostrophe in front of what reads like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
