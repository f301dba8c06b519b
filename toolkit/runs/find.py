"""From what a user types to searches and runs: names, `name@id-prefix`, folders, run ids."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from toolkit.errors import JournalError, NotFoundError
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import Project, SearchFolder, file_name
from toolkit.runs.search import Run, Search, load_search


def find_searches(
    project: Project,
    addresses: Sequence[str] = (),
    *,
    every: bool = False,
    unreadable: Callable[[JournalError], None] | None = None,
) -> list[Search]:
    """The searches that the addresses name, in that order; all of the project when there are none.

    Args:
        addresses: each an experiment's name (its newest search), `name@id-prefix`, or a folder with a
            journal in it or somewhere below it.
        every: older searches of an experiment too, not only the newest.
        unreadable: takes the error of each journal that cannot be read, when there are no addresses, and
            the others are found; without it the first such error is raised.

    Raises:
        JournalError: a journal cannot be read.
        NotFoundError: an address names nothing; the message lists the near ones.
    """
    if any(not address.strip() for address in addresses):
        raise NotFoundError("an empty address names no search: leave it out to have them all")
    if not addresses:
        names = _experiments(project)
        return [search for name in names for search in _of(project, name, every, unreadable)]
    found = [search for address in addresses for search in _resolve(project, address, every)]
    return list({search.folder.path.resolve(): search for search in found}.values())


def find_run(project: Project, address: str) -> tuple[Search, Run]:
    """The run named by a run id, a unique prefix of one, or `experiment/trial`.

    Raises:
        NotFoundError: no run or more than one goes by that name.
    """
    name, slash, number = address.rpartition("/")
    if slash and number.isdigit():
        search = _resolve(project, name, every=False)[-1]
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


def _experiments(project: Project) -> list[str]:
    if not project.runs.is_dir():
        return []
    return sorted(folder.name for folder in project.runs.iterdir() if any(folder.glob("*/journal.jsonl")))


def _of(
    project: Project,
    experiment: str,
    every: bool,
    unreadable: Callable[[JournalError], None] | None = None,
) -> list[Search]:
    journals = sorted((project.runs / file_name(experiment)).glob("*/journal.jsonl"))
    found = sorted(_load_all(journals, unreadable), key=lambda search: (search.started, search.id))
    return found if every else found[-1:]


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


def _resolve(project: Project, address: str, every: bool) -> list[Search]:
    name, at, prefix = address.rpartition("@")
    if at:
        found = [search for search in _of(project, name, every=True) if search.id.startswith(prefix)]
    else:
        found = _of(project, address, every)
    if not found and Path(address).is_dir():
        found = list(_load_all(sorted(Path(address).rglob("journal.jsonl"))))
        if not found:
            raise NotFoundError(f"no journal in the folder {address}")
    if not found:
        known = _experiments(project)
        near = difflib.get_close_matches(address, known, n=3, cutoff=0.3) or known
        hint = f"; there are: {', '.join(near)}" if near else f"; there are none below {project.runs}"
        raise NotFoundError(f"no search {address!r}{hint}")
    return found
