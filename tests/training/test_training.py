"""The loop: what it reports, when it stops, and that nothing but its inputs decides its results."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.toy import toy_training
from toolkit.errors import ConfigurationError, DataError, ModelError
from toolkit.training import Training, metric_names

ADAM = {"type": "adam", "lr": 0.02}


def run(training: Training) -> list[dict[str, float]]:
    history = []
    while not training.finished:
        history.append(training.epoch())
    return history


def test_learns_and_reports_plain_numbers() -> None:
    training = toy_training(optimizer=ADAM, num_epochs=12)
    history = run(training)
    assert history[-1]["training_loss"] < history[0]["training_loss"] / 2
    assert history[-1]["validation_accuracy"] > 0.9
    assert list(history[0]) == metric_names(training.labels)
    assert all(type(value) in (int, float) for metrics in history for value in metrics.values())
    assert (training.epochs_done, training.step) == (12, 12 * 4)
    losses = [metrics["validation_loss"] for metrics in history]
    assert [m["best_validation_loss"] for m in history] == [min(losses[: i + 1]) for i in range(12)]
    assert training.best_epoch == history[-1]["best_epoch"] == int(np.argmin(losses))


def test_best_weights_are_those_of_the_best_epoch() -> None:
    training = toy_training(
        optimizer={"type": "sgd", "lr": 5.0}, num_epochs=3, validation_metric="+validation_loss"
    )
    snapshots, losses = [], []
    while not training.finished:
        losses.append(training.epoch()["validation_loss"])
        snapshots.append({name: value.clone() for name, value in training.model.state_dict().items()})
        assert training.improved == (training.best_epoch == training.epochs_done - 1)
    best = int(np.argmax(losses))
    assert training.best_epoch == best
    assert training.best_metrics["validation_loss"] == losses[best]
    for name, value in training.best_weights.items():
        assert torch.equal(value, snapshots[best][name])


def test_same_seed_same_results_whatever_happened_before() -> None:
    first = run(toy_training())
    torch.manual_seed(123)
    torch.rand(7)
    before = torch.random.get_rng_state()
    assert run(toy_training()) == first
    assert torch.equal(torch.random.get_rng_state(), before)
    assert run(toy_training(random_seed=7)) != first


def test_same_results_in_another_process() -> None:
    torch.set_num_threads(1)
    code = (
        "import torch; torch.set_num_threads(1)\n"
        "from tests.training.toy import toy_training\n"
        "training = toy_training(num_epochs=2)\n"
        "print([training.epoch(), training.epoch()])\n"
        "print({n: w.double().sum().item() for n, w in training.model.state_dict().items()})"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    training = toy_training(num_epochs=2)
    history = [training.epoch(), training.epoch()]
    sums = {name: weight.double().sum().item() for name, weight in training.model.state_dict().items()}
    assert done.stdout.splitlines() == [str(history), str(sums)]


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd", "rmsprop", "adagrad", "adamax", "nadam", "radam"])
def test_resuming_is_as_if_nothing_had_happened(tmp_path: Path, kind: str) -> None:
    options = {"optimizer": {"type": kind, "lr": 0.01}}
    whole = run(unbroken := toy_training(**options))
    first = toy_training(**options)
    history = [first.epoch(), first.epoch()]
    first.save(tmp_path)
    # Another seed: everything random must come from the configuration, not from how this one began.
    second = toy_training(**options)
    second.load(tmp_path)
    assert (second.epochs_done, second.step) == (2, 8)
    assert history + run(second) == whole
    for name, value in unbroken.best_weights.items():
        assert torch.equal(value, second.best_weights[name])
        assert torch.equal(unbroken.model.state_dict()[name], second.model.state_dict()[name])


def test_a_saved_training_remembers_its_patience(tmp_path: Path) -> None:
    options = {"patience": 2, "num_epochs": 9, "validation_metric": "+validation_loss", "optimizer": ADAM}
    whole = run(toy_training(**options))
    assert len(whole) < 9
    training = toy_training(**options)
    training.epoch()
    training.epoch()
    training.save(tmp_path)
    again = toy_training(**options)
    again.load(tmp_path)
    assert len(run(again)) == len(whole) - 2


def test_loading_refuses_what_is_no_state_of_this_model(tmp_path: Path) -> None:
    training = toy_training()
    with pytest.raises(ModelError, match="there is no state"):
        training.load(tmp_path)
    training.save(tmp_path)
    state = tmp_path / "training_state.pt"
    content = state.read_bytes()
    state.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="is damaged"):
        training.load(tmp_path)
    state.write_bytes(b"")
    with pytest.raises(ModelError, match="is damaged"):
        training.load(tmp_path)
    torch.save([1, 2], state)
    with pytest.raises(ModelError, match="is no state of a training"):
        training.load(tmp_path)
    torch.save({"model": {"other": torch.zeros(1)}}, state)
    with pytest.raises(ModelError, match=r"is the state of another model, .*other.* differ"):
        training.load(tmp_path)


def test_stops_when_the_patience_is_at_its_end() -> None:
    # A larger loss counts as better here, so that the first epoch stays the best while it learns.
    training = toy_training(optimizer=ADAM, num_epochs=50, patience=3, validation_metric="+validation_loss")
    history = run(training)
    assert len(history) == training.best_epoch + 1 + 3  # type: ignore[operator]
    assert len(run(toy_training(optimizer=ADAM, num_epochs=6, validation_metric="+validation_loss"))) == 6


def test_without_validation_the_last_epoch_is_the_best() -> None:
    training = toy_training(validate=False, patience=1)
    history = run(training)
    assert len(history) == 4
    assert set(history[-1]) == {"training_loss", "training_accuracy", "best_epoch"}
    assert training.best_epoch == 3


def test_without_shuffling_the_order_is_that_of_the_data() -> None:
    assert run(toy_training(shuffle=False)) != run(toy_training())


def test_clipping_limits_the_gradient() -> None:
    free, clipped = (
        toy_training(optimizer={"type": "sgd", "lr": 1.0}),
        toy_training(optimizer={"type": "sgd", "lr": 1.0}, gradient_clipping=1e-6),
    )
    before = {name: value.clone() for name, value in clipped.model.state_dict().items()}
    free.epoch()
    clipped.epoch()
    moved = sum((clipped.model.state_dict()[name] - value).norm() ** 2 for name, value in before.items())
    assert 0 < moved.sqrt() <= 4 * 1e-6 * 1.01
    assert not torch.equal(free.model.classification.weight, clipped.model.classification.weight)


def test_a_diverged_training_reports_nan_and_keeps_the_best() -> None:
    training = toy_training(optimizer={"type": "sgd", "lr": 1e30}, num_epochs=3)
    history = run(training)
    assert np.isnan(history[-1]["training_loss"])
    assert training.epochs_done == 3


@pytest.mark.parametrize(
    ("trainer", "said"),
    [
        ({"optimizer": {"type": "adan"}}, "optimizer.type: 'adan' is no optimizer, did you mean 'adam'?"),
        ({"optimizer": {"type": "lbfgs"}}, "optimizer.type: 'lbfgs' is no optimizer"),
        ({"optimizer": {"type": "adam", "momentun": 1}}, "optimizer.momentun: adam does not take it"),
        ({"optimizer": {"type": "sgd", "momentun": 1}}, "optimizer.momentun: sgd does not take it, did you"),
        ({"optimizer": {"type": "adam", "betas": [2, 2]}}, "optimizer: torch refuses"),
        ({"validation_metric": "validation_los"}, "validation_metric: 'validation_los' is no metric of a"),
        ({"validation_metric": "training_loss"}, "validation_metric: 'training_loss' is no metric of a"),
    ],
)
def test_refuses_before_the_first_epoch(trainer: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        toy_training(**trainer)
    assert str(caught.value).startswith(said)


def test_needs_examples_and_labels() -> None:
    training = toy_training()
    empty = training._train.__class__(*[np.zeros(n, np.int32) for n in (0, 1, 0, 1, 0, 0)])
    with pytest.raises(DataError, match="the training data has no examples"):
        Training(training.model, empty, None, training.config, training.labels)


def test_an_absent_gpu_becomes_the_cpu_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="cuda_device is 99, but there"):
        training = toy_training(cuda_device=99)
    assert training.device.type == "cpu"
