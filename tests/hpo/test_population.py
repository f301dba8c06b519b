"""Population based training on a `TuneExperiment` is refused in one line, and leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest
from ray import tune
from ray.tune.execution.tune_controller import TuneController
from ray.tune.schedulers import PopulationBasedTraining, TrialScheduler

from toolkit.data import Dataset
from toolkit.errors import SearchError
from toolkit.hpo import ASHAScheduler, TuneExperiment
from toolkit.hpo.population import refuse_changing_parameters, scheduler_in_charge


def population() -> PopulationBasedTraining:
    mutations = {"trainer": {"optimizer": {"lr": tune.loguniform(0.001, 0.1)}}}
    return PopulationBasedTraining(hyperparam_mutations=mutations, perturbation_interval=1)


def test_it_is_refused() -> None:
    with pytest.raises(SearchError, match="PopulationBasedTraining changes a trial's parameters while it"):
        refuse_changing_parameters(population())


def test_others_are_not() -> None:
    refuse_changing_parameters(ASHAScheduler())
    refuse_changing_parameters(scheduler_in_charge())  # nobody's: no search is being set up


def test_the_scheduler_is_that_of_the_controller_which_calls() -> None:
    class Controller(TuneController):
        def __init__(self, scheduler: TrialScheduler) -> None:
            self._scheduler_alg = scheduler

        def sets_up(self) -> TrialScheduler | None:
            return scheduler_in_charge()

    scheduler = population()
    assert Controller(scheduler).sets_up() is scheduler


@pytest.mark.usefixtures("ray_running")
def test_tune_run_refuses_before_anything_is_written(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    experiment = TuneExperiment(
        toy_experiment["pipeline"],
        toy_experiment["trainer"],
        Dataset.from_csv("data/train.csv"),
        Dataset.from_csv("data/valid.csv"),
        "toy search",
        num_samples=2,
        tracking={},
    )
    with pytest.raises(SearchError, match="give ASHAScheduler, MedianStoppingRule or no scheduler"):
        tune.run(experiment, scheduler=population(), metric="validation_loss", mode="min", verbose=0)
    assert not list((toy_project / "runs").rglob("journal.jsonl"))
