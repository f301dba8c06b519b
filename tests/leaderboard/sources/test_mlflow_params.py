"""Params of MLflow read as values."""

import math
from typing import Any

import pytest

from toolkit.leaderboard.sources.mlflow.params import value_of
from toolkit.trackers.flat import as_text


@pytest.mark.parametrize(
    "value",
    [
        0.001,
        1e-300,
        7,
        -3,
        10**400,
        True,
        False,
        None,
        [],
        [1, [2.5, None]],
        {"a": {"b": 1}},
        "gru",
        "",
        "ü 🙂",
        "…",
    ],
)
def test_what_the_tracker_writes_reads_back(value: Any) -> None:
    found = value_of(as_text(value))
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("True", True),
        ("None", None),
        ("007", "007"),
        ("1e", "1e"),
        ("[1, 2", "[1, 2"),
        ('"x"', '"x"'),
        ("-", "-"),
    ],
)
def test_other_texts(text: str, value: Any) -> None:
    assert value_of(text) == value


def test_not_a_number_and_infinity() -> None:
    assert math.isnan(value_of(as_text(math.nan)))
    assert [value_of(as_text(value)) for value in (math.inf, -math.inf)] == [math.inf, -math.inf]
    deep = "[" * 100_000
    assert value_of(deep) == deep
