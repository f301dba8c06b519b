"""Leaderboards whose answers were worked out by hand."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard import best_run, rank
from toolkit.leaderboard.index import answer
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Row, best_point

NAN, INF = math.nan, math.inf


def standings(rows: list[Row]) -> list[tuple[int | None, int, int | None]]:
    """(rank, trial, best epoch) of every row."""
    return [(row.rank, row.trial, row.epoch) for row in rows]


@pytest.mark.parametrize(
    ("mode", "values", "epoch"),
    [
        ("min", [0.9, 0.4, 0.6], 1),
        ("max", [0.9, 0.4, 0.6], 0),
        ("min", [0.5, 0.4, 0.4], 1),  # the first of equals
        ("max", [0.4, 0.5, 0.5], 1),
        ("min", [NAN, 0.7, NAN], 1),
        ("max", [NAN, -0.7, NAN], 1),
        ("min", [-INF, 0.7], 1),
        ("max", [INF, 0.7], 1),
        ("min", [0, 1], 0),
        ("max", [-1, 0], 1),
        ("min", [NAN, NAN], None),
        ("min", [INF], None),
        ("min", [], None),
        ("min", ["0.1", None, False, 0.9], 3),
        ("max", [10**400, 0.5], 1),  # no float can hold it
    ],
)
def test_best_epoch(tmp_path: Path, mode: str, values: list[Any], epoch: int | None) -> None:
    points = [{"quality": value} for value in values]
    run = write_search(tmp_path, [Trial(points)], metric="quality", mode=mode).runs[0]
    best = best_point(run, "quality", mode)
    assert (None if best is None else best.epoch) == epoch


def test_the_best_epoch_ranks_and_every_column_is_of_that_epoch(tmp_path: Path) -> None:
    overfits = Trial(
        [
            {"validation_loss": 0.5, "validation_accuracy": 0.80, "training_loss": 0.6},
            {"validation_loss": 0.3, "validation_accuracy": 0.85, "training_loss": 0.3},
            {"validation_loss": 0.9, "validation_accuracy": 0.90, "training_loss": 0.1},
        ]
    )
    improves = Trial([0.8, 0.6, 0.4])
    [table] = rank([write_search(tmp_path, [improves, overfits])])
    assert standings(table.ranked) == [(1, 1, 1), (2, 0, 2)]
    assert table.rows[0].metrics == {
        "validation_loss": 0.3,
        "validation_accuracy": 0.85,
        "training_loss": 0.3,
    }
    assert table.rows[0].epochs == 3


def test_ties_share_a_rank(tmp_path: Path) -> None:
    trials = [Trial([0.5]), Trial([0.2]), Trial([0.9, 0.5]), Trial([0.7])]
    [table] = rank([write_search(tmp_path, trials)])
    assert standings(table.rows) == [(1, 1, 0), (2, 0, 0), (2, 2, 1), (4, 3, 0)]


def test_equals_stand_by_experiment_search_and_trial(tmp_path: Path) -> None:
    later = write_search(tmp_path / "b", [Trial([0.5]), Trial([0.5])], experiment="b", id="1" * 12)
    sooner = write_search(tmp_path / "a", [Trial([0.5])], experiment="a", id="2" * 12)
    [table] = rank([later, sooner])
    assert [(row.rank, row.experiment, row.trial) for row in table.rows] == [
        (1, "a", 0),
        (1, "b", 0),
        (1, "b", 1),
    ]


def test_higher_is_better_where_the_search_says_so(tmp_path: Path) -> None:
    points = [[{"validation_accuracy": value}] for value in (0.7, 0.9, 0.8)]
    search = write_search(
        tmp_path, [Trial(point) for point in points], metric="validation_accuracy", mode="max"
    )
    assert standings(rank([search])[0].rows) == [(1, 1, 0), (2, 2, 0), (3, 0, 0)]


def test_stopped_running_and_interrupted_runs_compete_with_the_epochs_they_got(tmp_path: Path) -> None:
    trials = [
        Trial([0.9, 0.5, 0.4]),
        Trial([0.3], status="STOPPED", rung=1),
        Trial([0.35, 0.36], status=None),
        Trial([0.8], status="INTERRUPTED"),
    ]
    [table] = rank([write_search(tmp_path, trials, ended=False)])
    assert [(row.rank, row.trial, row.status, row.rung, row.epochs) for row in table.rows] == [
        (1, 1, "STOPPED", 1, 1),
        (2, 2, "RUNNING", None, 2),
        (3, 0, "COMPLETED", None, 3),
        (4, 3, "INTERRUPTED", None, 1),
    ]
    assert table.running == ["names@aaaa00000000"]
    assert table.counts == {"STOPPED": 1, "RUNNING": 1, "COMPLETED": 1, "INTERRUPTED": 1}


def test_runs_without_a_rank_stand_below_with_the_reason(tmp_path: Path) -> None:
    trials = [
        Trial([0.1], status="FAILED", error="Traceback ...\nRuntimeError: out of memory\n"),
        Trial([], status="FAILED", reason="its worker died"),
        Trial([], status="FAILED"),
        Trial([0.5]),
        Trial([], status=None),
        Trial([], status="INTERRUPTED"),
        Trial([NAN, INF]),
        Trial([{"accuracy": 1.0}]),
    ]
    [table] = rank([write_search(tmp_path, trials)])
    assert standings(table.ranked) == [(1, 3, 0)]
    assert {row.trial: row.reason for row in table.unranked} == {
        0: "RuntimeError: out of memory",
        1: "its worker died",
        2: "failed without saying why",
        4: "no epoch has ended yet",
        5: "it ended before its first epoch",
        6: "validation_loss is never a finite number",
        7: "it does not report validation_loss",
    }
    assert table.rows[-7:] == table.unranked


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"data": {"validation": OTHER_VALIDATION}}, "other validation data"),
        ({"labels": ["Bäckereien", "Gärtnereien"]}, "other labels (+Gärtnereien, -Hotels)"),
        ({"mode": "max"}, "ranked by validation_loss (max), not by validation_loss (min)"),
        ({"metric": "accuracy", "mode": "max"}, "ranked by accuracy (max), not by validation_loss (min)"),
        ({"data": {}}, "the validation data are not recorded"),
        (
            {"data": {"validation": OTHER_VALIDATION}, "labels": list("abcd")},
            "other validation data, other labels (+a, +b, +c, ...)",
        ),
    ],
)
def test_what_cannot_be_compared_stands_apart(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    first = write_search(tmp_path / "1", [Trial([0.5])])
    other = write_search(tmp_path / "2", [Trial([0.1])], experiment="other", **changes)
    mine, apart = rank([first, other])
    assert [row.experiment for row in mine.rows] == ["names"]
    assert [row.experiment for row in apart.rows] == ["other"]
    assert (mine.reason, apart.reason) == ("", reason)


def test_searches_without_recorded_data_are_compared_with_nothing(tmp_path: Path) -> None:
    searches = [
        write_search(tmp_path / number, [Trial([0.5])], id=number * 12, data={}) for number in ("1", "2")
    ]
    assert len(rank(searches)) == 2


def test_what_may_differ_does_not_separate(tmp_path: Path) -> None:
    copied = {"validation": {**OTHER_VALIDATION, "sha256": "3fa9c1d2" + "0" * 56}}
    one = write_search(tmp_path / "1", [Trial([0.5])])
    two = write_search(tmp_path / "2", [Trial([0.4])], experiment="two", data=copied, seed=7, provenance={})
    [table] = rank([one, two])
    assert [row.experiment for row in table.rows] == ["two", "names"]


def test_another_metric_on_request(tmp_path: Path) -> None:
    trials = [
        Trial([{"validation_loss": 0.2, "validation_accuracy": 0.7}]),
        Trial(
            [
                {"validation_loss": 0.3, "validation_accuracy": 0.9},
                {"validation_loss": 0.1, "validation_accuracy": 0.8},
            ]
        ),
    ]
    search = write_search(tmp_path, trials)
    [table] = rank([search], metric="validation_accuracy")
    assert (table.yardstick.metric, table.yardstick.mode) == ("validation_accuracy", "max")
    assert standings(table.rows) == [(1, 1, 0), (2, 0, 0)]
    assert standings(rank([search], metric="validation_accuracy", mode="min")[0].rows) == [
        (1, 0, 0),
        (2, 1, 1),
    ]


def test_a_metric_whose_direction_nobody_knows(tmp_path: Path) -> None:
    search = write_search(tmp_path, [Trial([{"validation_loss": 0.2, "surprise": 3.0}])])
    with pytest.raises(ConfigurationError, match="--mode min or --mode max"):
        rank([search], metric="surprise")
    assert rank([search], metric="surprise", mode="max")[0].yardstick.mode == "max"


def test_an_unknown_metric_lists_the_metrics_there_are(tmp_path: Path) -> None:
    point = {"validation_loss": 0.2, "validation_accuracy": 0.9, "validation_fscore__Hotels": 0.5}
    search = write_search(tmp_path, [Trial([point])])
    with pytest.raises(NotFoundError) as error:
        rank([search], metric="validation_acuracy")
    assert str(error.value) == (
        "no run reports the metric 'validation_acuracy', did you mean 'validation_accuracy'? "
        "There are: validation_loss, validation_accuracy"
    )


def test_the_top_keeps_the_baseline_with_its_true_rank(tmp_path: Path) -> None:
    search = write_search(tmp_path / "1", [Trial([0.5]), Trial([0.4]), Trial([0.3]), Trial([NAN])])
    rival = write_search(
        tmp_path / "2", [Trial([0.45])], experiment="names-baseline", id="b" * 12, job="baseline"
    )
    [table] = answer([search, rival], Question(top=1, unranked=0))
    assert [(row.rank, row.experiment) for row in table.rows] == [(1, "names"), (3, "names-baseline")]
    assert (table.more_ranked, table.more_unranked, table.counts) == (2, 1, {"COMPLETED": 5})
    [table] = answer([search, rival], Question(top=3))
    assert [row.rank for row in table.rows] == [1, 2, 3, None]


def test_the_best_run(tmp_path: Path) -> None:
    trials = [Trial([0.1], status="FAILED"), Trial([0.5]), Trial([0.4]), Trial([0.4]), Trial([NAN])]
    search = write_search(tmp_path, trials)
    assert best_run(search) is search.runs[2]
    assert best_run(write_search(tmp_path / "empty", [Trial([NAN])])) is None


def test_nothing_ranks_to_nothing(tmp_path: Path) -> None:
    assert rank([]) == []
    assert rank([write_search(tmp_path, [])])[0].rows == []
