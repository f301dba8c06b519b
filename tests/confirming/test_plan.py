"""The search that trains leaders again: which trial is what, and when it is the same search."""

from dataclasses import replace
from pathlib import Path

import pytest

from toolkit.confirming.leaders import Field, choose_leaders
from toolkit.confirming.plan import ConfirmationPlan, fresh_seed, plan_confirmation
from toolkit.errors import DataError, ReplayError
from toolkit.runs import Project, Search, Status


def planned(field: Field, seeds: int) -> ConfirmationPlan:
    return plan_confirmation(field.leaders, seeds, field.table.yardstick, Project.here().root)[0]


def test_each_leader_is_trained_as_it_was_but_for_the_seed(search: Search) -> None:
    field = choose_leaders([search], 2)
    plan = planned(field, 3)
    assert plan.name == "toy-confirm"
    assert [trial.number for trial in plan.trials] == list(range(6))
    for seed in range(3):
        for place, leader in enumerate(field.leaders):
            trial = plan.trials[plan.trial_of(place, seed)]
            fresh = fresh_seed(1, leader.run.trial, seed)
            assert trial.params == {**leader.run.params, "trainer.random_seed": fresh}
            assert trial.config["pipeline"] == leader.run.config["pipeline"]
            assert trial.config["trainer"] == {**leader.run.config["trainer"], "random_seed": fresh}
    assert len({trial.seed for trial in plan.trials}) == 6
    assert plan.spec["vocabulary"] == {"max_vocab_size": {"word": 500}}


def test_the_same_leaders_are_the_same_search_and_more_seeds_go_on_with_it(search: Search) -> None:
    field = choose_leaders([search], 2)
    few, many = planned(field, 2), planned(field, 3)
    assert few.id == many.id == planned(field, 2).id
    assert many.trials[: len(few.trials)] == few.trials
    assert planned(choose_leaders([search], 3), 2).id != few.id
    assert planned(choose_leaders([search], 2, "validation_accuracy"), 2).id != few.id
    again = replace(search, header=replace(search.header, id=f"{search.id}r2"))
    for run in again.runs.values():
        run.run_id = run.run_id.replace(search.id, again.id)
    assert planned(choose_leaders([again], 2), 2).id == few.id


def test_a_leader_that_was_stopped_gets_no_more_than_it_had(search: Search) -> None:
    field = choose_leaders([search], 1)
    whole = planned(field, 2)
    run = field.leaders[0].run
    run.status, run.points = Status.STOPPED, run.points[:1]
    stopped = planned(field, 2)
    assert [plan.trials[0].config["trainer"]["num_epochs"] for plan in (whole, stopped)] == [2, 1]
    assert whole.id != stopped.id


def test_other_data_are_refused_before_anything_is_trained(search: Search, project: Path) -> None:
    field = choose_leaders([search], 1)
    data = project / "data" / "valid.csv"
    data.write_bytes(data.read_bytes() + b"Hotel,something new\n")
    with pytest.raises(DataError, match="is not the validation data of"):
        planned(field, 2)
    data.unlink()
    with pytest.raises(DataError, match="there is no such file"):
        planned(field, 2)


def test_a_record_that_does_not_suffice_is_refused(search: Search) -> None:
    field = choose_leaders([search], 1)
    search.header.spec["vocabulary"] = None
    with pytest.raises(ReplayError, match="its vocabulary was not made of its training data alone"):
        planned(field, 2)
    search.header.spec["vocabulary"] = {"max_vocab_sise": {}}
    with pytest.raises(ReplayError, match="max_vocab_sise"):
        planned(field, 2)


def test_fresh_seeds_are_a_function_of_search_trial_and_number() -> None:
    assert fresh_seed(42, 17, 0) == fresh_seed(42, 17, 0) < 2**32
    assert len({fresh_seed(s, t, n) for s in (1, 2, None) for t in (0, 1) for n in (0, 1)}) == 12
