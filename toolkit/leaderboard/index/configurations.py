"""What the runs of some searches were configured by: which paths tell them apart, and what they share."""

from collections.abc import Iterable, Sequence
from typing import Any

from toolkit.leaderboard.cells import Cell, are_same, from_cell
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.schema import ABSENT
from toolkit.leaderboard.index.searches import IndexedSearch
from toolkit.leaderboard.parameters import is_shown
from toolkit.runs.values import loads


class Configurations:
    """The hyperparameters of some searches.

    Args:
        asked: names of columns, as `fields.find_name` takes them; those of others than hyperparameters say
            nothing here.

    Attributes:
        shown: dotted paths: what a search sampled, then what differs between the configurations, then what
            was asked for besides.
        paths: all paths that a run may have.
        shared: number of a search -> what its first run has, and the others where they say nothing else.
    """

    def __init__(self, index: Index, searches: Iterable[IndexedSearch], asked: Sequence[str] = ()) -> None:
        self.shared: dict[int, dict[str, Any]] = {}
        parsed: dict[str, Any] = {}  # searches of one experiment say the same
        sampled: dict[str, None] = {}
        varying: dict[str, None] = {}
        paths: dict[str, None] = {}
        for search in searches:
            texts = index.database.execute(
                "SELECT shared, sampled, varying, others FROM search WHERE number = ?", (search.number,)
            ).fetchone()
            shared, its_sampled, its_varying, others = (
                parsed[text] if text in parsed else parsed.setdefault(text, loads(text)) for text in texts
            )
            self.shared[search.number] = shared or {}
            sampled.update(dict.fromkeys(its_sampled))
            varying.update(dict.fromkeys(its_varying))
            paths.update(dict.fromkeys([*its_sampled, *self.shared[search.number], *others]))
        self.paths = list(paths)
        differing = dict.fromkeys([*self._differing(), *varying])
        self.shown = [*sampled, *(path for path in differing if is_shown(path, sampled))]
        if asked:
            self.shown += self._besides(asked)

    def _besides(self, asked: Sequence[str]) -> list[str]:
        """The paths that are meant and not shown yet; a name that fits several may still name a shown one."""
        from toolkit.leaderboard.fields import find_or_none  # a plain call asks for nothing

        every = [f"params.{path}" for path in self.paths]
        found = [find_or_none(name, every) for name in asked]
        paths = dict.fromkeys(full.removeprefix("params.") for full in found if full is not None)
        return [path for path in paths if path not in self.shown]

    def _differing(self) -> list[str]:
        first: dict[str, Any] = {}
        different: dict[str, None] = {}
        distinct = {id(shared): shared for shared in self.shared.values()}
        for shared in distinct.values():
            for path, value in shared.items():
                if not are_same(first.setdefault(path, value), value):
                    different[path] = None
        return list(different)

    def values(self, search: int, own: Sequence[Cell], beyond: str | None) -> dict[str, Any]:
        """Of one run the hyperparameters that are shown.

        Args:
            own: what stands in the columns of `shown`; NULL where the path has no column.
            beyond: JSON of what has no column.
        """
        shared = self.shared[search]
        others = {} if beyond is None else loads(beyond)
        found: dict[str, Any] = {}
        for path, cell in zip(self.shown, own, strict=True):
            if cell is not None:
                if cell != ABSENT:
                    found[path] = from_cell(cell)
            elif path in others:
                if "value" in others[path]:
                    found[path] = others[path]["value"]
            elif path in shared:
                found[path] = shared[path]
        return found
