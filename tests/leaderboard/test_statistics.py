"""Statistics against answers that are known: from tables, by hand, from theory."""

import math

import numpy as np
import pytest

from toolkit.leaderboard.statistics import (
    combined_p,
    expected_maximum,
    holm,
    mcnemar,
    percentile_interval,
    pooled_deviation,
    probability_of_best,
    resampled_means,
    student_interval,
)


def test_students_interval_is_that_of_the_tables() -> None:
    interval = student_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert interval is not None
    reach = 2.776445 * math.sqrt(2.5 / 5)  # t with 4 degrees of freedom, 0.975
    assert (interval.low, interval.high) == pytest.approx((3 - reach, 3 + reach), rel=1e-6)
    assert student_interval([1.0]) is None
    assert student_interval([]) is None


def test_a_pooled_deviation_knows_nothing_of_the_differences_between_groups() -> None:
    assert pooled_deviation([[1.0, 3.0], [101.0, 103.0], [7.0]]) == pytest.approx(math.sqrt(2))
    assert pooled_deviation([[1.0], []]) is None


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    [
        (5, 15, 0.04138946533203125),  # 2 * sum of C(20, k) for k up to 5, over 2**20
        (15, 5, 0.04138946533203125),
        (0, 6, 0.03125),
        (0, 5, 0.0625),
        (3, 3, 1.0),
        (0, 0, 1.0),
    ],
)
def test_mcnemar_is_a_coin(only_first: int, only_second: int, p: float) -> None:
    both = [True] * 30 + [False] * 4  # say nothing, however many they are
    first = [*both, *[True] * only_first, *[False] * only_second]
    second = [*both, *[False] * only_first, *[True] * only_second]
    found = mcnemar(first, second)
    assert (found.only_first, found.only_second) == (only_first, only_second)
    assert found.p == pytest.approx(p)


def test_mcnemar_wants_the_same_rows() -> None:
    with pytest.raises(ValueError):
        mcnemar([True], [True, False])


def test_holms_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_tests_of_the_same_question_are_combined_by_the_middle_one() -> None:
    assert combined_p([0.5, 0.001, 0.03, 0.02, 0.9]) == pytest.approx(0.03 * 5 / 3)
    assert combined_p([0.02, 0.04]) == pytest.approx(0.04)  # of two, the smaller one twice
    assert combined_p([0.2]) == 0.2
    assert combined_p([0.9, 0.9, 0.9]) == 1.0
    with pytest.raises(ValueError):
        combined_p([])


def test_the_expected_maximum_of_normal_draws() -> None:
    found = [expected_maximum(count) for count in (1, 2, 3, 10, 100, 1_000_000)]
    known = [0, 1 / math.sqrt(math.pi), 1.5 / math.sqrt(math.pi), 1.538753, 2.507594, 4.862898]
    assert found == pytest.approx(known, abs=1e-5)
    with pytest.raises(ValueError):
        expected_maximum(0)


def test_the_luck_of_the_best_of_many_is_the_expected_maximum() -> None:
    """Pure noise: fifty equal configurations, the best of them, and its mean over fresh seeds."""
    draws = np.random.default_rng(3).normal(0.25, 0.01, size=(4000, 50))
    assert np.mean(0.25 - draws.min(1)) == pytest.approx(0.01 * expected_maximum(50), rel=0.02)


def test_the_bootstrap_over_rows_is_about_the_normal_interval() -> None:
    rows = np.random.default_rng(1).normal(3, 2, size=(1, 400))
    interval = percentile_interval(resampled_means([rows], 4000)[:, 0])
    assert interval is not None
    reach = 1.96 * rows.std() / 20
    assert (interval.low, interval.high) == pytest.approx(
        (rows.mean() - reach, rows.mean() + reach), abs=0.02
    )


def test_the_bootstrap_over_seeds_varies_as_means_of_seeds_do() -> None:
    scores = np.random.default_rng(2).normal(0, 1, size=(30, 1))
    means = resampled_means([scores], 4000)[:, 0]
    assert means.std() == pytest.approx(scores.std() / math.sqrt(30), rel=0.05)
    assert means.mean() == pytest.approx(scores.mean(), abs=0.02)


def test_rows_are_drawn_for_all_contenders_alike() -> None:
    """One that is always a little better on the very same rows is the best however the rows fall."""
    rows = np.random.default_rng(4).normal(0, 10, size=(1, 50))
    means = resampled_means([rows, rows + 0.001], 500)
    assert probability_of_best(means) == [1.0, 0.0]


def test_of_two_alike_each_is_the_best_half_the_time() -> None:
    rows = np.random.default_rng(5).normal(size=(3, 200))
    assert probability_of_best(resampled_means([rows, rows[::-1]], 4000)) == pytest.approx(
        [0.5, 0.5], abs=0.03
    )
    same = np.ones((1, 20))
    assert probability_of_best(resampled_means([same, same], 100)) == [0.5, 0.5]  # equals share


def test_a_seed_without_a_score_is_worse_than_everything() -> None:
    sure, unsure = np.full((5, 1), 0.5), np.array([[0.1], [0.1], [0.1], [0.1], [np.inf]])
    first, second = probability_of_best(resampled_means([sure, unsure], 20_000))
    assert second == pytest.approx((4 / 5) ** 5, abs=0.01)  # unless the fifth seed is drawn
    assert first + second == pytest.approx(1)
    hopeless = np.full((2, 1), np.inf)
    assert probability_of_best(resampled_means([hopeless, hopeless], 100)) == [0, 0]


def test_an_interval_of_what_may_be_infinite_is_none() -> None:
    assert percentile_interval(np.array([0.1, np.inf])) is None


def test_the_same_numbers_give_the_same_resamples() -> None:
    costs = [np.random.default_rng(6).normal(size=(3, 40)) for _ in range(2)]
    assert np.array_equal(resampled_means(costs, 1500), resampled_means(costs, 1500))
    assert resampled_means(costs, 1500).shape == (1500, 2)


@pytest.mark.parametrize("shapes", [[(2, 3), (2, 4)], [(0, 3)], [(2, 0)]])
def test_costs_must_share_their_rows(shapes: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError):
        resampled_means([np.zeros(shape) for shape in shapes])
