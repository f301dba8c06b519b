"""What a tracker must be able to do: eight verbs, which an adapter only translates for its service.

The mirror (`toolkit.trackers.mirror`) reads the journal, decides what is new and calls these verbs; it
also retries. So an adapter raises whatever its service raises, keeps nothing on disk that the journal
does not tell, and may be thrown away and built anew at any moment.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from toolkit.runs import ParamChange, Point, Project, Run, Search, SearchHeader
from toolkit.runs.search import Artifact


class Tracker(Protocol):
    """One search in one service.

    `run` holds everything that was passed of the run so far, the points and changes of this call included. A
    verb may come a second time with the same arguments (after a failure, or after this process was killed):
    the service must then hold everything once, not twice.
    """

    target: str
    """Which store this is: address and project. Another target gets the journal from its beginning."""

    def open(self, search: Search) -> None:
        """The search goes on: make the service hold what `search` holds, with its ended runs ended.

        `search` is the state that was shipped before, perhaps by a process that was killed: a service
        that may have lost part of it (files torn off) writes it again here.
        """

    def begin(self, run: Run) -> None:
        """A run begins, or goes on after it had ended with the points that `run` holds."""

    def log(self, run: Run, points: Sequence[Point]) -> None:
        """The run has these new points, the last ones of `run.points`; called once per run and flush."""

    def change(self, run: Run, changes: Sequence[ParamChange]) -> None:
        """Hyperparameters have other values from an epoch on; these are the last ones of `run.changes`.

        They read back as changes, the values that the run began with as its parameters. An adapter that
        lacks this verb is told of by a line, and the journal alone has the changes.
        """

    def artifact(self, artifact: Artifact, path: Path) -> None:
        """The file at `path`, which exists, belongs to a run, or to the search (`artifact.trial` None)."""

    def end(self, run: Run) -> None:
        """The run has ended with `run.status`, for now or for good."""

    def close(self, search: Search) -> None:
        """The search has ended with `search.status`; return when the service holds all of it."""

    def release(self) -> None:
        """This process goes away: let go of connections and handles; the search may go on without it."""


class TrackerFactory(Protocol):
    """What an adapter's class is called with; `options` stand behind its name under `tracking`."""

    def __call__(self, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> Tracker: ...
