"""What a journal says: the search, its runs and their points, folded from the records one by one."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from toolkit.errors import JournalError
from toolkit.runs.layout import SearchFolder, run_id, trial_model
from toolkit.runs.records import Record, read_journal
from toolkit.runs.status import Status
from toolkit.runs.values import dumps

_NoneType = type(None)
_HEADER_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "experiment", "job", "metric", "mode", "trials", "note"), (str,)),
    **dict.fromkeys(("seed", "num_trials"), (int, _NoneType)),
    **dict.fromkeys(("spec", "data", "provenance", "tracking"), (dict,)),
    "labels": (list,),
    "code": (str, _NoneType),
}


@dataclass(frozen=True)
class SearchHeader:
    """The first record of a journal: what the search is, complete enough to run it again.

    Attributes:
        id: the search id: 12 hex digits of its digest, with `r2`, `r3`, ... behind it for a repetition.
        experiment: the name shared with MLflow's experiment, W&B's project and Ray.
        job: what made it: tune, train, baseline, or ray for results that were taken in.
        metric: name of the metric that ranks its runs.
        mode: min or max.
        seed: of the search; trials derive theirs from it.
        num_trials: how many trials are planned.
        spec: the resolved experiment: pipeline and trainer (search spaces inside), search, vocabulary.
        data: role (training, validation) -> {path, sha256, rows}.
        labels: the sorted label set.
        code: digest of the code that trains; None in a journal of a version that did not write it.
        provenance: commit, branch, dirty, remote, versions, processor, host, command (see `provenance`).
        tracking: tracker name -> its options.
        trials: folder of the trials, absolute or relative to the search's folder.
        note: one sentence for the trackers' pages.
    """

    id: str
    experiment: str
    metric: str
    mode: str
    job: str = "tune"
    seed: int | None = None
    num_trials: int | None = None
    spec: dict[str, Any] = field(default_factory=dict)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    code: str | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    tracking: dict[str, dict[str, Any]] = field(default_factory=dict)
    trials: str = "trials"
    note: str = ""

    @property
    def confirms(self) -> list[str]:
        """The runs whose configurations it trains again on fresh seeds; none, unless it confirms leaders."""
        told = self.spec.get("confirms")
        return [str(about.get("run")) for about in told] if isinstance(told, list) else []

    def to_record(self) -> dict[str, Any]:
        """The fields of the journal's first line."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_record(cls, record: Record) -> "SearchHeader":
        """Raises ValueError where a field is missing or is not what it must be."""
        required = {f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING}
        given = [f.name for f in fields(cls) if f.name in record.body or f.name in required]
        header = cls(**{name: _field(record, name, *_HEADER_TYPES[name]) for name in given})
        if header.mode not in ("min", "max"):
            raise ValueError(f"its mode is {header.mode!r}, neither min nor max")
        if not all(isinstance(about, dict) for about in header.data.values()):
            raise ValueError("its data must describe each file by a dictionary")
        of_files = [about.get(name) for about in header.data.values() for name in ("sha256", "path")]
        if not all(isinstance(text, str | None) for text in of_files):
            raise ValueError("sha256 and path of its data must be text")
        if not all(isinstance(label, str) for label in header.labels):
            raise ValueError("its labels must be text")
        return header


@dataclass(frozen=True)
class Point:
    """A reported epoch that counts.

    Attributes:
        epoch: from 0.
        step: optimiser updates since the run began, at the end of the epoch.
        metrics: name -> value; floats may be NaN or infinite, values need not be numbers.
        t: UTC milliseconds of the report: the timestamp that every tracker gets.
        seconds: wall time of the epoch; None when nobody measured it.
        last: the training ended with this epoch by its own rules.
    """

    epoch: int
    step: int
    metrics: dict[str, Any]
    t: int
    seconds: float | None = None
    last: bool = False


@dataclass(frozen=True)
class ParamChange:
    """Hyperparameters that a run has other values of from an epoch on.

    Attributes:
        epoch: the first one, counted from 0, that is trained with them.
        params: dotted path -> new value, of those that changed.
        t: UTC milliseconds of the change.
    """

    epoch: int
    params: dict[str, Any]
    t: int


