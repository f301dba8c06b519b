"""Curves as bars of characters."""

import math

import pytest

from toolkit.leaderboard.terminal.curve import bars


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.2, 0.3], ["0.3000     ███ ", "0.1000 ▁▁▁ ███ ███"]),
        ([0.5], ["0.5000", "0.5000 ▁▁▁"]),
        ([1.0, math.nan, "no", 3.0], ["3.0000             ███", "1.0000 ▁▁▁ ··· ··· ███"]),
        ([math.nan, None], ["no epoch has a number"]),
        ([], ["no epoch has a number"]),
        ([-1e308, 1e308], ["1.000e+308      ███", "-1.000e+308 ▁▁▁ ███"]),
    ],
)
def test_bars(values: list[object], expected: list[str]) -> None:
    assert [line.split() for line in bars(values, 40, 2)] == [line.split() for line in expected]


def test_what_does_not_fit_is_thinned_out_evenly() -> None:
    lines = bars([*range(1000)], width=24, height=3)
    assert max(map(len, lines)) <= 24
    assert lines[0].startswith("999 ")
    assert lines[0].endswith("█")
