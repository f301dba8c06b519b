"""What a run keeps of its configuration: only what is not as in the first run of its search."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.leaderboard.index import catch_up, open_index


@pytest.mark.parametrize(
    ("first", "other", "same"),
    [
        (1, 1, True),
        ("x", "x", True),
        (0.1, 0.1, True),
        (math.nan, math.nan, True),
        ([1, "x"], [1, "x"], True),
        (None, None, True),
        (1, 1.0, False),
        (1, True, False),
        (0, False, False),
        ([1], [True], False),
        ([0.0], [False], False),
        (None, "", False),
    ],
)
def test_values_that_nobody_could_tell_apart(tmp_path: Path, first: Any, other: Any, same: bool) -> None:
    trials = [Trial([0.5], config={"a": {"b": value}}) for value in (first, other)]
    write_search(tmp_path / "names" / "one", trials)
    index = open_index(tmp_path)
    catch_up(index, tmp_path)
    column = index.fields.params.get("a.b")
    assert (column is None) == same
    index.close()
