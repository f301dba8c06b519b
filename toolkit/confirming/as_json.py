"""A confirmation for programs; what is not known is null."""

import math
from typing import Any

from toolkit.confirming.confirming import Confirmation
from toolkit.confirming.judging import Luck, Verdict
from toolkit.confirming.sealed_split import Opening
from toolkit.leaderboard.statistics import CONFIDENCE, RESAMPLES, Interval


def to_dict(confirmation: Confirmation, opening: Opening | None) -> dict[str, Any]:
    """Everything that the text says, and the numbers that it is made of."""
    field, judgement = confirmation.field, confirmation.judgement
    yardstick = field.table.yardstick
    return {
        "metric": yardstick.metric,
        "mode": yardstick.mode,
        "validation": {"path": yardstick.path, "sha256": yardstick.validation},
        "confidence": CONFIDENCE,
        "seeds": confirmation.seeds,
        "resamples": RESAMPLES,
        "resampled": judgement.resampled,
        "searches": [{"experiment": s.experiment, "search": s.id} for s in confirmation.searches],
        "leaders": [_leader(verdict) for verdict in judgement.verdicts],
        "luck": _luck(judgement.luck),
        "baselines": [{"run": name, "score": score} for name, score in field.baselines],
        "left_out": list(field.left_out),
        "problems": list(confirmation.problems),
        "test": _test(opening),
    }


def _leader(verdict: Verdict) -> dict[str, Any]:
    leader, test = verdict.leader, verdict.test
    return {
        "rank": leader.row.rank,
        "experiment": leader.row.experiment,
        "search": leader.row.search,
        "trial": leader.row.trial,
        "run_id": leader.row.run_id,
        "epochs": leader.epochs,
        "score": leader.score,
        "scores": list(verdict.scores),
        "mean": verdict.mean,
        "deviation": verdict.deviation,
        "interval": _interval(verdict.interval),
        "probability_of_best": verdict.probability,
        "luck": verdict.luck,
        "behind": verdict.behind,
        "behind_interval": _interval(verdict.behind_interval),
        "mcnemar": None
        if test is None
        else {
            "only_first": test.only_first,
            "only_this": test.only_this,
            "p": test.p,
            "p_holm": test.p_holm,
        },
    }


def _interval(interval: Interval | None) -> list[float] | None:
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return None
    return [interval.low, interval.high]


def _luck(luck: Luck | None) -> dict[str, Any] | None:
    if luck is None:
        return None
    return {
        "lead_then": luck.lead_then,
        "lead_now": luck.lead_now,
        "entrants": luck.entrants,
        "deviation": luck.deviation,
        "expected_maximum": luck.expected,
    }


def _test(opening: Opening | None) -> dict[str, Any] | None:
    if opening is None:
        return None
    return {
        "path": opening.path,
        "sha256": opening.sha256,
        "rows": opening.rows,
        "opened_before": list(opening.earlier),
        "leaders": [
            {
                "run": score.name,
                "metric": score.metric,
                "scores": list(score.scores),
                "mean": score.mean,
                "interval": _interval(score.interval),
            }
            for score in opening.scores
        ],
    }
