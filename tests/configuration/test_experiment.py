from dataclasses import fields
from pathlib import Path

import pytest

from toolkit.configuration.experiment import ExperimentFile, check_trial
from toolkit.configuration.yaml_text import read_yaml
from toolkit.errors import ConfigurationError

SHIPPED = sorted((Path(__file__).parents[2] / "experiments").glob("*.yaml"))
BASE = Path(__file__).parents[2] / "experiments" / "base.yaml"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_experiments_load(path: Path) -> None:
    experiment = ExperimentFile.load(path)
    assert experiment.name == path.stem
    assert set(experiment.tracking) == {"mlflow", "wandb", "tensorboard"}
    assert experiment.has_spaces is (path.stem != "base")


@pytest.mark.parametrize(
    "override",
    [
        *("search.resources_per_trial={cpu: 0, gpu: 0.5}", "search.resources_per_trial={cpu: 0.5}"),
        *(
            "search.resources_per_trial={gpu: 2.0}",
            "search.resources_per_trial={}",
            "keep_models=0",
            "keep_models=all",
            "name=Müller & Söhne v1.0",
            "name=" + "ü" * 100,
        ),
    ],
)
def test_what_is_just_allowed(override: str) -> None:
    ExperimentFile.load(BASE, [override])


def test_overrides_are_read_as_yaml() -> None:
    sets = ["trainer.optimizer.lr={loguniform: [1e-4, 0.1]}", "search.num_samples=2", "tracking.wandb=false"]
    experiment = ExperimentFile.load(BASE, sets)
    assert experiment.trainer["optimizer"]["lr"] == {"loguniform": [0.0001, 0.1]}
    assert experiment.search.num_samples == 2
    assert set(experiment.tracking) == {"mlflow", "tensorboard"}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("pipeline.features.word.embeding_dim=3", r"pipeline\.features\.word\.embeding_dim.*'embedding_dim'"),
        ("trainer.optimizer.lr={loguniform: [0.1, 0.01]}", r"trainer\.optimizer\.lr: .* holds no value"),
        ("trainer.num_epochs={choice: []}", r"trainer\.num_epochs: choice: \[\] holds no value"),
        ("serch.metric=x", "did you mean 'search'"),
        ("search.mode=best", r"search\.mode.*'max', 'min'"),
        ("search.num_samples=0", r"search\.num_samples"),
        ("search.seed=-1", r"search\.seed"),
        ("keep_models=-1", r"keep_models: must be a whole number of at least 0, or all, got -1"),
        ("keep_models=true", r"keep_models: .* got True"),
        ("keep_models=none", r"keep_models: .* got 'none'"),
        ("search.keep_models=3", r"search\.keep_models: is no key of SearchConfiguration"),
        ("search.scheduler.type=hyperband", r"search\.scheduler\.type"),
        ("search.scheduler.reduction_factor=1", r"search\.scheduler\.reduction_factor"),
        ("search.resources_per_trial.gpus=1", r"resources_per_trial\.gpus.*'gpu'"),
        ("search.resources_per_trial.gpu=-1", r"resources_per_trial\.gpu"),
        ("search.resources_per_trial={cpu: 0}", r"resources_per_trial: must be above 0 for cpu or gpu"),
        ("search.resources_per_trial={cpu: 0, gpu: 0.0}", r"search\.resources_per_trial: must be above 0"),
        ("search.resources_per_trial.gpu=1.5", r"resources_per_trial\.gpu: must be whole .* got 1\.5"),
        ("data.train=", r"data\.train"),
        ("tracking.mlflow=3", r"tracking\.mlflow"),
        ("name=", "name: must be a name"),
        ("name=a/b", "name: names a folder too and must not have '/', got 'a/b'"),
        ("name=a\\b", r"name: names a folder too"),
        ('name="a\\nb"', r"name: names a folder too and must not have '\\n'"),
        ('name="a\\u2028b"', r"name: names a folder too"),
        ("name=.hidden", "name: names a folder too and must not have a dot at its start"),
        ("name=' ..'", "name: names a folder too and must not have a dot at its start"),
        ("name=" + "ü" * 101, "name: must be at most 200 bytes in UTF-8, got 202"),
        ("trainer.num_epochs", "expected path=value"),
        ("name.a=1", "there is nothing below it"),
        ("search.seed=[", "is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_path(override: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ExperimentFile.load(BASE, [override])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", r"broken\.yaml:\d+: is not YAML"),
        ("- 1", "must hold a dictionary"),
        ("", "must hold a dictionary"),
    ],
)
def test_a_file_that_is_no_experiment(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        ExperimentFile.load(path)


def test_a_missing_file_and_a_missing_section(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        ExperimentFile.load(tmp_path / "none.yaml")
    (tmp_path / "short.yaml").write_text("name: x\n")
    with pytest.raises(ConfigurationError, match="data: is missing"):
        ExperimentFile.load(tmp_path / "short.yaml")


def test_every_tracker_unless_given_and_none_on_request() -> None:
    content = ExperimentFile.load(BASE).to_dict()
    without = {key: value for key, value in content.items() if key != "tracking"}
    assert set(ExperimentFile(**without).tracking) == {"mlflow", "wandb", "tensorboard"}
    assert ExperimentFile(**without, tracking={}).tracking == {}


def test_a_checked_trial_tells_its_configuration_and_what_was_sampled() -> None:
    experiment = ExperimentFile.load(BASE, ["trainer.num_epochs={choice: [7]}"])
    sampled = check_trial(experiment.configuration, seed=1, trial=0)
    assert sampled.params == {"trainer.num_epochs": 7}
    assert sampled.config["trainer"]["num_epochs"] == 7


def test_what_changes_no_result_is_no_parameter_of_dvc() -> None:
    stages = read_yaml(BASE.parents[1] / "dvc.yaml")["stages"]
    (parameters,) = stages["tune"]["do"]["params"][0].values()
    assert not {"keep_models", "tracking"} & set(parameters)
    assert {field.name for field in fields(ExperimentFile)} == {*parameters, "keep_models", "tracking"}
