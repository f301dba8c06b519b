"""What each search could do without: decided by whether it has ended, and whether a newer one has.

- Of a finished search: states of trials that have ended, and files that were set aside.
- Of a finished search that is not the newest of its experiment: every model but the best one's, and what Ray
  wrote, too.
- Of an unfinished search, only on request: the states of its trials, and files that were set aside.

An unfinished search goes on after that too: a trial without its state is trained again from its first epoch.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import JournalError
from toolkit.leaderboard.keeping import final_costs, surplus
from toolkit.pruning import known_files
from toolkit.runs import Project, Search, SearchFolder, Status, find_searches, has_begun, load_search
from toolkit.runs.journal import is_being_written, owner
from toolkit.runs.status import ENDED_WELL

MODELS, STATES, RAY, SUPERSEDED = "models", "states", "files of Ray", "superseded files"
"""Kinds of leftovers, in words."""


@dataclass(frozen=True)
class Leftover:
    """A file or a folder that may go.

    Attributes:
        kind: one of the kinds above.
        trial: whose model it is; None where it is none.
    """

    kind: str
    path: Path
    bytes: int
    trial: int | None = None


@dataclass(frozen=True)
class SearchLeftovers:
    """The leftovers of one search.

    Attributes:
        left_alone: why nothing of it may go; None where it may.
    """

    search: Search
    leftovers: Sequence[Leftover] = ()
    left_alone: str | None = None

    @property
    def bytes(self) -> int:
        return sum(leftover.bytes for leftover in self.leftovers)

    def of_kind(self, kind: str) -> list[Leftover]:
        return [leftover for leftover in self.leftovers if leftover.kind == kind]


def find_leftovers(
    project: Project,
    addresses: Sequence[str] = (),
    *,
    keep_models: int | None = None,
    keep_searches: int = 1,
    unfinished: bool = False,
    unreadable: Callable[[JournalError], None] | None = None,
) -> list[SearchLeftovers]:
    """What could go of the searches that the addresses name, older ones included; of all without any.

    Args:
        keep_models: how many models a search keeps. Unless given, older ones keep the best one's and the
            others all; where it is given the others keep, besides, what `surplus` calls leaders.
        keep_searches: how many of an experiment's finished searches are its newest, from 0.
        unfinished: take what can be made again of searches that have not ended, too.
        unreadable: as of `find_searches`.

    Raises:
        JournalError, NotFoundError: as `find_searches`.
    """
    searches = find_searches(project, addresses, every=True, unreadable=unreadable)
    newest = _newest(searches, keep_searches)
    found = []
    for search in searches:
        if is_being_written(search.folder):
            found.append(SearchLeftovers(search, left_alone=f"is being written by {owner(search.folder)}"))
        elif _may_go_on(search) and not unfinished:
            reason = f"is {search.status} and may go on; --unfinished takes what can be made again"
            found.append(SearchLeftovers(search, left_alone=reason))
        else:
            is_old = not _may_go_on(search) and search.folder.path not in newest
            found.append(SearchLeftovers(search, list(_leftovers(search, project, keep_models, is_old))))
    return found


def superseded_bytes(project: Project, searches: Iterable[Search]) -> int:
    """Bytes of the files that were set aside for these searches."""
    return sum(known_files.size(p) for search in searches for p in known_files.superseded(search, project))


def _may_go_on(search: Search) -> bool:
    """Whether the same command trains something more; a plain training or a baseline begins anew."""
    return search.header.job == "tune" and search.status is not Status.COMPLETED


def _newest(searches: Collection[Search], count: int) -> set[Path]:
    """The folders of the newest finished searches, of each experiment that one of these is of."""
    newest: set[Path] = set()
    for folder in {search.folder.path.parent for search in searches}:
        finished = [search for search in _beside(folder) if not _may_go_on(search)]
        finished.sort(key=lambda search: (search.started, search.id))
        newest |= {search.folder.path for search in finished[len(finished) - min(count, len(finished)) :]}
    return newest


def _beside(folder: Path) -> Iterator[Search]:
    for path in folder.glob("*/journal.jsonl"):
        try:
            if has_begun(SearchFolder(path.parent)):
                yield load_search(path.parent)
        except JournalError:  # told where it is asked for; without it, one more search counts as new
            continue


def _leftovers(search: Search, project: Project, keep: int | None, is_old: bool) -> Iterator[Leftover]:
    for trial in sorted(search.runs):
        ended = search.runs[trial].status in ENDED_WELL
        for path in known_files.working_state(search, trial):
            yield _leftover(STATES, path)
        # Before a trial has ended these may yet be its model: the journal does not hold what they hold.
        for path in known_files.epoch_models(search, trial) if ended else ():
            yield _leftover(STATES, path)
    for trial in _without_model(search, keep, is_old):
        for path in known_files.model(search, trial):
            yield _leftover(MODELS, path, trial)
    for path in known_files.of_ray(search) if is_old else ():
        yield _leftover(RAY, path)
    for path in known_files.superseded(search, project):
        yield _leftover(SUPERSEDED, path)


def _without_model(search: Search, keep: int | None, is_old: bool) -> list[int]:
    costs = final_costs(search)
    if is_old:
        return surplus(costs, 1 if keep is None else keep, leaders=False)
    return [] if keep is None else surplus(costs, keep)


def _leftover(kind: str, path: Path, trial: int | None = None) -> Leftover:
    return Leftover(kind, path, known_files.size(path), trial)
