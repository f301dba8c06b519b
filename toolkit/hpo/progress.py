"""What a person sees while a search runs: a live table on a terminal, now and then a line elsewhere.

It reads the search's journal as any other reader would, so it costs the search nothing.
"""

import math
import threading
import time
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from toolkit.leaderboard import best_point, best_run
from toolkit.runs import Search, SearchFolder, Status, read_journal
from toolkit.runs.search import fold

_REFRESH_SECONDS = 0.5
_LINE_SECONDS = 15.0
_SHOWN_RUNNING = 4


class Progress:
    """Shows the search whose journal lies in `folder` until the `with` block ends."""

    def __init__(self, folder: SearchFolder, num_trials: int, console: Console) -> None:
        self._folder = folder
        self._num_trials = num_trials
        self._console = console
        self._search: Search | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="progress", daemon=True)

    def __enter__(self) -> "Progress":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        if self._console.is_terminal:
            with Live(console=self._console, refresh_per_second=2, transient=True) as live:
                while not self._over.wait(_REFRESH_SECONDS):
                    live.update(self._view())
        else:
            while not self._over.wait(_LINE_SECONDS):
                self._console.print(self._summary().plain, soft_wrap=True)

    def _read(self) -> Search | None:
        """The search as far as its journal goes by now; None before its first line."""
        if not self._folder.journal.exists():
            return None
        if self._search is None:
            records = list(read_journal(self._folder.journal))
            self._search = fold(self._folder, records) if records else None
        else:
            for record in read_journal(self._folder.journal, self._search.offset):
                self._search.apply(record)
        return self._search

    def _summary(self) -> Text:
        search = self._read()
        return Text("starting") if search is None else summary(search, self._num_trials, time.time())

    def _view(self) -> RenderableType:
        summary = self._summary()
        return summary if self._search is None else Group(summary, _table(self._search))


def _table(search: Search) -> Table:
    """The leading trial and those that run."""
    table = Table(box=None)
    for title in ("trial", "status", "epochs", search.header.metric, "hyperparameters"):
        # Only the hyperparameters, the last column, give way in a narrow window.
        table.add_column(title, no_wrap=True, overflow="ellipsis", min_width=max(len(title), 7))
    best = best_run(search)
    running = [run for run in search.runs.values() if run.status is Status.RUNNING]
    for run in ([best] if best is not None else []) + running[-_SHOWN_RUNNING:]:
        point = best_point(run, search.header.metric, search.header.mode)
        table.add_row(
            str(run.trial),
            "best" if run is best else run.status.lower(),
            str(len(run.points)),
            "-" if point is None else f"{point.metrics[search.header.metric]:.4f}",
            ", ".join(f"{short(path)}={_shown(value)}" for path, value in run.params.items()),
            style="bold" if run is best else None,
        )
    return table


def summary(search: Search, num_trials: int, now: float) -> Text:
    """One line: best so far, how many are done, stopped and failed, and how long it may still take."""
    count = {status: sum(run.status is status for run in search.runs.values()) for status in Status}
    ended = len(search.runs) - count[Status.RUNNING]
    parts = [f"{ended}/{num_trials} trials"]
    for status, style in ((Status.COMPLETED, "done"), (Status.STOPPED, "stopped"), (Status.FAILED, "failed")):
        parts.append(f"{count[status]} {style}")
    best = best_run(search)
    if best is not None:
        point = best_point(best, search.header.metric, search.header.mode)
        assert point is not None
        parts.append(
            f"best {search.header.metric} {point.metrics[search.header.metric]:.4f} (trial {best.trial})"
        )
    parts.append(time_left(now - search.started / 1000, ended, num_trials))
    return Text(f"{search.experiment}: " + ", ".join(parts))


def time_left(elapsed: float, ended: int, planned: int) -> str:
    """How long the rest may take if it goes on as it did, in words."""
    if ended == 0:
        return "time left unknown yet"
    seconds = elapsed / ended * (planned - ended)
    return f"about {seconds:.0f} s left" if seconds < 90 else f"about {math.ceil(seconds / 60)} min left"


def short(path: str) -> str:
    """The last two parts of a dotted path."""
    return ".".join(path.split(".")[-2:])


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
