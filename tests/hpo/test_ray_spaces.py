import pytest
from ray import tune

from toolkit.configuration.spaces import Space
from toolkit.errors import ConfigurationError
from toolkit.hpo.ray_spaces import from_ray, to_ray


@pytest.mark.parametrize(
    ("domain", "space"),
    [
        (tune.choice(["gru", "lstm"]), Space("choice", ("gru", "lstm"))),
        (tune.uniform(0, 0.5), Space("uniform", (0, 0.5))),
        (tune.loguniform(0.001, 0.01), Space("loguniform", (0.001, 0.01))),
        (tune.quniform(0, 1, 0.25), Space("quniform", (0, 1, 0.25))),
        (tune.qloguniform(10, 100, 10), Space("qloguniform", (10, 100, 10))),
        (tune.randint(1, 5), Space("randint", (1, 5))),
        (tune.qrandint(1, 5, 1), Space("randint", (1, 6))),
        (tune.qrandint(1, 9, 4), Space("choice", (4, 8))),
        (tune.lograndint(1, 100), Space("lograndint", (1, 100))),
        (tune.randn(0, 2), Space("normal", (0, 2))),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_every_domain_of_ray_has_its_written_form(domain: object, space: Space) -> None:
    assert from_ray({"a": [domain, 1]}) == {"a": [space, 1]}


def test_a_grid_is_a_dictionary_already() -> None:
    assert from_ray({"a": tune.grid_search([1, 2])}) == {"a": {"grid_search": [1, 2]}}


@pytest.mark.parametrize("domain", [tune.sample_from(lambda spec: 1), tune.qrandn(0, 1, 0.5)], ids=str)
def test_what_cannot_be_written_down_is_refused_with_its_path(domain: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^pipeline\.head\.x: .* cannot be written down"):
        from_ray({"head": {"x": domain}}, "pipeline")


def test_an_empty_choice_is_refused_with_its_path() -> None:
    with pytest.raises(ConfigurationError, match=r"^trainer\.lr: .*holds no value"):
        from_ray({"lr": tune.choice([])}, "trainer")


def test_ray_sees_one_grid_over_the_trials_numbers() -> None:
    trials = [{"a": {"b": 1, "c": True}}, {"a": {"b": 2, "c": True}}]
    config = to_ray(trials)
    assert config["trial_index"] == {"grid_search": [0, 1]}
    assert config["a"]["c"] is True
    assert config["a"]["b"].is_function()


def test_true_and_one_are_different_values() -> None:
    assert to_ray([{"x": True}, {"x": 1}])["x"].is_function()
