"""Which trials' models a search keeps: those that it may yet name its best, and a few more.

Kept are the `keep` best trials, and every trial that beats all trials with lower numbers: it is the best of
the search as far as its own number, so the same search asked for fewer trials finds its best model too. Of
fifty trials in random order four or five do so.

A trial that may go can never come back among them: its value is final, and more trials only push it down. So
models may be dropped while the search runs, in whatever order its trials end, and what is left is the same.
"""

from collections.abc import Mapping

from toolkit.leaderboard.ranking import best_point
from toolkit.runs import Search
from toolkit.runs.layout import run_id
from toolkit.runs.status import ENDED_WELL


def surplus(costs: Mapping[int, float | None], keep: int, *, leaders: bool = True) -> list[int]:
    """The trials whose models may be dropped, lowest number first.

    Args:
        costs: trial -> its value at its best epoch, turned so that less is better, for the trials that have
            ended and are not trained any further; None where it has no finite one and cannot win.
        keep: how many of the best are kept; the best one always is. Of equals the lower number is better.
        leaders: whether those are kept too that beat all trials with lower numbers.
    """
    ranked = sorted((cost, trial) for trial, cost in costs.items() if cost is not None)
    kept = {trial for _, trial in ranked[: max(keep, 1)]}
    if len(kept) < max(keep, 1):  # the next trial to end may need no place of another
        return []
    if leaders:
        kept |= _leaders(costs)
    return [trial for trial in sorted(costs) if trial not in kept]


def _leaders(costs: Mapping[int, float | None]) -> set[int]:
    """The trials that are better than all of lower number."""
    found: set[int] = set()
    best: float | None = None
    for trial, cost in sorted(costs.items()):
        if cost is not None and (best is None or cost < best):
            best = cost
            found.add(trial)
    return found


def final_costs(search: Search) -> dict[int, float | None]:
    """What `surplus` takes, of a search as its journal tells it."""
    metric, mode = search.header.metric, search.header.mode
    return {
        trial: _cost(search, trial, metric, mode)
        for trial, run in search.runs.items()
        if run.status in ENDED_WELL
    }


def _cost(search: Search, trial: int, metric: str, mode: str) -> float | None:
    point = best_point(search.runs[trial], metric, mode)
    if point is None:
        return None
    value = float(point.metrics[metric])
    return value if mode == "min" else -value


def dropped_model(search: Search, trial: int) -> str:
    """One line for whoever wants a model that was dropped: why, and how to have it again."""
    run = run_id(search.id, trial)
    return (
        f"the model of {run} was dropped ({search.dropped_models[trial]}); "
        f"`toolkit replay {run} --model FILE` trains it again"
    )
