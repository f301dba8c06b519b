"""From what a user types to searches of an index that has caught up."""

from collections.abc import Callable, Sequence
from pathlib import Path

from toolkit.errors import JournalError
from toolkit.leaderboard.index.catching_up import catch_up, place_of
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.searches import IndexedSearch, all_searches
from toolkit.runs import Project, SearchFolder
from toolkit.runs.find import journals_below, look_up
from toolkit.runs.layout import file_name


def find_indexed(
    index: Index,
    project: Project,
    addresses: Sequence[str] = (),
    *,
    every: bool = False,
    unreadable: Callable[[JournalError], None],
) -> list[IndexedSearch]:
    """The searches that the addresses name, after the index has caught up with their journals.

    Args:
        addresses, every: see `toolkit.runs.find.look_up`.
        unreadable: takes the error of each journal that cannot be read, when there are no addresses.

    Raises:
        JournalError: a journal that an address names cannot be read.
        NotFoundError: an address names nothing; the message lists the near ones.
    """
    errors = catch_up(index, project.runs)
    if not addresses:
        for error in errors.values():
            unreadable(error)
        errors = {}
    return look_up(_Indexed(index, project, errors), addresses, every=every, runs=project.runs)


class _Indexed:
    """The searches of an index, by the folders that their journals lie in."""

    def __init__(self, index: Index, project: Project, errors: dict[str, JournalError]) -> None:
        self._index, self._project, self._errors = index, project, errors
        self._by_experiment: dict[str, list[IndexedSearch]] = {}
        for search in all_searches(index):
            self._by_experiment.setdefault(search.place.rpartition("/")[0], []).append(search)

    def experiments(self) -> list[str]:
        return sorted(name for name in self._by_experiment if "/" not in name)

    def of(self, experiment: str) -> list[IndexedSearch]:
        name = file_name(experiment)
        for place, error in self._errors.items():
            if place.rpartition("/")[0] == name:
                raise error
        return sorted(self._by_experiment.get(name, []), key=lambda search: (search.started, search.id))

    def below(self, folder: Path) -> list[IndexedSearch]:
        journals = journals_below(folder)
        errors = catch_up(self._index, self._project.runs, [SearchFolder(path.parent) for path in journals])
        for error in errors.values():
            raise error
        known = {search.place: search for search in all_searches(self._index)}
        places = [place_of(self._project.runs, path.parent) for path in journals]
        return [known[place] for place in places if place in known]

    def place(self, search: IndexedSearch) -> str:
        return search.place

    def id(self, search: IndexedSearch) -> str:
        return search.id
