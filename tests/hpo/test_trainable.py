"""A trial without Ray around it: the calls that Ray makes, made here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from toolkit.configuration.experiment import ExperimentFile
from toolkit.hpo.experiment import trial_inputs
from toolkit.hpo.trainable import REPORT, Past, TrialInputs, TrialTrainable
from toolkit.hpo.trial_files import TrialFiles
from toolkit.hpo.tune import plan_of
from toolkit.runs import Point
from toolkit.training import Training


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
    assert set(results[0][REPORT]["metrics"]) == results[0].keys() - {"done", "training_iteration", REPORT}
    assert TrialFiles(tmp_path, 2).epoch_model(0).is_file()


def test_a_process_serves_another_trial_as_a_fresh_one_would(inputs: TrialInputs, tmp_path: Path) -> None:
    reused = trial(inputs, 0, tmp_path)
    reused.step()
    assert reused.reset_config({"trial_index": 1})
    fresh = trial(inputs, 1, tmp_path)
    assert without_seconds(reused.step()) == without_seconds(fresh.step())


def test_a_trial_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(
    inputs: TrialInputs, tmp_path: Path
) -> None:
    whole, first = trial(inputs, 0, tmp_path / "whole"), trial(inputs, 0, tmp_path)
    first.step()
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    first.save_checkpoint(str(checkpoint))
    resumed = trial(inputs, 0, tmp_path)
    resumed.load_checkpoint(str(checkpoint))
    whole.step()
    assert without_seconds(resumed.step()) == without_seconds(whole.step())


def test_what_was_trained_is_reported_again_and_not_trained_again(
    inputs: TrialInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = trial(inputs, 0, tmp_path)
    before = [without_seconds(killed.step()) for _ in range(2)]
    epochs: list[int] = []
    train = Training.epoch
    monkeypatch.setattr(Training, "epoch", lambda self: (epochs.append(self.epochs_done), train(self))[1])
    past = {0: Past((point_of(before[0]),))}  # the journal never heard of the second one
    resumed = trial(replace(inputs, past=past), 0, tmp_path)
    assert [without_seconds(resumed.step()) for _ in range(2)] == before
    assert epochs == []
    resumed.step()
    assert epochs == [2]


@pytest.mark.parametrize("damage", ["gone", "torn"])
def test_without_its_state_a_trial_is_trained_from_its_beginning(
    inputs: TrialInputs, tmp_path: Path, damage: str
) -> None:
    whole = trial(inputs, 0, tmp_path)
    results = [without_seconds(whole.step()) for _ in range(3)]
    state = next(TrialFiles(tmp_path, 0).state.iterdir())
    if damage == "gone":
        state.unlink()
    else:
        state.write_bytes(state.read_bytes()[:1000])
    past = {0: Past(tuple(point_of(result) for result in results[:2]))}
    resumed = trial(replace(inputs, past=past), 0, tmp_path)
    assert [without_seconds(resumed.step()) for _ in range(3)] == results


def test_a_trial_that_has_ended_is_shown_and_not_trained(inputs: TrialInputs, tmp_path: Path) -> None:
    whole = trial(inputs, 0, tmp_path)
    first = without_seconds(whole.step())
    ended = trial(replace(inputs, past={0: Past((point_of(first),), ended=True)}), 0, tmp_path / "nothing")
    assert ended.step() == {**first, "done": True}
    assert not (tmp_path / "nothing").exists()


def point_of(result: dict[str, Any]) -> Point:
    report = result[REPORT]
    metrics = {name: result[name] for name in report["metrics"]}
    return Point(report["epoch"], report["step"], metrics, t=0, last=report["finished"])


def without_seconds(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, REPORT: {**result[REPORT], "seconds": None}}
