from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.configuration.experiment import ExperimentFile, SearchConfiguration
from toolkit.data import Dataset
from toolkit.errors import ConfigurationError, DataError
from toolkit.hpo.plan import SearchPlan, plan_search, text_key

DATA = {
    "train": Dataset.from_dict({"label": ["b", "a", "c"] * 4, "text": [f"t{i} x" for i in range(12)]}),
    "valid": Dataset.from_dict({"label": ["a", "b", "c"], "text": ["v1", "v2", "v3"]}),
}


def plan(experiment: Mapping[str, Any], **changes: Any) -> SearchPlan:
    arguments: dict[str, Any] = {
        "name": "toy search",
        "pipeline": experiment["pipeline"],
        "trainer": experiment["trainer"],
        "vocabulary": {},
        "search": SearchConfiguration(**experiment["search"]),
        **DATA,
    }
    return plan_search(**{**arguments, **changes})


def test_labels_are_sorted_and_given_ones_too(toy_experiment: dict[str, Any]) -> None:
    assert plan(toy_experiment).labels == ("a", "b", "c")
    head = {**toy_experiment["pipeline"]["head"], "labels": ["c", "b", "a", "c"]}
    given = plan({**toy_experiment, "pipeline": {**toy_experiment["pipeline"], "head": head}})
    assert given.id == plan(toy_experiment).id


def test_fifty_trials_become_eighty(toy_experiment: dict[str, Any]) -> None:
    few, more = plan(toy_experiment), plan(toy_experiment, search=SearchConfiguration(num_samples=9, seed=1))
    assert more.trials[:6] == few.trials
    assert more.id == few.id


def test_every_trial_has_a_seed_of_its_own_unless_one_is_given(toy_experiment: dict[str, Any]) -> None:
    assert len({trial.seed for trial in plan(toy_experiment).trials}) == 6
    trainer = {**toy_experiment["trainer"], "random_seed": 5}
    assert {trial.seed for trial in plan({**toy_experiment, "trainer": trainer}).trials} == {5}


@pytest.mark.parametrize(
    "change",
    [
        {"search": SearchConfiguration(num_samples=6, seed=2)},
        {"search": SearchConfiguration(num_samples=6, seed=1, metric="validation_accuracy", mode="max")},
        {"vocabulary": {"min_count": {"word": 2}}},
        {"valid": Dataset.from_dict({"label": ["a", "b", "c"], "text": ["v1", "v2", "v4"]})},
    ],
    ids=["seed", "metric", "vocabulary", "data"],
)
def test_what_makes_another_search(toy_experiment: dict[str, Any], change: dict[str, Any]) -> None:
    assert plan(toy_experiment, **change).id != plan(toy_experiment).id


def test_names_and_resources_do_not_make_another_search(toy_experiment: dict[str, Any]) -> None:
    search = SearchConfiguration(num_samples=6, seed=1, resources_per_trial={"cpu": 2})
    assert plan(toy_experiment, name="other", search=search).id == plan(toy_experiment).id


def test_a_metric_that_nobody_reports(toy_experiment: dict[str, Any]) -> None:
    search = SearchConfiguration(metric="validation_los")
    with pytest.raises(
        ConfigurationError, match="validation reports 'validation_los', did you mean 'validation_loss'"
    ):
        plan(toy_experiment, search=search)


def test_the_model_kept_is_that_of_the_epoch_that_is_ranked(toy_experiment: dict[str, Any]) -> None:
    search = SearchConfiguration(metric="validation_accuracy", mode="max")
    (trial,) = plan(toy_experiment, search=search).trials
    assert trial.config["trainer"]["validation_metric"] == "+validation_accuracy"
    trainer = {**toy_experiment["trainer"], "validation_metric": "validation_loss"}
    with pytest.raises(ConfigurationError, match=r"trainer\.validation_metric: 'validation_loss' would keep"):
        plan({**toy_experiment, "trainer": trainer}, search=search)


def test_a_later_trial_that_cannot_be_is_named(toy_experiment: dict[str, Any]) -> None:
    pipeline = toy_experiment["pipeline"]
    word = {"embedding_dim": {"grid": [4, -1]}}
    with pytest.raises(ConfigurationError, match=r"trial 1: pipeline\.features\.word\.embedding_dim.*-1"):
        plan({**toy_experiment, "pipeline": {**pipeline, "features": {"word": word}}})


@pytest.mark.parametrize(
    ("optimizer", "message"),
    [
        ({"type": "adamm", "lr": 0.1}, r"trial 0: trainer\.optimizer\.type: .*'adam"),
        ({"type": "sgd", "lr": 0.1, "momentun": 0.5}, r"optimizer\.momentun: .*'momentum'"),
        ({"type": "sgd", "lr": 0.1, "momentum": -1}, "torch refuses"),
    ],
)
def test_an_optimizer_that_torch_would_refuse(
    toy_experiment: dict[str, Any], optimizer: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        plan({**toy_experiment, "trainer": {"optimizer": optimizer}})


def test_a_label_that_training_lacks(toy_experiment: dict[str, Any]) -> None:
    valid = Dataset.from_dict({"label": ["a", "zebra"], "text": ["v1", "v2"]})
    with pytest.raises(DataError, match="zebra"):
        plan(toy_experiment, valid=valid)


def test_the_text_key_hangs_on_what_changes_the_indices(toy_experiment: dict[str, Any]) -> None:
    pipeline = plan(toy_experiment).trials[0].config["pipeline"]
    features = {"word": {**pipeline["features"]["word"], "embedding_dim": 99}}
    assert text_key({**pipeline, "features": features}) == text_key(pipeline)
    lower = {"word": {**pipeline["features"]["word"], "lowercase_tokens": True}}
    assert text_key({**pipeline, "features": lower}) != text_key(pipeline)


def test_the_shipped_base_differs_in_seeds_alone(project: Path) -> None:
    path = Path(__file__).parents[2] / "experiments" / "base.yaml"
    base = ExperimentFile.load(path)
    planned = plan({"pipeline": base.pipeline, "trainer": base.trainer, "search": {}}, search=base.search)
    assert len(planned.trials) == 5
    assert len({trial.seed for trial in planned.trials}) == 5
    same = {str(replace(trial, number=0, config=without_seed(trial.config))) for trial in planned.trials}
    assert len(same) == 1


def without_seed(config: dict[str, Any]) -> dict[str, Any]:
    return {**config, "trainer": {**config["trainer"], "random_seed": None}}
