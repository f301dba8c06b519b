"""From fresh scores and saved predictions to verdicts: how good each leader is, and how sure that is.

The leader against which the others are tested is the one that the search named: it was chosen before any of
the numbers here were known, so no test pays for the choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from toolkit.confirming.leaders import Field, Leader
from toolkit.leaderboard.statistics import (
    CONFIDENCE,
    Interval,
    McNemar,
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
from toolkit.runs.predictions import Predictions

_LEAST = float(np.finfo(np.float32).smallest_subnormal)
"""What a probability that float32 rounds to 0 counts as: its logarithm is no number."""


@dataclass(frozen=True)
class Contender:
    """A leader and its models: one for each fresh seed, or the one that the search kept.

    Attributes:
        scores: the metric of each model; None where there is no finite one.
        predictions: what each says of the validation data; None where that is not known.
    """

    leader: Leader
    scores: Sequence[float | None]
    predictions: Sequence[Predictions | None]


@dataclass(frozen=True)
class PairedTest:
    """The first leader against this one, row by row.

    Attributes:
        only_first, only_this: rows that only the one of the two predicted right, over all pairs of seeds.
        p: of McNemar's exact test; over several pairs of seeds, see `combined_p`.
        p_holm: the same, adjusted for testing several leaders.
    """

    only_first: int
    only_this: int
    p: float
    p_holm: float


@dataclass(frozen=True)
class Verdict:
    """What came of one leader.

    Attributes:
        mean, deviation, interval: of the scores that are there: Student's interval over seeds; of a single
            model the bootstrap's over rows.
        probability: of being the best of these leaders; None where there is one alone.
        luck: how much better its score in the search was than the mean of its fresh seeds.
        behind, behind_interval: how much worse than the first leader its mean is; negative where it is
            better.
        test: None of the first leader, and where there are no predictions of a pair.
    """

    leader: Leader
    scores: Sequence[float | None]
    mean: float | None = None
    deviation: float | None = None
    interval: Interval | None = None
    probability: float | None = None
    luck: float | None = None
    behind: float | None = None
    behind_interval: Interval | None = None
    test: PairedTest | None = None


@dataclass(frozen=True)
class Luck:
    """How much of the first leader's score and lead was luck of the maximum.

    Attributes:
        lead_then, lead_now: over the second one in the search; over the best other leader on fresh seeds,
            negative where that one is better.
        deviation: of the score over seeds, pooled over the leaders.
        expected: by how much the best of `entrants` equal configurations looks better than it is, if their
            scores are normal with that deviation: real differences between them leave luck less room.
    """

    lead_then: float | None
    lead_now: float | None
    entrants: int
    deviation: float
    expected: float


@dataclass(frozen=True)
class Judgement:
    """The verdicts in the order of the leaders.

    Attributes:
        resampled: what the bootstrap drew anew: "rows and seeds", "seeds" or "rows"; None without one.
    """

    verdicts: Sequence[Verdict]
    luck: Luck | None
    resampled: str | None


def judge(field: Field, contenders: Sequence[Contender], confidence: float = CONFIDENCE) -> Judgement:
    """Hold the leaders' models against each other.

    Args:
        contenders: in the order of the leaders, each with as many models as the others. A model without a
            score counts as the worst there is where a best one is looked for.
    """
    metric, mode = field.table.yardstick.metric, field.table.yardstick.mode
    sign = 1.0 if mode == "min" else -1.0
    single = all(len(contender.scores) == 1 for contender in contenders)
    costs, of_rows = _costs(contenders, metric, sign)
    means = resampled_means(costs) if of_rows or not single else None
    verdicts = [
        Verdict(
            leader=contender.leader,
            scores=contender.scores,
            mean=_mean(contender.scores),
            deviation=pooled_deviation([there(contender.scores)]),
            interval=None if single else student_interval(there(contender.scores), confidence),
            test=test,
        )
        for contender, test in zip(contenders, _tests(contenders), strict=True)
    ]
    if means is not None:
        verdicts = _with_bootstrap(verdicts, means, sign, confidence, single)
    verdicts = [replace(verdict, behind=_behind(verdict, verdicts[0], sign)) for verdict in verdicts]
    if single:
        return Judgement(verdicts, None, None if means is None else "rows")
    verdicts = [replace(verdict, luck=_luck_of(verdict, sign)) for verdict in verdicts]
    return Judgement(verdicts, _luck(field, verdicts, sign), "rows and seeds" if of_rows else "seeds")


def there(scores: Sequence[float | None]) -> list[float]:
    """The scores that are there."""
    return [score for score in scores if score is not None]


def _mean(scores: Sequence[float | None]) -> float | None:
    return float(np.mean(there(scores))) if there(scores) else None


def score_of(predictions: Predictions, metric: str) -> float | None:
    """The metric of predictions, where it is a mean over rows: loss and accuracy; None for any other."""
    values = _of_rows(predictions, metric)
    return None if values is None else float(values.mean())


def _of_rows(predictions: Predictions, metric: str) -> NDArray[np.float64] | None:
    """The metric of each row (rows), whose mean is the metric itself."""
    if metric == "validation_loss":
        return -np.log(np.maximum(np.array(predictions.probability, np.float64), _LEAST))
    if metric == "validation_accuracy":
        return np.array(predictions.correct, np.float64)
    return None


def _costs(
    contenders: Sequence[Contender], metric: str, sign: float
) -> tuple[list[NDArray[np.float64]], bool]:
    """The costs of each contender (seeds, rows), and whether the rows are those of the data.

    Where the metric is no mean over rows, or some predictions are not known, one column holds the scores.
    """
    in_rows = [[_of_rows(said, metric) if said else None for said in c.predictions] for c in contenders]
    missing = [
        score is not None and rows is None
        for contender, known in zip(contenders, in_rows, strict=True)
        for score, rows in zip(contender.scores, known, strict=True)
    ]
    width = next((len(rows) for known in in_rows for rows in known if rows is not None), 0)
    of_rows = width > 0 and not any(missing)
    costs = []
    for contender, known in zip(contenders, in_rows, strict=True):
        values = np.full((len(contender.scores), width if of_rows else 1), np.inf)
        for place, (score, rows) in enumerate(zip(contender.scores, known, strict=True)):
            if score is not None:
                values[place] = sign * (rows if of_rows and rows is not None else np.float64(score))
        costs.append(values)
    return costs, of_rows


def _with_bootstrap(
    verdicts: Sequence[Verdict], means: NDArray[np.float64], sign: float, confidence: float, single: bool
) -> list[Verdict]:
    """The verdicts with what the resampled mean costs (B, K) say."""
    found = []
    for place, (verdict, probability) in enumerate(zip(verdicts, probability_of_best(means), strict=True)):
        behind = None if place == 0 else _spread(means[:, place] - means[:, 0], confidence)
        alone = len(verdicts) == 1
        found.append(replace(verdict, probability=None if alone else probability, behind_interval=behind))
        if single:  # there are no seeds to make an interval of
            values = _spread(sign * means[:, place], confidence)
            found[-1] = replace(found[-1], interval=values)
    return found


def _spread(values: NDArray[np.float64], confidence: float) -> Interval | None:
    return percentile_interval(values, confidence) if np.isfinite(values).all() else None


def _behind(verdict: Verdict, first: Verdict, sign: float) -> float | None:
    if verdict is first or verdict.mean is None or first.mean is None:
        return None
    return sign * (verdict.mean - first.mean)


def _tests(contenders: Sequence[Contender]) -> list[PairedTest | None]:
    """Each contender against the first, in pairs of models of equal place."""
    first, *others = contenders
    found = [_pairs(first, other) for other in others]
    p_values = [combined_p([test.p for test in tests]) for tests in found if tests]
    adjusted = iter(zip(p_values, holm(p_values), strict=True))
    results: list[PairedTest | None] = [None]
    for tests in found:
        if not tests:
            results.append(None)
            continue
        p, p_holm = next(adjusted)
        only_first, only_this = sum(t.only_first for t in tests), sum(t.only_second for t in tests)
        results.append(PairedTest(only_first, only_this, p, p_holm))
    return results


def _pairs(first: Contender, other: Contender) -> list[McNemar]:
    return [
        mcnemar(one.correct, two.correct)
        for one, two in zip(first.predictions, other.predictions, strict=True)
        if one is not None and two is not None
    ]


def _luck_of(verdict: Verdict, sign: float) -> float | None:
    return None if verdict.mean is None else sign * (verdict.mean - verdict.leader.score)


def _luck(field: Field, verdicts: Sequence[Verdict], sign: float) -> Luck | None:
    deviation = pooled_deviation([there(verdict.scores) for verdict in verdicts])
    if deviation is None:
        return None
    first, *others = verdicts
    now = [sign * verdict.mean for verdict in others if verdict.mean is not None]
    return Luck(
        lead_then=sign * (others[0].leader.score - first.leader.score) if others else None,
        lead_now=min(now) - sign * first.mean if now and first.mean is not None else None,
        entrants=field.entrants,
        deviation=deviation,
        expected=deviation * expected_maximum(field.entrants),
    )
