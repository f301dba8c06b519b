"""Which hyperparameters matter: the functional analysis of variance (fANOVA) over the ranked runs.

A forest is fitted from hyperparameters to the ranking metric; the importance of a hyperparameter is its
share of the forest's variance, all others averaged out (Hutter, Hoos and Leyton-Brown, ICML 2014). The
evaluator is Optuna's. Logarithmic hyperparameters enter as their logarithm, for the shares are those over
the space that was searched.

Trees are at most 8 levels deep. At Optuna's 64 they cost eight times as much for 1,000 runs, more for more,
and the shares of a known answer are the same within a hundredth. At most 2,000 runs enter, drawn with a
fixed seed.
"""

import json
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.report.scales import is_log, is_number

EVALUATOR = "optuna.importance.FanovaImportanceEvaluator"
SEED = 0
FEWEST_RUNS = 10
MOST_RUNS = 2000
MOST_LEVELS = 32
_TREES = 64
_DEPTH = 8
_HUGE = 1e300
"""The difference of two such numbers is no number."""


def importance(table: Table, scales: Mapping[str, bool]) -> dict[str, Any]:
    """Dotted path -> share from 0 to 1, most important first, and what was computed how.

    The same runs give the same numbers, in whatever order they come. Hyperparameters that less than half
    of the runs have, that never change, or that have more than 32 different values and are no numbers, are
    left out; then runs that lack one of the others. `problem` says why there are no shares.
    """
    ranked = sorted(table.ranked, key=lambda row: row.run_id)
    paths = [path for path in table.params if _takes_part(path, ranked)]
    rows = [row for row in ranked if all(path in row.params for path in paths)]
    drawn = rows if len(rows) <= MOST_RUNS else random.Random(SEED).sample(rows, MOST_RUNS)
    told = {"evaluator": EVALUATOR, "seed": SEED, "trees": _TREES, "depth": _DEPTH}
    told |= {"runs": len(drawn), "ranked": len(ranked)}
    problem = _problem(table.yardstick.metric, paths, drawn)
    if problem is not None:
        return {**told, "problem": problem, "shares": []}
    version, shares = _shares(table.yardstick.metric, paths, drawn, scales)
    return {**told, "version": version, "problem": None, "shares": shares}


def _takes_part(path: str, rows: Sequence[Row]) -> bool:
    present = [row.params[path] for row in rows if path in row.params]
    if 2 * len(present) < len(rows):
        return False
    levels = {_level(value) for value in present}
    return len(levels) > 1 and (_is_numeric(present) or len(levels) <= MOST_LEVELS)


def _is_numeric(values: Sequence[Any]) -> bool:
    return all(is_number(value) and abs(value) < _HUGE for value in values)


def _level(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _problem(metric: str, paths: Sequence[str], rows: Sequence[Row]) -> str | None:
    if len(rows) < FEWEST_RUNS:
        return f"it takes {FEWEST_RUNS} ranked runs with the same hyperparameters, there are {len(rows)}"
    if not paths:
        return "no hyperparameter differs between the runs"
    if len({row.metrics[metric] for row in rows}) == 1:
        return f"all runs have the same {metric}"
    return None


def _shares(
    metric: str, paths: Sequence[str], rows: Sequence[Row], scales: Mapping[str, bool]
) -> tuple[str, list[list[Any]]]:
    # Here, for it takes two seconds and only a report needs it.
    import optuna
    from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
    from optuna.importance import FanovaImportanceEvaluator

    distributions: dict[str, BaseDistribution] = {}
    columns: dict[str, list[Any]] = {}
    for path in paths:
        values = [row.params[path] for row in rows]
        if _is_numeric(values):
            columns[path] = [math.log10(v) for v in values] if is_log(path, values, scales) else values
            distributions[path] = FloatDistribution(float(min(columns[path])), float(max(columns[path])))
        else:
            columns[path] = [_level(value) for value in values]
            distributions[path] = CategoricalDistribution(sorted(set(columns[path])))
    trials = [
        optuna.trial.create_trial(
            params={path: columns[path][place] for path in paths},
            distributions=distributions,
            value=float(row.metrics[metric]),
        )
        for place, row in enumerate(rows)
    ]
    # optuna.create_study says on stderr that it made one.
    told = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study()
        study.add_trials(trials)
    finally:
        optuna.logging.set_verbosity(told)
    evaluator = FanovaImportanceEvaluator(n_trees=_TREES, max_depth=_DEPTH, seed=SEED)
    found = evaluator.evaluate(study)
    return optuna.__version__, [[path, round(float(share), 4)] for path, share in found.items()]
