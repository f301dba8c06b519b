"""Whether a lead is more than luck: intervals, paired tests, and what the maximum of many is by chance alone.

Pure functions over numbers; costs are values turned so that less is better. scipy takes a moment to load, so
nothing on the way of a plain leaderboard imports this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special, stats

CONFIDENCE = 0.95
RESAMPLES = 10_000
_AT_ONCE = 2_000_000
"""Draws that are held in memory together, 16 MB of them: a thousand resamples of 2,000 rows."""
_BEYOND_ALL = 12.0
"""Standard deviations beyond which a normal distribution holds less than a double can tell from nothing."""


@dataclass(frozen=True)
class Interval:
    """A confidence interval, its ends included."""

    low: float
    high: float


@dataclass(frozen=True)
class McNemar:
    """How often each of two models alone was right, and how likely a split that uneven is by chance.

    Attributes:
        only_first, only_second: rows that only this one of the two predicted right.
        p: two-sided; 1 where the two were never right alone.
    """

    only_first: int
    only_second: int
    p: float


def student_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval | None:
    """The interval of the mean of independent, about normal values; None of fewer than two.

    Student (1908), "The probable error of a mean", Biometrika 6.
    """
    if len(values) < 2:
        return None
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / len(values) ** 0.5
    reach = float(stats.t.ppf((1 + confidence) / 2, len(values) - 1)) * error
    return Interval(mean - reach, mean + reach)


def pooled_deviation(groups: Sequence[Sequence[float]]) -> float | None:
    """The standard deviation within groups whose means differ; None where no group has two values.

    Squares from each group's own mean over the degrees of freedom of all: the residual standard deviation
    of a one-way analysis of variance (Fisher 1925).
    """
    squares = sum(float(np.var(group) * len(group)) for group in groups if len(group) > 1)
    freedom = sum(len(group) - 1 for group in groups if len(group) > 1)
    return (squares / freedom) ** 0.5 if freedom else None


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> McNemar:
    """The exact test of whether two models are right equally often on the same rows.

    Only rows on which one of them is right say anything, and under the null hypothesis each of those falls to
    either model like a coin (McNemar 1947, "Note on the sampling error of the difference between correlated
    proportions or percentages", Psychometrika 12). It holds the two models against each other on this kind of
    data, not the two ways to train (Dietterich 1998).

    Raises:
        ValueError: not the same number of rows.
    """
    pairs = list(zip(first, second, strict=True))
    only_first = sum(a and not b for a, b in pairs)
    only_second = sum(b and not a for a, b in pairs)
    alone = only_first + only_second
    p = 1.0 if alone == 0 else float(stats.binomtest(only_first, alone, 0.5).pvalue)
    return McNemar(only_first, only_second, p)


def combined_p(p_values: Sequence[float]) -> float:
    """One p-value for several tests of the same question, however they depend on each other.

    Of n values the k-th smallest, times n / k, with k the middle: at most twice the median. Rüger (1978),
    "Das maximale Signifikanzniveau des Tests: Lehne H0 ab, wenn k unter n gegebenen Tests zur Ablehnung
    führen", Metrika 25. One lucky pair of seeds thus says nothing, and so does one unlucky pair.

    Raises:
        ValueError: there are none.
    """
    if not p_values:
        raise ValueError("no p-values to combine")
    count, middle = len(p_values), (len(p_values) + 1) // 2
    return min(1.0, sorted(p_values)[middle - 1] * count / middle)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, adjusted so that the chance of any false alarm among them stays what it is for one.

    Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6.
    """
    adjusted, largest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def expected_maximum(count: int) -> float:
    """How far the largest of `count` standard normal draws lies above 0 on average: 0 of one, 2.51 of 100.

    The integral of 1 - F(x)^n above 0, less that of F(x)^n below (David and Nagaraja 2003, "Order
    Statistics", chapter 3).

    Raises:
        ValueError: there is nothing to draw.
    """
    if count < 1:
        raise ValueError(f"the maximum of {count} draws is none")
    above, _ = integrate.quad(lambda x: -np.expm1(count * special.log_ndtr(x)), 0, _BEYOND_ALL, limit=200)
    below, _ = integrate.quad(lambda x: np.exp(count * special.log_ndtr(x)), -_BEYOND_ALL, 0, limit=200)
    return float(above - below)


def resampled_means(
    costs: Sequence[NDArray[np.float64]], resamples: int = RESAMPLES, seed: int = 0
) -> NDArray[np.float64]:
    """The mean costs (B, K) of K contenders in B bootstrap resamples of rows and of seeds.

    A resample draws rows with replacement, the same ones for every contender, so that what is hard is hard
    for all of them; and within each contender it draws seeds with replacement. Both vary when somebody
    measures anew (Efron and Tibshirani 1993, "An Introduction to the Bootstrap"; Bouthillier et al. 2021,
    "Accounting for variance in machine learning benchmarks").

    Args:
        costs: of each contender (seeds, rows); one column where there is only one number a seed. A seed
            with an infinite cost counts as worse than everything.
        seed: of the draws; the same one gives the same resamples.

    Raises:
        ValueError: not the same number of rows everywhere, or none.
    """
    if len({values.shape[1] for values in costs}) != 1 or any(0 in values.shape for values in costs):
        raise ValueError(f"costs must share their rows, got the shapes {[values.shape for values in costs]}")
    generator = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // costs[0].shape[1])
    sizes = [min(step, resamples - begun) for begun in range(0, resamples, step)]
    return np.concatenate([_resampled(costs, size, generator) for size in sizes])


def _resampled(
    costs: Sequence[NDArray[np.float64]], size: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    rows = costs[0].shape[1]
    weights = generator.multinomial(rows, np.full(rows, 1 / rows), size) / rows  # (B, rows)
    means = np.empty((size, len(costs)))
    for place, values in enumerate(costs):
        hopeless = np.logical_not(np.isfinite(values).all(axis=1))  # (seeds)
        scores = weights @ np.where(hopeless[:, np.newaxis], 0, values).T  # (B, seeds)
        scores[:, hopeless] = np.inf
        drawn = generator.integers(len(values), size=(size, len(values)))
        means[:, place] = np.take_along_axis(scores, drawn, 1).mean(1)
    return means


def probability_of_best(means: NDArray[np.float64]) -> list[float]:
    """How often each contender has the least mean cost among the resamples (B, K); equals share.

    The bootstrap's answer to "which is the best": Bouthillier et al. (2021) ask for such a probability
    instead of a difference of means. A resample in which nobody has a finite cost has no best.
    """
    best = (means == means.min(1, keepdims=True)) & np.isfinite(means)
    shares = best / np.maximum(best.sum(1, keepdims=True), 1)
    return [float(share) for share in shares.mean(0)]


def percentile_interval(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> Interval | None:
    """The bootstrap's percentile interval of resampled values; None where some are not finite.

    Efron and Tibshirani (1993), chapter 13.
    """
    if not np.isfinite(values).all():
        return None
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high))
