"""Which epoch and which run a search's page shows."""

import math
from pathlib import Path
from typing import Any

import pytest

from toolkit.runs import Point, Run, Search, SearchFolder
from toolkit.testing.toy import toy_header
from toolkit.trackers.best import best_epoch, best_point
from toolkit.trackers.flat import all_params, as_text, flat
from toolkit.trackers.metrics import as_number, is_exact


def run(values: list[Any], trial: int = 0) -> Run:
    points = [Point(epoch, epoch, {"validation_loss": value}, t=epoch) for epoch, value in enumerate(values)]
    return Run(f"ab-{trial:05d}", trial, {}, {}, started=0, points=points)


@pytest.mark.parametrize(
    ("values", "mode", "epoch"),
    [
        ([3.0, 1.0, 2.0], "min", 1),
        ([3.0, 1.0, 2.0], "max", 0),
        ([2.0, 1.0, 1.0], "min", 1),
        ([math.nan, 2.0], "min", 1),
        ([math.nan, 2.0], "max", 1),
        ([math.inf, 2.0], "max", 0),
        (["text", None, 0], "min", 2),
        ([math.nan], "min", None),
        ([], "min", None),
    ],
)
def test_best_epoch(values: list[Any], mode: str, epoch: int | None) -> None:
    best = best_epoch(run(values), "validation_loss", mode)
    assert (None if best is None else best.epoch) == epoch


def test_the_journals_best_trial_wins_over_our_own_ranking() -> None:
    search = Search(toy_header(), SearchFolder(Path()), started=0, runs={0: run([2.0]), 1: run([1.0], 1)})
    found = best_point(search)
    assert found is not None
    assert found[0].trial == 1
    search.best_trial = 0
    found = best_point(search)
    assert found is not None
    assert found[0].trial == 0


def test_a_search_without_a_value_has_no_best() -> None:
    search = Search(toy_header(), SearchFolder(Path()), started=0, runs={0: run([math.nan]), 1: run([])})
    assert best_point(search) is None


@pytest.mark.parametrize(
    ("value", "number", "exact"),
    [
        (0, 0.0, True),
        (0.5, 0.5, True),
        (True, 1.0, True),
        (-0.0, 0.0, False),
        (2**53 + 1, float(2**53), False),
        (10**400, None, False),
        (math.inf, math.inf, False),
        ("1", None, False),
        (None, None, False),
        ([1], None, False),
    ],
)
def test_numbers(value: Any, number: float | None, exact: bool) -> None:
    assert as_number(value) == number
    assert is_exact(value) is exact


def test_nan_is_a_number_that_services_hold() -> None:
    assert is_exact(math.nan)


def test_flat_keeps_lists_and_empty_mappings_as_leaves() -> None:
    nested = {"a": {"b": [1, {"c": 2}], "d": {}}, "e": None}
    assert dict(flat(nested)) == {"a.b": [1, {"c": 2}], "a.d": {}, "e": None}


def test_sampled_values_come_first_and_win() -> None:
    one = Run("ab-00000", 0, {"trainer.lr": 0.1}, {"trainer": {"lr": 0.1, "n": 3}}, started=0)
    assert list(all_params(one).items()) == [("trainer.lr", 0.1), ("trainer.n", 3)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (0.1, "0.1"),
        (math.nan, "nan"),
        (3, "3"),
        (False, "false"),
        (None, "null"),
        (["ä"], '["ä"]'),
    ],
)
def test_text_of_values(value: Any, text: str) -> None:
    assert as_text(value) == text
