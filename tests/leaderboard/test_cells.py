"""Values in columns of sqlite."""

import math
import sqlite3
from typing import Any

import pytest

from toolkit.leaderboard.cells import from_cell, to_cell
from toolkit.testing.toy import ODD_METRICS, ODD_PARAMS

VALUES = [*ODD_METRICS.values(), *ODD_PARAMS.values(), 2**62, 2**63 - 1, 2**63, -(2**63), 0, 0.0, True, False]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
def test_a_value_comes_back_from_a_column_as_it_was(value: Any) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE some (cell)")
    database.execute("INSERT INTO some VALUES (?)", (to_cell(value),))
    [(cell,)] = database.execute("SELECT cell FROM some")
    back = from_cell(cell)
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_what_is_no_number_equals_none() -> None:
    assert to_cell(True) != to_cell(1)
    assert to_cell(1) == to_cell(1.0)
    assert to_cell(math.nan) == to_cell(math.nan)
    assert to_cell("\ud800") == to_cell({"$repr": "'\\ud800'"})
