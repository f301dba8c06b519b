"""Which searches a store holds, and by what their runs are ranked."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence

from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard.comparable import direction_of
from toolkit.leaderboard.sources.mlflow.grouping import Group, groups_of
from toolkit.leaderboard.sources.mlflow.searches import header_of
from toolkit.leaderboard.sources.mlflow.stored import Sketch, Store
from toolkit.runs import SearchHeader

Talk = Callable[[str], None]


def planned(
    store: Store,
    sketches: Sequence[Sketch],
    identity: str,
    metric: str | None,
    mode: str | None,
    warn: Talk,
) -> list[tuple[Group, SearchHeader]]:
    """Every search with its header.

    Runs that toolkit did not write declare no metric. Without one that is given they are left out beside
    others, with a word about it; where there are no others, that is an error.

    Args:
        identity: of the store, for the ids of searches that have none.
        warn: takes a line for people.

    Raises:
        ConfigurationError: no run declares a metric, or the direction of the given one is not known.
    """
    names = store.experiments()
    groups = groups_of(store, sketches)
    silent = [] if metric is not None else [group for group in groups if group.parent is None]
    if silent:
        told = _silent(store, silent, names)
        if len(silent) == len(groups):
            raise ConfigurationError(told)
        warn(f"{told}; left out")
        groups = [group for group in groups if group.parent is not None]
    direction = mode
    if direction is None and metric is not None and any(group.parent is None for group in groups):
        direction = direction_of(metric)
    return [
        (group, header_of(group, names.get(group.experiment, ""), identity, metric, direction))
        for group in groups
    ]


def check_metric(metric: str, known: Iterable[str], store: str) -> None:
    """Raises NotFoundError, which lists the metrics there are, where this one is none of them."""
    known = [*known]
    if metric in known:
        return
    if not known:
        raise NotFoundError(
            f"no run in {store} has reported anything: there is nothing to rank by {metric!r}"
        )
    near = difflib.get_close_matches(metric, known, n=1)
    hint = f", did you mean {near[0]!r}? There are: " if near else "; there are: "
    raise NotFoundError(f"no run in {store} reports the metric {metric!r}{hint}{_listed(known)}")


def _silent(store: Store, groups: Sequence[Group], names: Mapping[str, str]) -> str:
    experiments = sorted({group.experiment for group in groups})
    shown = _listed([repr(names.get(number, number)) for number in experiments])
    runs = sum(len(group.runs) for group in groups)
    one = len(experiments) == 1
    return (
        f"{runs} run{'s' * (runs != 1)} of MLflow's experiment{'s' * (not one)} {shown} declare no metric "
        f"to rank by: add --metric; there are: {_listed(store.metric_names())}"
    )


def _listed(names: Sequence[str], most: int = 20) -> str:
    plain = [name for name in names if "__" not in name] or list(names)
    return ", ".join(plain[:most]) + (", ..." if len(plain) > most else "") if plain else "none"
