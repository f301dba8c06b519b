"""Which models are kept: the rule alone, in every order in which trials may end."""

import random
from pathlib import Path

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.errors import SearchError
from toolkit.leaderboard import best_run, export
from toolkit.leaderboard.keeping import final_costs, surplus
from toolkit.runs import JournalWriter, load_search

Costs = dict[int, float | None]


@pytest.mark.parametrize(
    ("costs", "keep", "going"),
    [
        ([], 0, []),
        ([0.5], 0, []),  # the best always stays
        ([0.5, 0.4, 0.6], 1, [2]),  # trial 0 leads where there is only one trial
        ([0.5, 0.6, 0.4], 1, [1]),
        ([0.1, 0.4, 0.3, 0.2], 2, [1, 2]),
        ([0.1, 0.4, 0.3, 0.2], 5, []),
        ([0.3, 0.3, 0.3], 1, [1, 2]),  # of equals the lower number
        ([None, 0.3, 0.2], 1, [0]),  # what has no finite value leads nowhere
        ([0.1, None], 2, []),  # the next trial may need no place of another
        ([None, None], 0, []),
    ],
)
def test_who_goes(costs: list[float | None], keep: int, going: list[int]) -> None:
    assert surplus(dict(enumerate(costs)), keep) == going


def test_without_leaders_only_the_best_are_left() -> None:
    for keep in (0, 1):
        assert surplus({0: 0.5, 1: 0.4, 2: 0.3}, keep, leaders=False) == [0, 1]


@pytest.mark.parametrize("keep", [0, 1, 5])
def test_whatever_ends_first_the_same_are_left_and_nobody_comes_back(keep: int) -> None:
    rng = random.Random(keep)
    for _ in range(300):
        values = [0.1, 0.2, 0.3, 0.4, None, *(rng.random() for _ in range(12))]
        costs: Costs = {trial: rng.choice(values) for trial in range(rng.randint(1, 25))}
        ended: Costs = {}
        gone: set[int] = set()
        for trial in rng.sample(sorted(costs), len(costs)):
            ended[trial] = costs[trial]
            assert gone <= (gone := set(surplus(ended, keep)))
        assert sorted(gone) == surplus(costs, keep)
        ranked = sorted((cost, trial) for trial, cost in costs.items() if cost is not None)
        first = [[pair for pair in ranked if pair[1] < count] for count in range(1, len(costs) + 1)]
        needed = {pairs[0][1] for pairs in first if pairs}  # the best of every smaller search
        needed |= {trial for _, trial in ranked[:keep]}
        if len(ranked) >= max(keep, 1):
            assert gone == costs.keys() - needed
        else:
            assert gone == set()


def test_only_trials_that_have_ended_well_are_held_against_each_other(tmp_path: Path) -> None:
    trials = [
        Trial([0.5, 0.4]),
        Trial([0.3], status="STOPPED"),
        Trial([0.1], status="FAILED"),
        Trial([0.1], status="INTERRUPTED"),
        Trial([0.1], status=None),
        Trial([float("nan")]),
    ]
    search = write_search(tmp_path / "a", trials, ended=False)
    assert final_costs(search) == {0: 0.4, 1: 0.3, 5: None}
    turned = write_search(tmp_path / "b", [Trial([0.5, 0.4])], mode="max")
    assert final_costs(turned) == {0: -0.5}


def test_results_without_the_model_that_was_dropped_are_not_written(tmp_path: Path) -> None:
    search = write_search(tmp_path / "a", [Trial([0.5])], ended=False)
    assert export(search, tmp_path / "results")  # where there never was a model
    with JournalWriter(search.folder) as journal:
        journal.append("drop", 0, name="model", reason="keep_models: 5")
    search = load_search(search.folder)
    best = best_run(search)
    assert best is not None
    with pytest.raises(SearchError) as told:
        export(search, tmp_path / "results")
    assert str(told.value) == (
        "no results: the model of aaaa00000000-00000 was dropped (keep_models: 5); "
        "`toolkit replay aaaa00000000-00000 --model FILE` trains it again"
    )
