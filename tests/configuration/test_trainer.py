"""The configuration of a training."""

from typing import Any

import pytest

from toolkit.configuration import TrainerConfiguration
from toolkit.errors import ConfigurationError


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"num_epoch": 3}, "num_epoch: is no key of TrainerConfiguration, did you mean 'num_epochs'?"),
        ({"num_epochs": 0}, "num_epochs: must be a whole number of at least 1, got 0"),
        ({"batch_size": 1.5}, "batch_size: must be"),
        ({"patience": 0}, "patience: must be"),
        ({"random_seed": -1}, "random_seed: must be a whole number of at least 0"),
        ({"cuda_device": -2}, "cuda_device: must be a whole number of at least -1"),
        ({"shuffle": 1}, "shuffle: must be true or false"),
        ({"gradient_clipping": 0}, "gradient_clipping: must be a number above 0"),
        ({"validation_metric": "-"}, "validation_metric: must name a metric"),
        ({"validation_metric": 3}, "validation_metric: must name a metric"),
        ({"optimizer": "adam"}, "optimizer: must be a dictionary"),
        ({"optimizer": {"lr": 0.1}}, "optimizer.type: must name an optimizer"),
        ({"optimizer": {"type": "adam", "lr": 0}}, "optimizer.lr: must be a number above 0, got 0"),
        ({"optimizer": {"type": "adam", "lr": "0.1"}}, "optimizer.lr: must be a number above 0"),
        ({"optimizer": {"type": "adam", "betas": object()}}, "optimizer.betas: must be a plain value"),
    ],
)
def test_says_what_cannot_be(config: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        TrainerConfiguration.from_dict(config)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"patience": None, "gradient_clipping": 1, "cuda_device": -1},
        {"optimizer": {"type": "adam", "lr": 1e-3, "betas": [0.9, 0.99]}, "validation_metric": "+x"},
    ],
)
def test_round_trip(config: dict[str, Any]) -> None:
    trainer = TrainerConfiguration.from_dict(config)
    assert TrainerConfiguration.from_dict(trainer.to_dict()) == trainer
    assert trainer.patience == config.get("patience", 2)
    assert TrainerConfiguration(**config) == trainer


@pytest.mark.parametrize(
    ("metric", "name", "smaller"),
    [
        ("-validation_loss", "validation_loss", True),
        ("validation_loss", "validation_loss", True),
        ("+validation_loss", "validation_loss", False),
        ("validation_accuracy", "validation_accuracy", False),
        ("-validation_accuracy", "validation_accuracy", True),
    ],
)
def test_direction_of_the_validation_metric(metric: str, name: str, smaller: bool) -> None:
    trainer = TrainerConfiguration(validation_metric=metric)
    assert (trainer.metric, trainer.smaller_is_better) == (name, smaller)
