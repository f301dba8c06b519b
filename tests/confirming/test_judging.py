"""What is made of scores and predictions: hand-checked, in both directions, with what is missing."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.confirming.judging import Contender, Judgement, judge, score_of
from toolkit.confirming.leaders import Field, choose_leaders
from toolkit.leaderboard.statistics import expected_maximum
from toolkit.runs.predictions import Predictions


def field(
    tmp_path: Path, scores: Sequence[float], metric: str = "validation_loss", mode: str = "min"
) -> Field:
    trials = [Trial([{metric: score}], config={"pipeline": {"size": i}}) for i, score in enumerate(scores)]
    search = write_search(tmp_path / "search", trials, metric=metric, mode=mode)
    return choose_leaders([search], len(scores))


def says(right: Sequence[bool], probability: float = 0.5) -> Predictions:
    return Predictions(
        data="d",
        model="m",
        labels=["a", "b"],
        actual=[0] * len(right),
        predicted=[0 if hit else 1 for hit in right],
        probability=[probability] * len(right),
    )


def judged(field: Field, scores: Sequence[Sequence[float | None]]) -> Judgement:
    contenders = [
        Contender(leader, own, [None] * len(own)) for leader, own in zip(field.leaders, scores, strict=True)
    ]
    return judge(field, contenders)


def test_a_winner_by_luck(tmp_path: Path) -> None:
    found = judged(field(tmp_path, [0.20, 0.21, 0.30]), [[0.24, 0.26], [0.21, 0.21], [0.30, 0.32]])
    first, second, third = found.verdicts
    assert [verdict.mean for verdict in found.verdicts] == pytest.approx([0.25, 0.21, 0.31])
    assert [verdict.luck for verdict in found.verdicts] == pytest.approx([0.05, 0.0, 0.01])
    assert (first.behind, second.behind, third.behind) == (None, pytest.approx(-0.04), pytest.approx(0.06))
    assert [verdict.probability for verdict in found.verdicts] == [0, 1, 0]
    assert second.interval is not None and second.interval.low == pytest.approx(0.21)
    assert found.resampled == "seeds"
    assert found.luck is not None
    deviation = math.sqrt((0.0002 + 0.0002) / 3)
    assert found.luck.deviation == pytest.approx(deviation)
    assert found.luck.expected == pytest.approx(deviation * expected_maximum(3))
    assert (found.luck.lead_then, found.luck.lead_now) == pytest.approx((0.01, -0.04))


def test_higher_is_better_the_other_way_round(tmp_path: Path) -> None:
    accuracy = field(tmp_path, [0.90, 0.80], "validation_accuracy", "max")
    found = judged(accuracy, [[0.86, 0.88], [0.81, 0.83]])
    assert [leader.score for leader in accuracy.leaders] == [0.9, 0.8]
    assert [verdict.luck for verdict in found.verdicts] == pytest.approx([0.03, -0.02])
    assert found.verdicts[1].behind == pytest.approx(0.05)
    assert [verdict.probability for verdict in found.verdicts] == [1, 0]
    assert found.luck is not None
    assert (found.luck.lead_then, found.luck.lead_now) == pytest.approx((0.1, 0.05))


def test_a_seed_without_a_score_is_left_out_of_the_mean_and_counts_against_its_leader(tmp_path: Path) -> None:
    found = judged(field(tmp_path, [0.2, 0.3]), [[0.1, None], [0.3, 0.3]])
    first, second = found.verdicts
    assert (first.mean, first.interval, first.scores) == (0.1, None, [0.1, None])
    assert first.probability == pytest.approx(0.25, abs=0.02)  # both draws must miss the one without
    assert second.behind_interval is None
    lost = judged(field(tmp_path / "b", [0.2, 0.3]), [[0.1, 0.1], [None, None]])
    assert (lost.verdicts[1].mean, lost.verdicts[1].luck, lost.verdicts[1].probability) == (None, None, 0)


def test_the_paired_test_goes_seed_by_seed(tmp_path: Path) -> None:
    leaders = field(tmp_path, [0.2, 0.3, 0.4]).leaders
    half = [True] * 20 + [False] * 20
    worse = [True] * 5 + [False] * 15 + [True] * 5 + [False] * 15
    contenders = [
        Contender(leaders[0], [0.2, 0.2], [says(half), says(half)]),
        Contender(leaders[1], [0.3, 0.3], [says(worse), says(half)]),
        Contender(leaders[2], [0.4, 0.4], [None, None]),
    ]
    found = judge(field(tmp_path / "b", [0.2, 0.3, 0.4]), contenders)
    test = found.verdicts[1].test
    assert test is not None
    assert (test.only_first, test.only_this) == (15, 5)
    assert (
        test.p == test.p_holm == pytest.approx(2 * 0.04138946533203125)
    )  # of two p-values the smaller, twice
    assert found.verdicts[0].test is found.verdicts[2].test is None
    assert found.resampled == "seeds"  # one leader says nothing of its rows


def test_kept_models_are_judged_by_rows(tmp_path: Path) -> None:
    both = field(tmp_path, [0.6, 0.7])
    good, bad = says([True] * 60, math.exp(-0.6)), says([False] * 60, math.exp(-0.7))
    assert score_of(good, "validation_loss") == pytest.approx(0.6)
    assert (score_of(bad, "validation_accuracy"), score_of(bad, "validation_macro_fscore")) == (0.0, None)
    contenders = [
        Contender(leader, [score], [said])
        for leader, score, said in zip(both.leaders, (0.6, 0.7), (good, bad), strict=True)
    ]
    found = judge(both, contenders)
    assert (found.resampled, found.luck) == ("rows", None)
    assert [verdict.probability for verdict in found.verdicts] == [1, 0]
    interval = found.verdicts[0].interval
    assert interval is not None and (interval.low, interval.high) == pytest.approx((0.6, 0.6))
    assert found.verdicts[0].luck is None
    assert found.verdicts[1].test is not None and found.verdicts[1].test.only_first == 60


def test_an_interval_of_rows_is_in_the_metrics_own_direction(tmp_path: Path) -> None:
    one = field(tmp_path, [0.75], "validation_accuracy", "max")
    found = judge(one, [Contender(one.leaders[0], [0.75], [says([True] * 75 + [False] * 25)])])
    interval = found.verdicts[0].interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.665, 0.835), abs=0.02)
    assert found.verdicts[0].probability is None  # the best of one says nothing


def test_a_probability_that_is_too_small_for_a_float_is_a_large_loss(tmp_path: Path) -> None:
    assert score_of(says([False], 0.0), "validation_loss") == pytest.approx(103.28, abs=0.01)
