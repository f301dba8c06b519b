"""An MLflow server's runs, fetched into a copy: the first time all of them, then what is new or unfinished.

MLflow cannot be asked for what has changed. So asked for are: runs that ended since, runs that have not ended
or had not, the trials of searches that are new, changed or not completed (`toolkit sync` may ship one long
after it ended), everything of experiments that are new, and the ids of deleted runs.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from toolkit.errors import TrackerError
from toolkit.leaderboard.sources.mlflow.address import Address
from toolkit.leaderboard.sources.mlflow.copy import Copy, FetchedRun
from toolkit.leaderboard.sources.mlflow.stored import METRIC, PARENT, STATUS, DataInput, Value
from toolkit.trackers.causes import in_words
from toolkit.trackers.mlflow_address import go_to

Progress = Callable[[str], None]
"""Takes a line that replaces the one before; an empty one at the end."""

_A_PAGE = 1000
_EXPERIMENTS_A_QUESTION = 100
_IDS_A_QUESTION = 100
_THREADS = 4
_OVERLAP = 3_600_000
"""Milliseconds before the latest end that are asked for again: clocks of trainings differ."""
_VARIABLES = ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
_DONE = ("FINISHED", "FAILED", "KILLED")


def bring_up_to_date(copy: Copy, address: Address, progress: Progress = lambda line: None) -> None:
    """Fetch what the copy lacks.

    What was fetched before a failure is kept, and is not asked for again.

    Raises:
        TrackerError: the server does not answer, or is no MLflow server.
    """
    try:
        with _told(address), _environment():
            _Fetching(copy, address, progress).run()
    finally:
        progress("")


class _Fetching:
    def __init__(self, copy: Copy, address: Address, progress: Progress) -> None:
        self._copy, self._address, self._progress = copy, address, progress
        self._client = _client(address)
        self._before = copy.known()
        self._known = dict(self._before)
        self._fetched = 0

    def run(self) -> None:
        experiments = dict(self._experiments())
        new = [number for number in experiments if number not in self._copy.experiments()]
        old = [number for number in experiments if number not in new]
        until = self._copy.fetched_until
        if until is None:
            new, old = [*new, *old], []
        self._take(self._runs(new))
        if old and until is not None:
            self._take(self._runs(old, f"attributes.end_time >= {until - _OVERLAP}"))
            self._take(self._runs(old, "attributes.status = 'RUNNING'"))
            self._take(self._runs(old, "attributes.status = 'SCHEDULED'"))
            for some in _chunks([run for run, (status, _) in self._before.items() if status not in _DONE]):
                self._take(self._runs(old, f"attributes.run_id IN ({_quoted(some)})"))
            self._take_searches(old)
        self._copy.forget(self._deleted([*experiments]))
        self._copy.name_experiments(experiments)
        self._copy.complete()

    def _experiments(self) -> Iterator[tuple[str, str]]:
        for page in _pages(
            lambda token: self._client.search_experiments(max_results=_A_PAGE, page_token=token)
        ):
            yield from ((experiment.experiment_id, experiment.name) for experiment in page)

    def _runs(self, experiments: Sequence[str], condition: str = "") -> Iterator[list[Any]]:
        """Pages of active runs of the experiments."""
        from mlflow.entities import ViewType

        return self._search(experiments, condition, ViewType.ACTIVE_ONLY)

    def _deleted(self, experiments: Sequence[str]) -> list[str]:
        from mlflow.entities import ViewType

        pages = self._search(experiments, "", ViewType.DELETED_ONLY)
        return [run.info.run_id for page in pages for run in page]

    def _search(self, experiments: Sequence[str], condition: str, view: int) -> Iterator[list[Any]]:
        for first in range(0, len(experiments), _EXPERIMENTS_A_QUESTION):
            some = list(experiments[first : first + _EXPERIMENTS_A_QUESTION])

            def ask(token: str | None, some: list[str] = some) -> Any:
                return self._client.search_runs(some, condition, view, _A_PAGE, page_token=token)

            yield from _pages(ask)

    def _take_searches(self, experiments: Sequence[str]) -> None:
        """Take toolkit's searches, and the trials of those that are not known to be complete here."""
        searches = list(self._runs(experiments, f"tags.`{METRIC}` LIKE '%'"))
        for run in (run for page in searches for run in page):
            is_same = self._before.get(run.info.run_id) == (run.info.status, run.info.end_time)
            if not is_same or run.data.tags.get(STATUS) != "COMPLETED":
                self._take(self._runs(experiments, f"tags.`{PARENT}` = '{run.info.run_id}'"))
        self._take(searches)

    def _take(self, pages: Iterable[list[Any]]) -> None:
        for page in pages:
            self._fetched += len(page)
            wanted = [run for run in page if self._is_changed(run)]
            self._progress(f"{self._address.name}: {self._fetched} runs looked at")
            if wanted:
                self._copy.keep(list(self._whole(wanted)))
                self._known |= {run.info.run_id: (run.info.status, run.info.end_time) for run in wanted}

    def _is_changed(self, run: Any) -> bool:
        now = run.info.status, run.info.end_time
        return run.info.status not in _DONE or self._known.get(run.info.run_id) != now

    def _whole(self, runs: Sequence[Any]) -> Iterator[FetchedRun]:
        values = self._values(runs)
        for run in runs:
            info, data = run.info, run.data
            yield FetchedRun(
                info.run_id,
                info.experiment_id,
                info.status,
                info.start_time or 0,
                info.end_time or None,
                info.artifact_uri or "",
                data.tags,
                data.params,
                [_data_input(told) for told in (run.inputs.dataset_inputs if run.inputs else [])],
                values[info.run_id],
            )

    def _values(self, runs: Sequence[Any]) -> dict[str, list[Value]]:
        from toolkit.trackers._mlflow_history import RUNS_A_CALL, stored_points

        having: dict[str, list[str]] = defaultdict(list)
        for run in runs:
            for name in run.data.metrics:
                having[name].append(run.info.run_id)
        questions = [
            (name, ids[first : first + RUNS_A_CALL])
            for name, ids in having.items()
            for first in range(0, len(ids), RUNS_A_CALL)
        ]
        found: dict[str, list[Value]] = defaultdict(list)
        with ThreadPoolExecutor(_THREADS) as threads:
            answers = threads.map(
                lambda asked: list(stored_points(self._client, asked[1], asked[0])), questions
            )
            for (name, _), points in zip(questions, answers, strict=True):
                for point in points:
                    found[point.run].append(Value(name, point.step, point.timestamp, point.value))
        return found


