"""Search spaces inside a configuration: they stand where the value would stand.

`{"lr": {"loguniform": [0.001, 0.01]}}` is a space at `lr`. Trial number i of a search gets its values from
the search's seed, the space's dotted path and i alone, so its configuration depends neither on how many
trials there are nor on the order or number of the other spaces. Grids are walked in the order in which
they are found; `num_samples` walks them that many times.

What this gives up: spaces nested inside the options of a `choice` (conditional spaces) are refused.
"""

import hashlib
import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from toolkit.errors import ConfigurationError

Config = Mapping[str, Any]


@dataclass(frozen=True)
class Space:
    """A distribution over the values of one hyperparameter.

    Attributes:
        kind: choice, uniform, loguniform, quniform, qloguniform, randint, lograndint, normal or grid.
        arguments: as they stand in the file: the options of choice and grid; low, high (and the step q)
            of the others, `high` excluded for integers; mean and standard deviation of normal.

    Raises:
        ConfigurationError: the kind is unknown or the space holds no value.
    """

    kind: str
    arguments: tuple[Any, ...]

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ConfigurationError(f"unknown search space {self.kind!r}; there are {', '.join(_KINDS)}")
        _KINDS[self.kind].check(self.kind, self.arguments)

    @property
    def is_grid(self) -> bool:
        return self.kind == "grid"

    def sample(self, u: float) -> Any:
        """The value at `u` in [0, 1): the inverse of the distribution function."""
        return _KINDS[self.kind].sample(u, *self.arguments)

    def to_dict(self) -> dict[str, list[Any]]:
        """The space as it stands in a file."""
        return {self.kind: list(self.arguments)}


@dataclass(frozen=True)
class _Kind:
    check: Callable[[str, tuple[Any, ...]], None]
    sample: Callable[..., Any]


def _pick(u: float, *options: Any) -> Any:
    return options[int(u * len(options))]


def _uniform(u: float, low: float, high: float) -> float:
    return low + u * (high - low)


def _loguniform(u: float, low: float, high: float) -> float:
    value = math.exp(_uniform(u, math.log(low), math.log(high)))
    return min(max(value, low), high)  # rounding may step over an end


def _quniform(u: float, low: float, high: float, q: float) -> float:
    return _on_grid(_uniform(u, low, high), low, high, q)


def _qloguniform(u: float, low: float, high: float, q: float) -> float:
    return _on_grid(_loguniform(u, low, high), low, high, q)


def _on_grid(value: float, low: float, high: float, q: float) -> float:
    """The multiple of q nearest to the value that lies within the ends."""
    first, last = math.ceil(low / q), math.floor(high / q)
    return q * min(max(round(value / q), first), last)


def _randint(u: float, low: int, high: int) -> int:
    return low + int(u * (high - low))


def _lograndint(u: float, low: int, high: int) -> int:
    return min(int(_loguniform(u, low, high)), high - 1)


def _normal(u: float, mean: float, deviation: float) -> float:
    return NormalDist(mean, deviation).inv_cdf(max(u, 2.0**-53))


def _check_options(kind: str, arguments: tuple[Any, ...]) -> None:
    if not arguments:
        raise ConfigurationError(f"{kind}: [] holds no value; give at least one option")
    if any(True for option in arguments for _ in _walk(option, "")):
        raise ConfigurationError(f"{kind}: an option holds another search space, which is not supported")


def _check_range(
    count: int, *, positive: bool = False, integers: bool = False
) -> Callable[[str, tuple[Any, ...]], None]:
    def check(kind: str, arguments: tuple[Any, ...]) -> None:
        wanted = "[low, high, q]" if count == 3 else "[low, high]"
        types: tuple[type, ...] = (int,) if integers else (int, float)
        numbers = all(isinstance(a, types) and not isinstance(a, bool) for a in arguments)
        got = f"{kind}: {list(arguments)}"
        if len(arguments) != count or not numbers or not all(math.isfinite(a) for a in arguments):
            raise ConfigurationError(f"{got}: expected {'integers' if integers else 'numbers'} {wanted}")
        low, high = arguments[:2]
        if not low < high:
            raise ConfigurationError(f"{got} holds no value: {low} is not below {high}")
        if positive and low <= 0:
            raise ConfigurationError(f"{got}: a logarithmic space needs low above 0")
        if count == 3 and (
            arguments[2] <= 0 or math.ceil(low / arguments[2]) > math.floor(high / arguments[2])
        ):
            raise ConfigurationError(f"{got} holds no value: no multiple of {arguments[2]} between the ends")

    return check


