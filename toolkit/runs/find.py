"""From what a user types to searches and runs: names, `name@id-prefix`, folders, run ids."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from toolkit.errors import JournalError, NotFoundError
from toolkit.runs.layout import Project, SearchFolder, file_name
from toolkit.runs.records import has_begun
from toolkit.runs.search import Run, Search, load_search

Found = TypeVar("Found")


class Shelf(Protocol[Found]):
    """Where searches are looked up: the journals of a project, or an index of them."""

    def experiments(self) -> list[str]:
        """Names of the folders that hold searches, sorted."""

    def of(self, experiment: str) -> list[Found]:
        """The searches of an experiment, the newest one last."""

    def below(self, folder: Path) -> list[Found]:
        """The searches whose journals lie in a folder or below it."""

    def place(self, search: Found) -> str:
        """The folder of a search: two addresses may name one."""

    def id(self, search: Found) -> str:
        """Its id."""


def look_up(shelf: Shelf[Found], addresses: Sequence[str], *, every: bool, runs: Path) -> list[Found]:
    """The searches that the addresses name, in that order; all of the shelf when there are none.

    Args:
        addresses: each an experiment's name (its newest search), `name@id-prefix`, or a folder with a
            journal in it or somewhere below it.
        every: older searches of an experiment too, not only the newest.
        runs: folder of the journals, for messages.

    Raises:
        NotFoundError: an address names nothing; the message lists the near ones.
    """
    if any(not address.strip() for address in addresses):
        raise NotFoundError("an empty address names no search: leave it out to have them all")
    if not addresses:
        return [s for name in shelf.experiments() for s in _newest(shelf.of(name), every)]
    found = [s for address in addresses for s in _resolve(shelf, address, every, runs)]
    return list({shelf.place(search): search for search in found}.values())


def _newest(searches: list[Found], every: bool) -> list[Found]:
    return searches if every else searches[-1:]


def _resolve(shelf: Shelf[Found], address: str, every: bool, runs: Path) -> list[Found]:
    name, at, prefix = address.rpartition("@")
    if at:
        found = [search for search in shelf.of(name) if shelf.id(search).startswith(prefix)]
    else:
        found = _newest(shelf.of(address), every)
    if not found and Path(address).is_dir():
        found = shelf.below(Path(address))
        if not found:
            raise NotFoundError(f"no journal in the folder {address}")
    if not found:
        import difflib  # only a name that nothing has needs it

        known = shelf.experiments()
        near = difflib.get_close_matches(address, known, n=3, cutoff=0.3) or known
        hint = f"; there are: {', '.join(near)}" if near else f"; there are none below {runs}"
        raise NotFoundError(f"no search {address!r}{hint}")
    return found


def journals_below(folder: Path) -> list[Path]:
    """The journals in a folder or below it; folders that a search removes meanwhile have none."""
    return sorted(Path(at) / "journal.jsonl" for at, _, files in os.walk(folder) if "journal.jsonl" in files)


class _Journals:
    """The journals of a project, each read whole."""

    def __init__(self, project: Project, unreadable: Callable[[JournalError], None] | None) -> None:
        self._project, self._unreadable = project, unreadable

    def experiments(self) -> list[str]:
        runs = self._project.runs
        if not runs.is_dir():
            return []
        return sorted(folder.name for folder in runs.iterdir() if any(folder.glob("*/journal.jsonl")))

    def of(self, experiment: str) -> list[Search]:
        journals = sorted((self._project.runs / file_name(experiment)).glob("*/journal.jsonl"))
        found = _load_all(journals, self._unreadable)
        return sorted(found, key=lambda search: (search.started, search.id))

    def below(self, folder: Path) -> list[Search]:
        return list(_load_all(journals_below(folder)))

    def place(self, search: Search) -> str:
        return str(search.folder.path.resolve())

    def id(self, search: Search) -> str:
        return search.id


def find_searches(
    project: Project,
    addresses: Sequence[str] = (),
    *,
    every: bool = False,
    unreadable: Callable[[JournalError], None] | None = None,
) -> list[Search]:
    """The searches that the addresses name, with all their runs; see `look_up`.

    Args:
        unreadable: takes the error of each journal that cannot be read, when there are no addresses, and
            the others are found; without it the first such error is raised.

    Raises:
        JournalError: a journal cannot be read.
        NotFoundError: an address names nothing; the message lists the near ones.
    """
    shelf = _Journals(project, None if addresses else unreadable)
    return look_up(shelf, addresses, every=every, runs=project.runs)


def is_trial(text: str) -> bool:
    """Whether the text is the number of a trial, as it stands after an experiment's name."""
    return text.isascii() and text.isdigit() and len(text) < 20


def find_run(project: Project, address: str) -> tuple[Search, Run]:
    """The run named by a run id, a unique prefix of one, or `experiment/trial`.

    Raises:
        NotFoundError: no run or more than one goes by that name.
    """
    name, slash, number = address.rpartition("/")
    if slash and is_trial(number):
        searches = find_searches(project, [name])
        if len(searches) > 1:
            raise NotFoundError(f"{name!r} names {len(searches)} searches: write name@id-prefix/{number}")
        search = searches[0]
        if int(number) in search.runs:
            return search, search.runs[int(number)]
        raise NotFoundError(f"{name} has no trial {number}; it has {len(search.runs)} trials, from 0")
    found = [
        (search, run)
        for search in find_searches(project, every=True)
        for run in search.runs.values()
        if run.run_id.startswith(address)
    ]
    exact = [pair for pair in found if pair[1].run_id == address]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise NotFoundError(f"no run {address!r} below {project.runs}; `toolkit compare` lists the runs")
    shown = ", ".join(run.run_id for _, run in found[:5])
    raise NotFoundError(
        f"{address!r} is the beginning of {len(found)} run ids ({shown}, ...): give more digits"
    )


def _load_all(
    journals: Iterable[Path], unreadable: Callable[[JournalError], None] | None = None
) -> Iterator[Search]:
    """The searches of the journals; one that has not written its first line yet is not there yet."""
    for path in journals:
        folder = SearchFolder(path.parent)
        try:
            if has_begun(folder):
                yield load_search(folder)
        except JournalError as error:
            if unreadable is None:
                raise
            unreadable(error)
