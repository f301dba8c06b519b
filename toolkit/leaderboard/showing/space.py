"""The search space as a search's record has it."""

from collections.abc import Mapping
from typing import Any

from toolkit.runs import Search

_KINDS = frozenset(
    ["choice", "grid", "uniform", "loguniform", "quniform", "qloguniform", "randint", "lograndint", "normal"]
)  # `configuration.spaces` has them too, in the other wing


def space_of(search: Search) -> dict[str, Mapping[str, Any]]:
    """Dotted path -> {kind: arguments} of everything that was searched."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in ("pipeline", "trainer", "vocabulary"):
        _collect(search.header.spec.get(part), part, found)
    return found


def _collect(value: Any, path: str, found: dict[str, Mapping[str, Any]]) -> None:
    if not isinstance(value, Mapping):
        return
    if len(value) == 1 and next(iter(value)) in _KINDS:
        found[path] = value
        return
    for key, inner in value.items():
        _collect(inner, f"{path}.{key}", found)


def space_in_words(space: Mapping[str, Any]) -> str:
    """`loguniform 0.001 to 0.01`, `choice of gru, lstm`."""
    [(kind, arguments)] = space.items()
    listed = [_option(argument) for argument in (arguments if isinstance(arguments, list) else [arguments])]
    if kind in ("choice", "grid"):
        return f"{kind} of {', '.join(listed)}"
    if kind == "normal":
        return f"normal around {listed[0]}, deviation {', '.join(listed[1:])}"
    step = f" in steps of {listed[2]}" if len(listed) > 2 else ""
    return f"{kind} {' to '.join(listed[:2])}{step}"


def _option(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
