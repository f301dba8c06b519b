"""Whatever stands in an experiment file: it is taken, or refused with its path, and nothing else."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from toolkit.configuration.experiment import ExperimentFile
from toolkit.configuration.schema import read
from toolkit.configuration.trainer import TrainerConfiguration
from toolkit.configuration.yaml_text import read_yaml
from toolkit.errors import ConfigurationError
from toolkit.training.optimizer import make_optimizer

BASE = Path(__file__).parents[2] / "experiments" / "base.yaml"
ODD = ["null", "[]", "{}", '""', "x", "true", "-1", "1e400", "1" + "0" * 400, "[{a: 1}]", "{1: 2}"]
ODD_SPACES = ["{choice: [null]}", "{choice: [{}]}", "{grid: [1, 2]}", "{choice: 3}", "{uniform: [0, 1]}"]


def paths(content: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The dotted path of every key, of sections and of values."""
    for key, value in content.items():
        yield above + key
        if isinstance(value, Mapping):
            yield from paths(value, f"{above}{key}.")


PATHS = [
    *paths(read_yaml(BASE)),
    "trainer.optimizer.betas",
    "trainer.optimizer.weight_decay",
    "pipeline.head.labels",
]


def complaint(override: str) -> str | None:
    """What is said about the file with the override, None where it is taken and its optimizer made."""
    try:
        experiment = ExperimentFile.load(BASE, [override])
        if not experiment.has_spaces:
            optimizer = read(TrainerConfiguration, experiment.trainer).optimizer
            make_optimizer(optimizer, [torch.nn.Parameter(torch.zeros(1))])
    except ConfigurationError as error:
        return str(error)
    return None


@pytest.mark.parametrize("value", [*ODD, *ODD_SPACES], ids=lambda value: value[:20])
def test_an_odd_value_anywhere_is_taken_or_refused(value: str) -> None:
    complaints = [complaint(f"{path}={value}") for path in PATHS]
    assert any(complaints)


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("data=null", "data: must be a dictionary of DataFiles, got None"),
        ("search=null", "search: must be a dictionary of SearchConfiguration, got None"),
        ("search.scheduler=null", "search.scheduler: must be a dictionary"),
        ("trainer=null", "trainer: must be a dictionary"),
        ("vocabulary=null", "vocabulary: must be a dictionary"),
        ("pipeline=null", "pipeline: must be a dictionary"),
        ("pipeline={grid: [1, 2]}", "pipeline: must be a dictionary of PipelineConfiguration, got 1"),
        ("pipeline={choice: [null]}", "pipeline: must be a dictionary of PipelineConfiguration, got None"),
        ("pipeline.head=null", "pipeline.head: must be a dictionary of TextClassification, got None"),
        ("pipeline.head=[1]", "pipeline.head: must be a dictionary of TextClassification, got [1]"),
        ("pipeline.features=null", "pipeline.features: must be a dictionary of Features, got None"),
        ("pipeline.features={choice: [null]}", "pipeline.features: must be a dictionary of Features"),
        ("trainer.optimizer.betas=[]", "optimizer: torch refuses"),
        ('trainer.optimizer.betas=""', "optimizer: torch refuses"),
        ("trainer.optimizer.weight_decay=true", "optimizer.weight_decay: must be a number"),
        ("trainer.optimizer.amsgrad=1", "optimizer.amsgrad: must be true or false, got 1"),
        ("trainer.optimizer.lr=1e400", "trainer.optimizer.lr: must be a number above 0, got inf"),
    ],
)
def test_the_complaint_names_the_path(override: str, said: str) -> None:
    assert said in str(complaint(override))


@pytest.mark.parametrize("override", ["pipeline.head.feedforward=null", "trainer.optimizer.amsgrad=true"])
def test_what_may_be_absent_or_a_flag_is_taken(override: str) -> None:
    assert complaint(override) is None
