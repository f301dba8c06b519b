import math
from typing import Any

import pytest

from toolkit.runs.differences import Difference, differences

NAN = math.nan


@pytest.mark.parametrize(
    "value", [0, 0.0, -1.5, NAN, math.inf, -math.inf, "gut", None, True, [1, 2.5]], ids=repr
)
def test_equal_values_do_not_differ(value: Any) -> None:
    assert differences({0: {"m": value}}, {0: {"m": value}}) == {"m": None}


@pytest.mark.parametrize(
    ("recorded", "replayed", "size"),
    [
        (0.5, 0.25, 0.25),
        (0, 5e-324, 5e-324),  # the smallest float there is
        (1.0, math.nextafter(1.0, 2.0), 2.0**-52),
        (3, 5, 2),
        (1.0, math.inf, math.inf),
        (math.inf, -math.inf, math.inf),
        (NAN, 0.5, None),
        (0.5, NAN, None),
        ("gut", 0.5, None),
        (None, 0.5, None),
    ],
)
def test_any_other_value_differs(recorded: Any, replayed: Any, size: float | None) -> None:
    found = differences({0: {"m": recorded}}, {0: {"m": replayed}})["m"]
    assert found is not None
    assert (found.epoch, found.size) == (0, size)


def test_the_farthest_epoch_stands_for_a_metric_and_the_first_of_equals() -> None:
    recorded = {0: {"a": 1.0, "b": 0.0}, 1: {"a": 1.0, "b": 0.0}, 2: {"a": 1.0, "b": 0.0}}
    replayed = {0: {"a": 1.25, "b": 0.5}, 1: {"a": 1.5, "b": -0.5}, 2: {"a": 1.0, "b": 0.5}}
    assert differences(recorded, replayed) == {
        "a": Difference(1, 1.0, 1.5, 0.5),
        "b": Difference(0, 0.0, 0.5, 0.5),
    }


def test_what_is_no_number_is_farther_than_any_number() -> None:
    found = differences({0: {"m": 0.0}, 1: {"m": NAN}, 2: {}}, {0: {"m": 9e99}, 1: {"m": 1.0}, 2: {"m": 1.0}})
    assert found["m"] is not None
    assert (found["m"].epoch, found["m"].size) == (1, None)


@pytest.mark.parametrize("value", [0.5, None])
def test_a_metric_of_one_side_only_differs(value: float | None) -> None:
    assert differences({0: {"m": value}}, {0: {}})["m"] == Difference(0, value, None, None)
    assert differences({0: {}}, {0: {"m": value}})["m"] == Difference(0, None, value, None)
    assert differences({0: {"m": 0.5}, 1: {"m": value}}, {0: {"m": 0.5}})["m"] is not None


def test_metrics_stand_in_the_order_of_the_record() -> None:
    assert list(differences({0: {"b": 1, "a": 1}}, {0: {"a": 1, "c": 1, "b": 1}})) == ["b", "a", "c"]
