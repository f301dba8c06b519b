"""Importance on runs whose answer is known."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from toolkit.leaderboard.comparable import Yardstick
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.report.importance import MOST_RUNS, importance

YARDSTICK = Yardstick("loss", "min", None, ())


def table_of(runs: Sequence[tuple[float | None, Mapping[str, Any]]]) -> Table:
    """A leaderboard of runs with this loss and these hyperparameters; without a loss, a run has no rank."""
    rows = [
        Row(
            None if loss is None else place,
            "names",
            "aaaa",
            place,
            f"aaaa-{place:05d}",
            "COMPLETED",
            None,
            0,
            1,
            {"loss": loss},
            params,
        )
        for place, (loss, params) in enumerate(runs)
    ]
    paths = list(dict.fromkeys(path for _, params in runs for path in params))
    return Table(YARDSTICK, rows, paths, {})


def known(count: int = 60) -> list[tuple[float | None, dict[str, Any]]]:
    """The loss hangs on the learning rate's logarithm alone, which counts many times what the kind does."""
    draw = random.Random(1)
    runs: list[tuple[float | None, dict[str, Any]]] = []
    for _ in range(count):
        rate, kind = 10 ** draw.uniform(-5, -1), draw.choice(["gru", "lstm"])
        loss = abs(math.log10(rate) + 3) + (0.2 if kind == "gru" else 0.0)
        runs.append((loss, {"lr": rate, "kind": kind, "width": draw.choice([32, 64]), "same": 1}))
    return runs


def test_the_parameter_that_matters_comes_first() -> None:
    found = importance(table_of(known()), {})
    shares = dict(found["shares"])
    assert found["problem"] is None
    assert next(iter(shares)) == "lr"
    assert shares["lr"] > 0.8
    assert shares["width"] < 0.05
    assert "same" not in shares
    assert (found["runs"], found["evaluator"]) == (60, "optuna.importance.FanovaImportanceEvaluator")


def test_the_same_runs_in_another_order_give_the_same_numbers() -> None:
    table = table_of(known())
    turned = Table(YARDSTICK, table.rows[::-1], table.params[::-1], {})
    assert dict(importance(table, {})["shares"]) == dict(importance(turned, {})["shares"])


def test_runs_without_a_rank_or_a_parameter_stay_out() -> None:
    odd: list[tuple[float | None, dict[str, Any]]] = [(None, {"lr": 1e9}), (0.0, {"C": 30})]
    found = importance(table_of([*known(), *odd]), {})
    assert (found["runs"], found["ranked"]) == (60, 61)
    assert found["shares"] == importance(table_of(known()), {})["shares"]


@pytest.mark.parametrize(
    ("runs", "problem"),
    [
        ([], "there are 0"),
        (known(9), "there are 9"),
        ([(float(place), {"width": 1}) for place in range(20)], "no hyperparameter differs"),
        ([(0.5, {"width": place}) for place in range(20)], "all runs have the same loss"),
    ],
)
def test_where_there_is_no_answer_the_reason_is_told(
    runs: list[tuple[float | None, dict[str, Any]]], problem: str
) -> None:
    found = importance(table_of(runs), {})
    assert found["shares"] == []
    assert problem in found["problem"]


def test_values_that_are_no_numbers_are_levels() -> None:
    draw = random.Random(3)
    values = [None, math.nan, [1, 2], {"a": 1}, True, "x", 10**400]
    runs: list[tuple[float | None, dict[str, Any]]] = []
    for _ in range(60):
        place = draw.randrange(len(values))
        runs.append(
            (float(place), {"odd": values[place], "name": f"run {draw.random()}", "noise": draw.random()})
        )
    shares = dict(importance(table_of(runs), {})["shares"])
    assert next(iter(shares)) == "odd"
    assert "name" not in shares


def test_of_very_many_runs_a_sample_enters(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_RUNS == 2000
    monkeypatch.setattr("toolkit.leaderboard.report.importance.MOST_RUNS", 50)
    found = importance(table_of(known()), {})
    assert (found["runs"], found["ranked"]) == (50, 60)
    assert found["shares"] == importance(table_of(known()), {})["shares"]