@dataclass
class Run:
    """The record of one training.

    Attributes:
        params: the sampled hyperparameters: dotted path -> value, as the run began with them.
        changes: what became of them on the way, in order.
        config: the resolved configuration: {"pipeline": ..., "trainer": ...}.
        rung: the epoch (counted from 1) at which the scheduler stopped it.
        reason: why it ended, in words; None when it completed.
        error: the traceback of a failed run.
        started, ended: UTC milliseconds.
        origin: the provenance of the call that began it: the search's own, or that of a resume.
        provisional: epochs trained before it is decided whether the run goes on to them.
    """

    run_id: str
    trial: int
    params: dict[str, Any]
    config: dict[str, Any]
    started: int
    seed: int | None = None
    status: Status = Status.RUNNING
    rung: int | None = None
    reason: str | None = None
    error: str | None = None
    ended: int | None = None
    points: list[Point] = field(default_factory=list)
    provisional: list[Point] = field(default_factory=list)
    origin: dict[str, Any] = field(default_factory=dict)
    changes: list[ParamChange] = field(default_factory=list)

    @property
    def known(self) -> list[Point]:
        """All epochs that were trained, those that are provisional last."""
        return self.points + self.provisional


@dataclass(frozen=True)
class Artifact:
    """A file that trackers get: of a run, or of the search when `trial` is None.

    Attributes:
        name: what it is: model, leaderboard, best_config, ...
        path: absolute, or relative to the search's folder.
    """

    name: str
    path: str
    trial: int | None
    sha256: str | None = None


@dataclass
class Search:
    """One search as its journal tells it."""

    header: SearchHeader
    folder: SearchFolder
    started: int
    status: Status = Status.RUNNING
    ended: int | None = None
    runs: dict[int, Run] = field(default_factory=dict)
    artifacts: list[Artifact] = field(default_factory=list)
    best_trial: int | None = None
    dropped_models: dict[int, str] = field(default_factory=dict)
    """Trial -> why its model was dropped."""
    offset: int = 0
    origin: dict[str, Any] = field(default_factory=dict)
    """The provenance of the call that goes on with it; the header has that of the one that began it."""

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def experiment(self) -> str:
        return self.header.experiment

    @property
    def confirms(self) -> list[str]:
        """The runs whose configurations it trains again on fresh seeds; none, unless it confirms leaders."""
        return self.header.confirms

    def model(self, trial: int) -> Path:
        """The archive with the best epoch's weights of a trial, wherever the trials were kept."""
        return trial_model(self.folder.path / self.header.trials, trial)

    def file_of(self, artifact: Artifact) -> Path | None:
        """The file that the journal told of; None where it is gone, or another one by now.

        Results of one experiment lie at one place, whichever of its searches wrote them last. So a trial's
        model is looked for where it was trained.
        """
        places = [self.folder.path / artifact.path]
        if artifact.name == "model" and artifact.trial is not None:
            places.insert(0, self.model(artifact.trial))
        for path in places:
            if path.is_file() and artifact.sha256 in (None, file_digest(path)):
                return path
        return None

    def first(self, count: int) -> "Search":
        """The same search as if it had only its first `count` trials."""
        header = replace(self.header, num_trials=count)
        return replace(self, header=header, runs={n: run for n, run in self.runs.items() if n < count})

    def apply(self, record: Record) -> None:
        """Take one more record in; kinds that this version does not know change nothing.

        Raises:
            JournalError: the record says what cannot be; the message names the file and the byte.
        """
        take = _HANDLERS.get(record.kind)
        if take is not None:
            try:
                take(self, record)
            except ValueError as error:
                raise _unusable(self.folder, record, error) from error
        self.offset = record.end


