"""The numbers in the page are those of the leaderboard, whatever values it holds."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from tests.leaderboard.report.reading import cells, data_in
from toolkit.leaderboard import rank, row_as_json
from toolkit.leaderboard.report import report_runs, write_report
from toolkit.leaderboard.report.scales import is_log
from toolkit.runs import Search, load_search
from toolkit.testing.toy import toy_header, write_toy_journal

ABSENT = object()


@pytest.fixture
def searches(tmp_path: Path) -> list[Search]:
    """Everything a journal may hold, a tie, failures, and a search that cannot be compared."""
    odd = write_toy_journal(tmp_path / "toy", toy_header())
    tied = [Trial([0.4, 0.3]), Trial([math.nan, 0.3]), Trial([]), Trial(status="FAILED", reason="no memory")]
    return [
        load_search(odd),
        write_search(tmp_path / "tied", tied, data={"validation": OTHER_VALIDATION}),
    ]


def test_the_page_holds_the_tables(searches: list[Search], tmp_path: Path) -> None:
    tables = rank(searches)
    written = data_in(write_report(tmp_path / "report.html", tables, report_runs(searches), title="two"))
    assert len(written["tables"]) == len(tables) == 2
    for table, shown in zip(tables, written["tables"], strict=True):
        assert (shown["reason"], shown["metric"], shown["size"]) == (
            table.reason,
            table.yardstick.metric,
            len(table.rows),
        )
        columns = {column["key"]: cells(column, ABSENT) for column in shown["columns"]}
        for place, row in enumerate(table.rows):
            record = row_as_json(row)
            metrics, params = record.pop("metrics"), record.pop("params")
            assert {key: columns[key][place] for key in record} == {
                key: ABSENT if value is None else value for key, value in record.items()
            }
            assert in_page(columns, "metrics", place) == {
                name: travelling(value)
                for name, value in metrics.items()
                if "__" not in name and value is not None
            }
            assert in_page(columns, "params", place) == {
                path: travelling(value) for path, value in params.items()
            }


def in_page(columns: dict[str, list[Any]], kind: str, place: int) -> dict[str, Any]:
    found = {
        key.removeprefix(f"{kind}."): column[place] for key, column in columns.items() if f"{kind}." in key
    }
    return {key: value for key, value in found.items() if value is not ABSENT}


def travelling(value: Any) -> Any:
    """Integers that a browser would round are texts; inside of others, what is not finite is null."""
    if isinstance(value, list):
        return [travelling(inner) for inner in value]
    if isinstance(value, dict):
        return {key: travelling(inner) for key, inner in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    is_long = isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53
    return str(value) if is_long else value


@pytest.mark.parametrize(
    ("path", "values", "spaces", "log"),
    [
        ("lr", [0.001, 0.01], {}, True),
        ("a.lr", [0.001, 0.01], {"a.lr": False}, False),
        ("width", [1, 2], {"width": True}, True),
        ("width", [1, 100], {}, False),
        ("width", [1, 101], {}, True),
        ("dropout", [0.001, 0.1, 0.2, 0.3, 0.4, 0.5], {}, False),  # evenly drawn, the first one by chance
        ("width", [0, 1000], {"width": True}, False),
        ("lr", ["fast", None, math.nan], {}, False),
        ("lr", [], {}, False),
    ],
)
def test_which_axes_are_logarithmic(path: str, values: list[Any], spaces: dict[str, bool], log: bool) -> None:
    assert is_log(path, values, spaces) is log
