"""A trial's worker process is killed: its trial has failed or goes on, and no epoch stands twice."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from ray import tune

from tests.faults.matrix import Cell, count_all, hold_all
from tests.faults.searches import assert_no_epoch_twice
from toolkit.configuration.experiment import ExperimentFile
from toolkit.data import Dataset
from toolkit.errors import SearchError
from toolkit.hpo import ASHAScheduler, TuneExperiment
from toolkit.hpo.trainable import TrialTrainable
from toolkit.hpo.tune import plan_of, run_search
from toolkit.runs import Project, Run, Search, Status, find_searches
from toolkit.trackers import mirror

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ray_running")]
TRACKING = {"mlflow": {}, "wandb": {"mode": "offline"}, "tensorboard": {}}
UNTRAINED, UNTOLD, PAUSED = "before an epoch is trained", "before it is told", "while its trial is paused"


def mortal(moment: str) -> type[TrialTrainable]:
    """Trials of which one kills its worker at that moment, as the system does when memory is short; once."""
    # The first trial is never paused: everything about it is decided at once. The third one goes on later.
    victim = 2 if moment == PAUSED else 0

    class Mortal(TrialTrainable):
        def step(self) -> dict[str, Any]:
            if moment == PAUSED and self._number == 0:
                self._wait_for_the_kill()
            if moment == UNTRAINED and (self._number, self._epochs) == (victim, 2):
                self._die_once()
            told = super().step()
            if moment == UNTOLD and (self._number, self._epochs) == (victim, 3):
                self._die_once()
            return told

        def save_checkpoint(self, checkpoint_dir: str) -> None:
            if moment == PAUSED and self._number == victim:
                self._die_once()
            super().save_checkpoint(checkpoint_dir)

        def _die_once(self) -> None:
            if not self._mark.exists():
                self._mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)

        def _wait_for_the_kill(self) -> None:
            patience = time.monotonic() + 120
            while not self._mark.exists() and time.monotonic() < patience:
                time.sleep(0.02)

        @property
        def _mark(self) -> Path:
            return self._files.trials / "killed"

    return Mortal


def content_of(toy_experiment: dict[str, Any], name: str) -> dict[str, Any]:
    trainer = {**toy_experiment["trainer"], "num_epochs": 6, "patience": 5}
    search = {**toy_experiment["search"], "num_samples": 4}
    return {**toy_experiment, "name": name, "trainer": trainer, "search": search, "tracking": TRACKING}


def searched(content: dict[str, Any]) -> Search:
    experiment, project = ExperimentFile(**content), Project.here()
    return run_search(experiment, plan_of(experiment, project.root), project).search


def run_with_ray(content: dict[str, Any], **arguments: Any) -> Search:
    """As in a notebook; `tune.run` would leave a `max_failures` of its own aside."""
    experiment = TuneExperiment(
        content["pipeline"],
        content["trainer"],
        Dataset.from_csv(content["data"]["train"]),
        Dataset.from_csv(content["data"]["valid"]),
        content["name"],
        num_samples=content["search"]["num_samples"],
        seed=content["search"]["seed"],
        tracking=content["tracking"],
        **arguments,
    )
    scheduler = ASHAScheduler(max_t=6)
    metric = {"metric": "validation_loss", "mode": "min"}
    tune.run(experiment, scheduler=scheduler, **metric, reuse_actors=True, verbose=0)
    return the_search(content["name"])


def the_search(name: str) -> Search:
    (search,) = [search for search in find_searches(Project.here()) if search.experiment == name]
    return search


def trained(search: Search) -> dict[int, tuple[Status, list[dict[str, Any]]]]:
    """Trial -> how it ended and what its epochs were."""
    return {n: (run.status, [point.metrics for point in run.points]) for n, run in search.runs.items()}


def mirrored(search: Search) -> dict[str, Cell]:
    assert (search.folder.trials / "killed").exists()
    assert_no_epoch_twice(search.folder)
    assert {outcome.error for outcome in mirror(search.folder, Project.here())} == {None}
    return count_all(search.folder)


@pytest.fixture
def undisturbed(toy_project: Path, toy_experiment: dict[str, Any]) -> dict[int, Any]:
    found = trained(searched({**content_of(toy_experiment, "undisturbed"), "tracking": {}}))
    assert found[0][0] is found[2][0] is Status.COMPLETED  # the victims go on to the end
    return found


def test_without_another_try_the_trial_has_failed_and_the_others_go_on(
    undisturbed: dict[int, Any], toy_experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = content_of(toy_experiment, UNTRAINED)
    with monkeypatch.context() as patch:
        patch.setattr("toolkit.hpo.experiment.TrialTrainable", mortal(UNTRAINED))
        with pytest.raises(SearchError, match=r"1 of 4 trials failed; trial 0: its worker .*goes on"):
            searched(content)
    search = the_search(UNTRAINED)
    assert search.status is Status.FAILED
    statuses = [search.runs[number].status for number in range(4)]
    assert statuses[0] is Status.FAILED
    assert set(statuses[1:]) <= {Status.COMPLETED, Status.STOPPED}
    assert "SYSTEM_ERROR" in (search.runs[0].error or "")
    hold_all("worker killed, max_failures 0", mirrored(search))
    assert_told_in_mlflow(search.runs[0], search)
    resumed = searched(content)
    assert trained(resumed) == undisturbed
    hold_all("worker killed, max_failures 0, search resumed", mirrored(resumed))


def assert_told_in_mlflow(victim: Run, search: Search) -> None:
    client = MlflowClient(Project.here().mlflow_uri)
    experiment = client.get_experiment_by_name(search.experiment)
    assert experiment is not None
    query = f"tags.`toolkit.run` = '{victim.run_id}'"
    (stored,) = client.search_runs([experiment.experiment_id], filter_string=query)
    assert stored.info.status == "FAILED"
    assert stored.data.tags["toolkit.reason"] == victim.reason
    assert "error.txt" in {file.path for file in client.list_artifacts(stored.info.run_id)}


def test_a_trial_that_is_paused_just_then_has_failed_or_goes_on(
    undisturbed: dict[int, Any], toy_experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = content_of(toy_experiment, PAUSED)
    with monkeypatch.context() as patch, suppress(SearchError):
        patch.setattr("toolkit.hpo.experiment.TrialTrainable", mortal(PAUSED))
        searched(content)  # Ray may hear of the death before or after it chooses the trial again
    hold_all("worker killed while its trial is paused", mirrored(the_search(PAUSED)))
    resumed = searched(content)
    assert trained(resumed) == undisturbed
    hold_all("worker killed while its trial is paused, search resumed", mirrored(resumed))


def test_with_another_try_the_trial_goes_on_from_its_state(
    undisturbed: dict[int, Any], toy_experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for moment in (UNTOLD, PAUSED):
        with monkeypatch.context() as patch:
            patch.setattr("toolkit.hpo.experiment.TrialTrainable", mortal(moment))
            search = run_with_ray(content_of(toy_experiment, moment), max_failures=2)
        assert search.status is Status.COMPLETED
        assert trained(search) == undisturbed
        counts.append(mirrored(search))
    hold_all("worker killed, max_failures 2", *counts)
