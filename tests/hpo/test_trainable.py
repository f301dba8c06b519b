"""A trial without Ray around it: the calls that Ray makes, made here."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from toolkit.configuration.experiment import ExperimentFile
from toolkit.hpo.experiment import trial_inputs
from toolkit.hpo.trainable import REPORT, TrialInputs, TrialTrainable
from toolkit.hpo.tune import plan_of
from toolkit.runs.layout import trial_model


@pytest.fixture
def inputs(toy_project: Path, toy_experiment: dict[str, Any]) -> TrialInputs:
    return trial_inputs(plan_of(ExperimentFile(**toy_experiment), toy_project))


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def trial(inputs: TrialInputs, number: int, trials: Path) -> TrialTrainable:
    made = TrialTrainable.__new__(TrialTrainable)
    made._storage = SimpleNamespace(trial_fs_path=str(trials / f"{number:05d}"))
    made.setup({"trial_index": number}, inputs)
    return made


def test_a_trial_trains_on_one_thread_and_keeps_its_best_model(inputs: TrialInputs, tmp_path: Path) -> None:
    made = trial(inputs, 2, tmp_path)
    assert torch.get_num_threads() == 1
    results = [made.step() for _ in range(3)]
    assert [result["done"] for result in results] == [False, False, True]
    assert [result[REPORT]["epoch"] for result in results] == [0, 1, 2]
    assert set(results[0][REPORT]["metrics"]) == results[0].keys() - {"done", REPORT}
    assert trial_model(tmp_path, 2).is_file()


def test_a_process_serves_another_trial_as_a_fresh_one_would(inputs: TrialInputs, tmp_path: Path) -> None:
    reused = trial(inputs, 0, tmp_path)
    reused.step()
    assert reused.reset_config({"trial_index": 1})
    fresh = trial(inputs, 1, tmp_path)
    assert without_seconds(reused.step()) == without_seconds(fresh.step())


def test_a_trial_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(
    inputs: TrialInputs, tmp_path: Path
) -> None:
    whole, first = trial(inputs, 0, tmp_path), trial(inputs, 0, tmp_path)
    first.step()
    first.save_checkpoint(str(tmp_path / "checkpoint"))
    resumed = trial(inputs, 0, tmp_path)
    resumed.load_checkpoint(str(tmp_path / "checkpoint"))
    whole.step()
    assert without_seconds(resumed.step()) == without_seconds(whole.step())


def without_seconds(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, REPORT: {**result[REPORT], "seconds": None}}