def _check_normal(kind: str, arguments: tuple[Any, ...]) -> None:
    numbers = [a for a in arguments if isinstance(a, int | float) and not isinstance(a, bool)]
    if len(arguments) != 2 or len(numbers) != 2 or numbers[1] <= 0:
        raise ConfigurationError(f"{kind}: {list(arguments)}: expected [mean, deviation], deviation above 0")


_KINDS: dict[str, _Kind] = {
    "choice": _Kind(_check_options, _pick),
    "uniform": _Kind(_check_range(2), _uniform),
    "loguniform": _Kind(_check_range(2, positive=True), _loguniform),
    "quniform": _Kind(_check_range(3), _quniform),
    "qloguniform": _Kind(_check_range(3, positive=True), _qloguniform),
    "randint": _Kind(_check_range(2, integers=True), _randint),
    "lograndint": _Kind(_check_range(2, positive=True, integers=True), _lograndint),
    "normal": _Kind(_check_normal, _normal),
    "grid": _Kind(_check_options, _pick),
}
_ALIASES = {"grid_search": "grid"}


def find_spaces(config: Config) -> dict[str, Space]:
    """Dotted path -> space, for every space nested anywhere in the configuration, in its order.

    Raises:
        ConfigurationError: a space holds no value; the message begins with its path.
    """
    return dict(_walk(config, ""))


def _walk(value: Any, path: str) -> Iterator[tuple[str, Space]]:
    if isinstance(value, Mapping | Space):
        space = _space(value, path)
        if space is not None:
            yield path, space
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield from _walk(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{path}.{index}")


def _space(value: Config | Space, path: str) -> Space | None:
    """The space that a value is, None when it is a plain dictionary."""
    if isinstance(value, Space):
        return value
    if len(value) != 1:
        return None
    (kind,) = value
    kind_name = _ALIASES.get(kind, kind)
    if kind_name not in _KINDS:
        return None
    arguments = value[kind]
    if not isinstance(arguments, list | tuple):
        raise ConfigurationError(f"{path}: {kind}: {arguments!r}: expected a list")
    try:
        return Space(kind_name, tuple(arguments))
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def with_plain_spaces(value: Any) -> Any:
    """The configuration with every space as the dictionary that stands in a file."""
    return _replaced(value, "", lambda _, space: space.to_dict())


def num_trials(config: Config, num_samples: int) -> int:
    """How many trials a search has: `num_samples` times the cells of its grids."""
    return num_samples * _cells(find_spaces(config))


def _cells(spaces: Mapping[str, Space]) -> int:
    return math.prod(len(space.arguments) for space in spaces.values() if space.is_grid)


@dataclass(frozen=True)
class Sampled:
    """The configuration of one trial.

    Attributes:
        config: the configuration with a value at every space.
        params: dotted path -> that value.
    """

    config: dict[str, Any]
    params: dict[str, Any]


def sample(config: Config, seed: int, trial: int) -> Sampled:
    """The configuration of trial number `trial`: a pure function of the three arguments."""
    spaces = find_spaces(config)
    params: dict[str, Any] = {}
    cell = trial % _cells(spaces)
    for path, space in spaces.items():
        if space.is_grid:
            cell, option = divmod(cell, len(space.arguments))
            params[path] = space.arguments[option]
        else:
            params[path] = space.sample(random.Random(_seed(seed, path, trial)).random())
    return Sampled(_replaced(config, "", lambda path, _: params[path]), params)


def trial_seed(seed: int, trial: int) -> int:
    """The seed of a trial's training (weights, dropout, shuffling), below 2**32."""
    return _seed(seed, "training", trial) % 2**32


def _seed(seed: int, purpose: str, trial: int) -> int:
    digest = hashlib.sha256(f"{seed}/{trial}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _replaced(value: Any, path: str, replacement: Callable[[str, Space], Any]) -> Any:
    if isinstance(value, Mapping | Space):
        space = _space(value, path)
        if space is not None:
            return replacement(path, space)
        assert isinstance(value, Mapping)
        return {
            key: _replaced(inner, f"{path}.{key}" if path else str(key), replacement)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_replaced(inner, f"{path}.{i}", replacement) for i, inner in enumerate(value)]
    return value
