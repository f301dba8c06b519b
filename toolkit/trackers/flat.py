"""A nested configuration as dotted paths, and values as one line of text."""

import json
from collections.abc import Iterator, Mapping
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
