"""An MLflow store as a source of runs, whatever it lies in."""

import gc
import hashlib
import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.index import answer
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.sources.mlflow.address import address_of
from toolkit.leaderboard.sources.mlflow.connection import SqliteConnection, connected
from toolkit.leaderboard.sources.mlflow.copy import Copy
from toolkit.leaderboard.sources.mlflow.database import DatabaseStore
from toolkit.leaderboard.sources.mlflow.folder import FolderStore
from toolkit.leaderboard.sources.mlflow.grouping import Group
from toolkit.leaderboard.sources.mlflow.plan import Talk, planned
from toolkit.leaderboard.sources.mlflow.searches import search_of
from toolkit.leaderboard.sources.mlflow.server import Progress, bring_up_to_date
from toolkit.leaderboard.sources.mlflow.stored import Record, Store
from toolkit.leaderboard.sources.mlflow.top import top
from toolkit.leaderboard.sources.source import Source
from toolkit.runs import Project, Search, SearchHeader

Planned = tuple[Group, SearchHeader]
_AT_ONCE = 1000
"""Runs of small searches that are read together."""


class MlflowSource:
    """The store at an address.

    Args:
        address: `sqlite:///FILE`, `postgresql://...`, `mysql://...`, `http://...`, a folder or a file.
        warn: takes a line for people, such as what was left out.
        copies: folder of the copies of servers; None for no copy that lasts.
        progress: takes lines while a server is asked, each in place of the one before.

    Raises:
        NotFoundError: there is no such file or folder.
        ConfigurationError: it is no address of an MLflow store.
    """

    def __init__(
        self,
        address: str,
        warn: Talk = lambda line: None,
        copies: Path | None = None,
        progress: Progress = lambda line: None,
    ) -> None:
        self._address, self._warn = address_of(address), warn
        self._copies, self._progress = copies, progress
        self.name = self._address.name

    def searches(self, metric: str | None = None, mode: str | None = None) -> Iterator[Search]:
        """The searches of the store, whole, one at a time; by which rules is said in docs/sources.md.

        Args:
            metric, mode: what ranks the runs that toolkit did not write.

        Raises:
            TrackerError: the store cannot be read.
            ConfigurationError: no run declares a metric and none is given, or its direction is not known.
        """
        with self._opened() as store:
            plan = planned(store, store.sketches(), self._address.identity, metric, mode, self._warn)
            rest = iter(plan)
            while some := list(_of_about(_AT_ONCE, rest)):
                records = store.records([sketch for group, _ in some for sketch in group.runs])
                for group, header in some:
                    own: Iterator[Record] = itertools.islice(records, len(group.runs))
                    yield search_of(group, header, own, self.name)

    def top(self, count: int, metric: str | None = None, mode: str | None = None) -> list[Table]:
        """The first `count` runs of each leaderboard; of a database without reading the others' records.

        Leaders that were trained again on fresh seeds are left out, as wherever nobody names them.

        Raises:
            TrackerError: the store cannot be read.
            NotFoundError: no run reports `metric`.
            ConfigurationError: no run declares a metric and none is given, or its direction is not known.
        """
        with self._opened() as store:
            if isinstance(store, DatabaseStore):
                with _keeping_garbage():
                    return top(store, self._address.identity, count, metric, mode, self._warn)
        searches = [search for search in self.searches(metric, mode) if not search.confirms]
        return answer(searches, Question(metric, mode, top=count, unranked=0))

    @contextmanager
    def _opened(self) -> Iterator[Store]:
        if self._address.kind == "folder":
            yield FolderStore(self._address)
        elif self._address.kind == "server":
            with closing(Copy(self._copy_file())) as copy:
                bring_up_to_date(copy, self._address, self._progress)
                yield DatabaseStore(SqliteConnection(copy.connection, self._address), self._address)
        else:
            with connected(self._address) as connection:
                yield DatabaseStore(connection, self._address)

    def _copy_file(self) -> Path | None:
        digest = hashlib.sha256(self._address.identity.encode()).hexdigest()[:12]
        return None if self._copies is None else self._copies / f"{digest}.db"


@contextmanager
def _keeping_garbage() -> Iterator[None]:
    """Without the collector, which would walk the sketches of all runs again and again for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def opened(address: str, project: Project, asked: Asked) -> MlflowSource:
    """The store at the address; copies of servers are kept below the project's runs."""
    return MlflowSource(
        address,
        warn=lambda line: asked.talk(f"Warning: {line}"),
        copies=project.runs / ".mlflow-copies",
        progress=asked.progress,
    )


def from_mlflow(address: str, project: Project, asked: Asked) -> Source:
    """Everything in the store at the address.

    Raises:
        NotFoundError: there is no such file or folder.
        TrackerError: the store cannot be read.
        ConfigurationError: it is no address, or no run declares a metric and none is given.
    """
    source = opened(address, project, asked)
    return Source(f"mlflow {source.name}", list(source.searches(asked.metric, asked.mode)))


def _of_about(size: int, plan: Iterator[Planned]) -> Iterator[Planned]:
    """The next searches, until they have so many runs together."""
    runs = 0
    for group, header in plan:
        yield group, header
        runs += len(group.runs)
        if runs >= size:
            return
