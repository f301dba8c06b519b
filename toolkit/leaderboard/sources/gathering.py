"""All sources that a leaderboard is asked of, in the order in which their word counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from toolkit.errors import JournalError, NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.results import find_results
from toolkit.leaderboard.sources.source import Source
from toolkit.runs import Project, Search, find_searches
from toolkit.runs.ray_journal import with_ray_folders

JOURNALS = "journals"
_LISTED = 20


_Answer = tuple[Source, set[str]]
"""A source with what was asked for, and the addresses that it knows."""


def gather(project: Project, asked: Asked) -> list[Source]:
    """The sources with the searches that were asked for; one without any of them is left out.

    Raises:
        NotFoundError: a source or an address names nothing, or there is nothing at all.
        ConfigurationError, JournalError, SearchError, TrackerError: a source cannot be read; as it says.
    """
    answers = list(_answers(project, asked))
    known = {address for _, addresses in answers for address in addresses}
    for address in asked.addresses:
        if address not in known:
            raise _not_found(address, project, asked)
    sources = [source for source, _ in answers]
    if not asked.addresses:
        sources = [_without_fresh_seeds(source) for source in sources]
    found = [source for source in sources if source.searches]
    if not found:
        raise NotFoundError(
            f"nothing to compare: no search below {project.runs}; `toolkit tune EXPERIMENT.yaml` runs one"
        )
    return list({source.label: source for source in found}.values())


def _without_fresh_seeds(source: Source) -> Source:
    return replace(source, searches=[search for search in source.searches if not search.confirms])


def _answers(project: Project, asked: Asked) -> Iterator[_Answer]:
    """One by one, those first whose word counts most."""
    if asked.results is not None:
        yield _chosen(Source(f"results {asked.results}", find_results(asked.results), plain_ids=True), asked)
    elif asked.journals:
        yield _own_journals(project, asked)
    for folder in asked.projects:
        if not folder.is_dir():
            raise NotFoundError(f"no folder {folder}: another project is named by its root")
        other = Project.here(folder)
        if not asked.journals or other.root != project.root:
            yield _journals(other, f"project {folder}", asked)
    # Imported when asked for: the journals alone must be there at once.
    for name in asked.wandb:
        from toolkit.leaderboard.sources.wandb_source import from_wandb

        yield _chosen(from_wandb(name, asked.metric, asked.mode, asked.talk), asked)
    for name in asked.mlflow:
        from toolkit.leaderboard.sources.mlflow import from_mlflow

        # Runs of others on several data sets are searches of one experiment, none newer than the other.
        yield _chosen(from_mlflow(name, project, asked), replace(asked, every=True))
    for name in asked.revisions:
        from toolkit.leaderboard.sources.revisions import from_revision

        yield _chosen(from_revision(project, name), asked)


def _own_journals(project: Project, asked: Asked) -> _Answer:
    """This project's; one that was asked alone says itself what it does not find."""
    if asked.projects or asked.wandb or asked.mlflow or asked.revisions:
        return _journals(project, JOURNALS, asked)
    addresses = _with_ray_folders(project, asked.addresses, asked)
    found = find_searches(project, addresses, every=asked.every, unreadable=_warning(asked))
    return Source(JOURNALS, found), set(asked.addresses)


def _journals(project: Project, label: str, asked: Asked) -> _Answer:
    """A project's beside other sources, which may know an address that it does not know."""
    if not asked.addresses:
        found = find_searches(project, every=asked.every, unreadable=_warning(asked))
        if not found and label != JOURNALS:
            raise NotFoundError(f"{label}: no search below {project.runs}")
        return Source(label, found), set()
    named: dict[str, list[Search]] = {}
    for address in asked.addresses:
        addresses = _with_ray_folders(project, [address], asked) if label == JOURNALS else [address]
        with suppress(NotFoundError):
            named[address] = find_searches(project, addresses, every=asked.every)
    return Source(label, _once(search for found in named.values() for search in found)), set(named)


def _with_ray_folders(project: Project, addresses: Sequence[str], asked: Asked) -> list[str]:
    return with_ray_folders(project, addresses, asked.metric, asked.mode, at_first=True)


def _warning(asked: Asked) -> Callable[[JournalError], None]:
    return lambda error: asked.talk(f"Warning: {error}")


def _chosen(source: Source, asked: Asked) -> _Answer:
    """What the addresses name in a source without journals, as `find_searches` finds it in journals."""
    every = asked.every or source.plain_ids  # a commit has one search of an experiment
    if not asked.addresses:
        return replace(source, searches=_current(source.searches, every)), set()
    named = {address: _named(source.searches, address, every) for address in asked.addresses}
    known = {address for address, found in named.items() if found}
    return replace(source, searches=_once(one for found in named.values() for one in found)), known


def _named(searches: Sequence[Search], address: str, every: bool) -> list[Search]:
    name, at, prefix = address.rpartition("@")
    if at:
        return [search for search in searches if search.experiment == name and search.id.startswith(prefix)]
    return _current([search for search in searches if search.experiment == address], every)


def _current(searches: Sequence[Search], every: bool) -> list[Search]:
    """The newest search of each experiment, or all of them."""
    if every:
        return list(searches)
    in_time = sorted(searches, key=lambda search: (search.started, search.id))
    return list({search.experiment: search for search in in_time}.values())


def _once(searches: Iterable[Search]) -> list[Search]:
    return list({(search.experiment, search.id): search for search in searches}.values())


def _not_found(address: str, project: Project, asked: Asked) -> NotFoundError:
    """What is there instead; every source is read again for it, which an error may cost."""
    answers = _answers(project, replace(asked, addresses=()))
    known = sorted({search.experiment for source, _ in answers for search in source.searches})
    hint = f"; there are: {', '.join(known[:_LISTED])}" if known else ""
    return NotFoundError(f"no source has a search {address!r}{hint}")