def _client(address: Address) -> Any:
    for name, value in (
        # MLflow would try for minutes within one call, and log the traceback of what it raises in the end.
        ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1"),
        ("MLFLOW_HTTP_REQUEST_TIMEOUT", "60"),
        ("MLFLOW_LOGGING_LEVEL", "CRITICAL"),
        ("MLFLOW_DISABLE_TELEMETRY", "true"),
    ):
        os.environ.setdefault(name, value)
    uri = go_to(address.uri)
    try:
        import mlflow
    except ImportError as error:
        raise TrackerError(f"{address.name} is an MLflow server, which needs mlflow: {error}") from error
    return mlflow.MlflowClient(tracking_uri=uri)


def _pages(ask: Callable[[str | None], Any]) -> Iterator[list[Any]]:
    token: str | None = None
    while True:
        page = ask(token)
        yield list(page)
        token = page.token
        if not token:
            return


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + _IDS_A_QUESTION] for first in range(0, len(ids), _IDS_A_QUESTION))


def _quoted(ids: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in ids)


@contextmanager
def _environment() -> Iterator[None]:
    """Leave the environment as it was, for whoever uses MLflow in this process."""
    before = {name: os.environ.get(name) for name in _VARIABLES}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _data_input(told: Any) -> DataInput:
    data = told.dataset
    context = next((tag.value for tag in told.tags if tag.key == "mlflow.data.context"), "")
    return DataInput(context, data.name, data.digest, data.source or "", data.profile or "")


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """What the client raises, as one line."""
    try:
        yield
    except TrackerError:
        raise
    except Exception as error:  # whatever the client raises, of a server that is away or is none
        cause = in_words(error)
        told = cause if address.name in cause else f"{address.name} is no MLflow server, or fails: {cause}"
        raise TrackerError(told) from error
