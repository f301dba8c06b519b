"""The rows of a leaderboard for runs that were selected, with all their columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.leaderboard.cells import from_cell
from toolkit.leaderboard.index.configurations import Configurations
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.searches import IndexedSearch
from toolkit.leaderboard.index.selecting import Place
from toolkit.leaderboard.ranking import Row
from toolkit.runs.layout import run_id
from toolkit.runs.values import loads

_PLAIN = (
    "r.search, r.trial, r.run_id, r.status, r.rung, r.epochs, r.unranked, r.training, "
    'r."commit", r.seconds, r.more, p.more'
)


def rows_of(
    index: Index,
    searches: Mapping[int, IndexedSearch],
    configurations: Configurations,
    places: Sequence[Place],
) -> list[Row]:
    """The rows of the runs, in the order of their places.

    Args:
        searches: by number, all that the runs belong to.
    """
    metrics = _Metrics(index, searches.values())
    own = [index.fields.params.get(path) for path in configurations.shown]
    params = "".join(f", {'NULL' if column is None else f'r.{column}'}" for column in own)
    index.database.execute("CREATE TEMP TABLE IF NOT EXISTS shown (position INTEGER PRIMARY KEY, run, epoch)")
    index.database.execute("DELETE FROM temp.shown")
    index.database.executemany(
        "INSERT INTO shown VALUES (?, ?, ?)",
        [(position, place.run, place.epoch) for position, place in enumerate(places)],
    )
    found = index.database.execute(
        f"SELECT {_PLAIN}{metrics.columns}{params} FROM shown s JOIN run r ON r.number = s.run "
        "LEFT JOIN point p ON p.run = s.run AND p.epoch = s.epoch ORDER BY s.position"
    )
    rows = []
    for place, cells in zip(places, found, strict=True):
        number, trial, name, status, rung, epochs, unranked, training, commit, seconds = cells[:10]
        beyond, more, *others = cells[10:]
        search = searches[number]
        rows.append(
            Row(
                rank=place.rank,
                experiment=search.experiment,
                search=search.id,
                trial=trial,
                run_id=run_id(search.id, trial) if name is None else name,
                status=status,
                rung=rung,
                epoch=place.epoch,
                epochs=epochs,
                metrics=metrics.values(search, others[: metrics.count], more),
                params=configurations.values(number, others[metrics.count :], beyond),
                job=search.job,
                reason=None if place.rank is not None else unranked,
                training=training,
                commit=commit,
                seconds=seconds,
            )
        )
    return rows


class _Metrics:
    """The metrics of the runs' epochs, each search's in the order in which it reported them first."""

    def __init__(self, index: Index, searches: Iterable[IndexedSearch]) -> None:
        self._names = {text: list(loads(text)) for text in {search.metrics for search in searches}}
        every = dict.fromkeys(name for names in self._names.values() for name in names)
        known = {name: column for name in every if (column := index.fields.metrics.get(name)) is not None}
        self._position = {name: position for position, name in enumerate(known)}
        self.columns = "".join(f", p.{column}" for column in known.values())
        self.count = len(known)

    def values(self, search: IndexedSearch, cells: Sequence[Any], more: str | None) -> dict[str, Any]:
        """Name -> value of one epoch.

        Args:
            more: JSON of the metrics without a column.
        """
        others = {} if more is None else loads(more)
        found: dict[str, Any] = {}
        for name in self._names[search.metrics]:
            position = self._position.get(name)
            if position is not None:
                if cells[position] is not None:
                    found[name] = from_cell(cells[position])
            elif name in others:
                found[name] = others[name]
        return found