def file_digest(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    import hashlib  # loads OpenSSL, which nothing that ranks needs

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_search(folder: SearchFolder | Path) -> Search:
    """The search whose journal lies in `folder`.

    Raises:
        JournalError: there is no journal, it is empty, or it cannot be read.
    """
    folder = folder if isinstance(folder, SearchFolder) else SearchFolder(folder)
    return fold(folder, read_journal(folder.journal))


def fold(folder: SearchFolder, records: Iterable[Record]) -> Search:
    """The search that the records tell of; the first one must be the search's own."""
    search: Search | None = None
    for record in records:
        if search is not None:
            search.apply(record)
        elif record.kind == "search":
            try:
                header = SearchHeader.from_record(record)
            except ValueError as error:
                raise _unusable(folder, record, error) from error
            search = Search(header, folder, started=record.t, offset=record.end, origin=header.provenance)
        else:
            raise JournalError(f"{folder.journal} begins with a {record.kind!r} record, not with 'search'")
    if search is None:
        raise JournalError(f"{folder.journal} is empty: its search has not begun")
    return search


def _unusable(folder: SearchFolder, record: Record, error: ValueError) -> JournalError:
    return JournalError(
        f"{folder.journal}, before byte {record.end}: unusable {record.kind!r} record ({error}); "
        "restore the file, or cut it off before this line"
    )


def _field(record: Record, name: str, *kinds: type) -> Any:
    value = record.body.get(name)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join("null" if kind is _NoneType else kind.__name__ for kind in kinds)
        raise ValueError(f"its {name} must be {expected}, it is {value!r:.60}")
    if isinstance(value, int) and value.bit_length() > 63 and name != "seed":
        raise ValueError(f"its {name} must have 64 bits at most")
    return value


def _run_of(search: Search, record: Record) -> Run:
    trial = _trial_of(record)
    if trial not in search.runs:
        raise ValueError(f"trial {trial} has not begun")
    return search.runs[trial]


def _take_trial(search: Search, record: Record) -> None:
    trial = _trial_of(record)
    search.runs[trial] = Run(
        run_id=run_id(search.id, trial),
        trial=trial,
        params=_field(record, "params", dict),
        config=_field(record, "config", dict),
        seed=_field(record, "seed", int, _NoneType),
        started=record.t,
        origin=search.origin,
    )


def _take_params(search: Search, record: Record) -> None:
    run = _run_of(search, record)
    change = ParamChange(_field(record, "epoch", int), _field(record, "params", dict), record.t)
    # An epoch that is trained again says it again.
    if not any(known.epoch > change.epoch or _same(known, change) for known in run.changes):
        run.changes.append(change)


def _same(one: ParamChange, other: ParamChange) -> bool:
    return one.epoch == other.epoch and dumps(one.params) == dumps(other.params)  # NaN equals NaN


def _take_point(search: Search, record: Record) -> None:
    run, point = _run_of(search, record), _point(record)
    if _is_new(point, run.points):
        run.points.append(point)


def _take_provisional(search: Search, record: Record) -> None:
    run, point = _run_of(search, record), _point(record)
    if _is_new(point, run.known):
        run.provisional.append(point)


def _take_accept(search: Search, record: Record) -> None:
    run, last = _run_of(search, record), _field(record, "epoch", int)
    run.points += [point for point in run.provisional if point.epoch <= last]
    run.provisional = [point for point in run.provisional if point.epoch > last]


def _take_withdraw(search: Search, record: Record) -> None:
    _run_of(search, record).provisional.clear()


def _point(record: Record) -> Point:
    return Point(
        epoch=_field(record, "epoch", int),
        step=_field(record, "step", int),
        metrics=_field(record, "metrics", dict),
        t=record.t,
        seconds=_field(record, "seconds", int, float, _NoneType),
        last=bool(_field(record, "last", bool, _NoneType)),
    )


def _is_new(point: Point, known: list[Point]) -> bool:
    """Whether the epoch is not there yet: one that was trained twice counts once."""
    return not known or point.epoch > known[-1].epoch


def _take_end(search: Search, record: Record) -> None:
    status = Status(_field(record, "status", str))
    if record.trial is None:
        search.status, search.ended = status, record.t
        search.best_trial = _field(record, "best_trial", int, _NoneType)
        return
    run = _run_of(search, record)
    run.status, run.ended = status, record.t
    run.rung = _field(record, "rung", int, _NoneType)
    run.reason, run.error = (_field(record, name, str, _NoneType) for name in ("reason", "error"))


def _take_resume(search: Search, record: Record) -> None:
    if record.trial is None:
        search.status, search.ended = Status.RUNNING, None
        num_trials = _field(record, "num_trials", int, _NoneType)
        tracking = _field(record, "tracking", dict, _NoneType)
        search.origin = _field(record, "provenance", dict, _NoneType) or search.origin
        search.header = replace(
            search.header,
            num_trials=search.header.num_trials if num_trials is None else num_trials,
            tracking=search.header.tracking if tracking is None else tracking,
        )
        return
    run = _run_of(search, record)
    run.status, run.ended = Status.RUNNING, None
    run.rung = run.reason = run.error = None


def _take_artifact(search: Search, record: Record) -> None:
    name, path = (_field(record, key, str) for key in ("name", "path"))
    search.artifacts.append(Artifact(name, path, record.trial, _field(record, "sha256", str, _NoneType)))


def _take_drop(search: Search, record: Record) -> None:
    run, name, reason = _run_of(search, record), _field(record, "name", str), _field(record, "reason", str)
    if name == "model":
        search.dropped_models[run.trial] = reason


def _trial_of(record: Record) -> int:
    if record.trial is None:
        raise ValueError("it names no trial")
    return record.trial


_HANDLERS = {
    "trial": _take_trial,
    "params": _take_params,
    "point": _take_point,
    "provisional": _take_provisional,
    "accept": _take_accept,
    "withdraw": _take_withdraw,
    "end": _take_end,
    "resume": _take_resume,
    "artifact": _take_artifact,
    "drop": _take_drop,
}
