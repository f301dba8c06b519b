"""What a journal does not say by itself about a run: its place, its files, what the trackers have of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.leaderboard.index import rank
from toolkit.leaderboard.ranking import best_point, why_unranked
from toolkit.runs import Point, Run, Search
from toolkit.runs.layout import trial_model, trial_predictions, trial_state
from toolkit.runs.search import fold
from toolkit.runs.secrets import without_credentials
from toolkit.trackers import enabled
from toolkit.trackers.cursor import read_cursors, records_before


@dataclass(frozen=True)
class File:
    """A file or folder that belongs to a run.

    Attributes:
        what: model, state, predictions, event files, changes, or the name of an artifact.
        bytes: its size, of a folder that of all files in it; None where it is not there.
        remark: why it is not there, where that is known.
    """

    what: str
    path: Path
    bytes: int | None
    remark: str | None = None


@dataclass(frozen=True)
class Mirror:
    """What a tracker lacks.

    Attributes:
        store: where it keeps the search; empty where nothing was sent yet.
        unsent: points that the store does not have yet.
    """

    tracker: str
    store: str
    unsent: int


@dataclass(frozen=True)
class AboutRun:
    """One run with what surrounds it.

    Attributes:
        rank: among the runs of its search, by the search's own metric; None without one.
        ranked: how many of them have a rank.
        best: its best epoch by that metric; None without a usable value.
        unranked: why it has no rank.
    """

    search: Search
    run: Run
    rank: int | None
    ranked: int
    best: Point | None
    unranked: str | None
    files: Sequence[File]
    mirrors: Sequence[Mirror]

    @property
    def address(self) -> str:
        return f"{self.search.experiment}@{self.search.id}/{self.run.trial}"


def about_run(search: Search, run: Run) -> AboutRun:
    """Everything about a run of the search."""
    header = search.header
    ranks = {row.trial: row.rank for table in rank([search]) for row in table.rows}
    return AboutRun(
        search=search,
        run=run,
        rank=ranks.get(run.trial),
        ranked=sum(place is not None for place in ranks.values()),
        best=best_point(run, header.metric, header.mode),
        unranked=why_unranked(run, header.metric),
        files=list(_files(search, run)),
        mirrors=mirrors_of(search, run),
    )


def mirrors_of(search: Search, run: Run | None = None) -> list[Mirror]:
    """What each tracker of the search lacks of the run, or of all runs; no tracker is asked for it."""
    points = _points(search, run)
    found = []
    for tracker in enabled(search.header):
        own = read_cursors(search.folder, tracker).own
        sent = points
        if own.offset < search.offset:
            sent = _points(fold(search.folder, records_before(search.folder, own.offset)), run)
        found.append(Mirror(tracker, without_credentials(own.target), points - sent))
    return found


def _points(search: Search, run: Run | None) -> int:
    runs = search.runs.values() if run is None else [r for r in search.runs.values() if r.trial == run.trial]
    return sum(len(run.points) for run in runs)


def _files(search: Search, run: Run) -> Iterator[File]:
    trials = search.folder.path / search.header.trials
    dropped = search.dropped_models.get(run.trial)
    yield file_at("model", trial_model(trials, run.trial), None if dropped is None else f"dropped: {dropped}")
    predictions = trial_predictions(trials, run.trial)
    if predictions.exists():
        yield file_at("predictions", predictions)
    state = trial_state(trials, run.trial)
    if state.exists():
        yield file_at("state", state)
    events = search.folder.tensorboard / f"{run.trial:05d}"
    if events.exists():
        yield file_at("event files", events)
    changes = (run.origin or search.header.provenance).get("diff")
    if isinstance(changes, dict) and isinstance(changes.get("path"), str):
        yield file_at("changes", search.folder.path / changes["path"])
    for artifact in search.artifacts:
        if artifact.trial == run.trial:
            yield file_at(f"artifact {artifact.name}", search.folder.path / artifact.path)


def file_at(what: str, path: Path, remark: str | None = None) -> File:
    """The file with its size; it need not be there."""
    if path.is_dir():
        return File(what, path, sum(f.stat().st_size for f in path.rglob("*") if f.is_file()), remark)
    return File(what, path, path.stat().st_size if path.is_file() else None, remark)
