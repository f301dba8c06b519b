"""Where two flat records differ, name by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.leaderboard.cells import are_same

MISSING: Any = object()
"""In the place of a value that one side does not have; None is a value."""


@dataclass(frozen=True)
class Change:
    """One name whose value is not the same; MISSING where a side does not have it."""

    name: str
    a: Any
    b: Any


def changes(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Change]:
    """The names that differ, in the order of the first record, then those that only the second has.

    NaN is the same as NaN, 1 as 1.0, and True is not 1.
    """
    names = dict.fromkeys((*a, *b))
    pairs = ((name, a.get(name, MISSING), b.get(name, MISSING)) for name in names)
    return [Change(*pair) for pair in pairs if not same(*pair[1:])]


def same(a: Any, b: Any) -> bool:
    """Whether two values are one, as a column of the leaderboard holds them."""
    if a is MISSING or b is MISSING:
        return a is b
    return are_same(a, b)
