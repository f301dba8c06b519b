"""Ray Tune's search spaces <-> ours.

A notebook writes `tune.choice(...)` into its dictionaries; the search needs spaces that can be written
down, digested and sampled by trial number. Afterwards Ray is given back what it must see: the trial's
number as a grid, and at every space the value that was sampled for that number.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ray import tune
from ray.tune.search import sample as ray_sample

from toolkit.configuration.spaces import Space
from toolkit.errors import ConfigurationError

TRIAL_INDEX = "trial_index"
"""Key of Ray's configuration dictionary that holds the trial's number."""


def from_ray(value: Any, path: str = "") -> Any:
    """The configuration with each of Ray's search spaces as a `Space`.

    Raises:
        ConfigurationError: a space that has no written form (`tune.sample_from`, user's own samplers).
    """
    if isinstance(value, ray_sample.Domain):
        return _space(value, path)
    if isinstance(value, Mapping):
        return {key: from_ray(inner, f"{path}.{key}" if path else str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [from_ray(inner, f"{path}.{index}") for index, inner in enumerate(value)]
    return value


def _space(domain: ray_sample.Domain, path: str) -> Space:
    sampler = domain.get_sampler()
    step = None
    if isinstance(sampler, ray_sample.Quantized):
        sampler, step = sampler.get_sampler(), sampler.q
    kind = _kind(domain, sampler)
    try:
        return _WRITTEN[kind](domain, sampler, step)
    except KeyError:
        raise ConfigurationError(
            f"{path}: a search space of {' '.join(kind)} cannot be written down: "
            "use tune.choice, uniform, loguniform, randint, lograndint, randn or grid_search"
        ) from None
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def _kind(domain: ray_sample.Domain, sampler: ray_sample.Sampler) -> tuple[str, str]:
    return type(domain).__name__, type(sampler).__name__.lstrip("_")


def _choice(domain: Any, sampler: Any, step: float | None) -> Space:
    return Space("choice", tuple(domain.categories))


def _float(kind: str) -> Callable[[Any, Any, float | None], Space]:
    def space(domain: Any, sampler: Any, step: float | None) -> Space:
        if step is None:
            return Space(kind, (domain.lower, domain.upper))
        return Space(f"q{kind}", (domain.lower, domain.upper, step))

    return space


def _randint(domain: Any, sampler: Any, step: int | None) -> Space:
    if step is None or step == 1:
        # Ray's qrandint includes its upper end, its randint does not.
        return Space("randint", (domain.lower, domain.upper + (step is not None)))
    first = -(-domain.lower // step) * step
    return Space("choice", tuple(range(first, domain.upper + 1, step)))


def _lograndint(domain: Any, sampler: Any, step: int | None) -> Space:
    if step is not None:
        raise KeyError(step)
    return Space("lograndint", (domain.lower, domain.upper))


def _normal(domain: Any, sampler: Any, step: float | None) -> Space:
    if step is not None:
        raise KeyError(step)
    return Space("normal", (sampler.mean, sampler.sd))


_WRITTEN: dict[tuple[str, str], Callable[[Any, Any, Any], Space]] = {
    ("Categorical", "Uniform"): _choice,
    ("Float", "Uniform"): _float("uniform"),
    ("Float", "LogUniform"): _float("loguniform"),
    ("Float", "Normal"): _normal,
    ("Integer", "Uniform"): _randint,
    ("Integer", "LogUniform"): _lograndint,
}


def to_ray(trials: Sequence[Mapping[str, Any]], numbers: Sequence[int] | None = None) -> dict[str, Any]:
    """What `tune.Experiment` gets as `config`: one grid over the trials' numbers, nothing random.

    Args:
        trials: the sampled configuration of each trial, in the order of their numbers.
        numbers: of the trials that Ray shall run; all of them unless given.
    """
    chosen = range(len(trials)) if numbers is None else numbers
    return {TRIAL_INDEX: tune.grid_search(list(chosen)), **_by_number(trials)}


def _by_number(values: Sequence[Any]) -> Any:
    """The value where all trials have the same one, else Ray's look-up by the trial's number."""
    first = values[0]
    if all(isinstance(value, Mapping) and value.keys() == first.keys() for value in values):
        return {key: _by_number([value[key] for value in values]) for key in first}
    if all(value == first and type(value) is type(first) for value in values):
        return first
    return tune.sample_from(lambda spec: values[spec.config[TRIAL_INDEX]])
