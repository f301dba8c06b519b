"""Which runs of an MLflow store belong together, and which of them count.

A search that toolkit wrote is a run with its trials nested in it. It is no training, and neither is a copy
that a late answer of a server made of a trial: it was never described. Where a search was recorded twice, on
two machines or after the journals were gone, the completed one counts, of several the newest.

All other runs of an experiment that were measured on one data set are taken for one search. A run in which
others are nested is one of them only if it was measured itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.leaderboard.sources.mlflow.stored import Record, Sketch, Store
from toolkit.runs import Status


@dataclass
class Group:
    """Runs that are ranked as one search.

    Attributes:
        experiment: MLflow's id of it.
        parent: the run that is the search itself; None where toolkit did not write it.
        validation: digest of the data that the runs were measured on; of toolkit's the parent knows it.
        runs: in the order in which they began.
    """

    experiment: str
    parent: Record | None = None
    validation: str | None = None
    runs: list[Sketch] = field(default_factory=list)


def groups_of(store: Store, sketches: Sequence[Sketch]) -> list[Group]:
    """The searches of the store, those that toolkit wrote first, each by the time at which it began."""
    ours: dict[str, Group] = {}
    for parent in store.records([sketch for sketch in sketches if sketch.is_search]):
        ours[parent.sketch.id] = Group(parent.sketch.experiment, parent)
    others: list[Sketch] = []
    for sketch in sketches:
        group = None if sketch.parent is None else ours.get(sketch.parent)
        if group is None:
            if not sketch.is_search:
                others.append(sketch)
        elif sketch.is_described:
            group.runs.append(sketch)
    others = _without_brackets(others, store)
    return [*_once(ours.values()), *_foreign(others, store.validation_digests(others))]


def _once(groups: Iterable[Group]) -> list[Group]:
    kept: dict[tuple[str, str], Group] = {}
    for group in groups:
        assert group.parent is not None
        tags = group.parent.tags
        name = tags.get("toolkit.experiment", ""), tags.get("toolkit.search", group.parent.sketch.id)
        if name not in kept or _worth(group) >= _worth(kept[name]):
            kept[name] = group
    return list(kept.values())


def _worth(group: Group) -> tuple[bool, int]:
    assert group.parent is not None
    sketch = group.parent.sketch
    return sketch.status is Status.COMPLETED, sketch.started


def _without_brackets(sketches: Sequence[Sketch], store: Store) -> list[Sketch]:
    """Without the runs that only hold others together."""
    around = {sketch.parent for sketch in sketches}
    brackets = [sketch for sketch in sketches if sketch.id in around]
    empty = {sketch.id for sketch in brackets} - store.measured(brackets)
    return [sketch for sketch in sketches if sketch.id not in empty]


def _foreign(sketches: Sequence[Sketch], digests: Mapping[str, str]) -> list[Group]:
    groups: dict[tuple[str, str | None], Group] = {}
    for sketch in sketches:
        validation = digests.get(sketch.id)
        key = sketch.experiment, validation
        if key not in groups:
            groups[key] = Group(sketch.experiment, validation=validation)
        groups[key].runs.append(sketch)
    return list(groups.values())
