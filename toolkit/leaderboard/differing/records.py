"""Data, labels and provenance of a search as flat records, so that two of them can be held together."""

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.leaderboard.differing.changes import Change, changes
from toolkit.leaderboard.parameters import flat
from toolkit.runs import SearchHeader


def data_changes(a: SearchHeader, b: SearchHeader) -> list[Change]:
    """Files whose content differs, and labels that one side lacks; where a file lies is no difference."""
    found: list[Change] = []
    for role in dict.fromkeys((*a.data, *b.data)):
        one, other = a.data.get(role, {}), b.data.get(role, {})
        if one.get("sha256") is not None and one.get("sha256") == other.get("sha256"):
            continue
        named = ({f"{role}.{key}": value for key, value in about.items()} for about in (one, other))
        found += changes(*named)
    return found + changes(*_labels(a.labels, b.labels))


def _labels(a: Sequence[str], b: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The labels that only one side has."""
    only_a, only_b = [x for x in a if x not in set(b)], [x for x in b if x not in set(a)]
    return ({"labels": only_a} if only_a else {}), ({"labels": only_b} if only_b else {})


def code_changes(
    a: SearchHeader, b: SearchHeader, origin_a: Mapping[str, Any], origin_b: Mapping[str, Any]
) -> list[Change]:
    """What differs of the code that trains, the commit, the versions and the machine."""
    return changes({"code": a.code, **flat(origin_a)}, {"code": b.code, **flat(origin_b)})
