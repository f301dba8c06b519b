"""A nested configuration as dotted paths, and values as one line of text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolkit.runs import Run
from toolkit.runs.values import encode


def flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of every leaf; lists are leaves, and so is an empty mapping."""
    for key, inner in value.items():
        path = f"{prefix}{key}"
        if isinstance(inner, Mapping) and inner:
            yield from flat(inner, f"{path}.")
        else:
            yield path, inner


def with_value(nested: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """The same configuration with another value at the path, which is made where it is not there."""
    key, *rest = path
    if not rest:
        return {**nested, key: value}
    inner = nested.get(key)
    return {**nested, key: with_value(inner if isinstance(inner, Mapping) else {}, rest, value)}


def all_params(run: Run) -> dict[str, Any]:
    """Dotted path -> value: what was sampled, then everything else of the resolved configuration."""
    return {**run.params, **{path: value for path, value in flat(run.config) if path not in run.params}}


def as_text(value: Any) -> str:
    """Text as it is, everything else as JSON; NaN and infinities by name."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return repr(value)
    return json.dumps(encode(value), ensure_ascii=False)
