"""What the charts need of a run beside its row in the leaderboard, and how it comes out of a search."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.runs import Point, Run, Search
from toolkit.runs.layout import trial_predictions

_LOG_SPACES = frozenset({"loguniform", "qloguniform", "lograndint"})
_LINEAR_SPACES = frozenset({"uniform", "quniform", "randint", "normal"})


@dataclass(frozen=True)
class ReportRun:
    """The course of one run.

    Attributes:
        points: its epochs that count, in order; a point at time 0 has no time.
        started, ended: UTC milliseconds; None where nobody recorded them.
        predictions: what its model says of the validation data; None where it was never asked.
    """

    run_id: str
    points: Sequence[Point] = ()
    started: int | None = None
    ended: int | None = None
    predictions: Path | None = None

    @property
    def seconds(self) -> float | None:
        """Of training, over all epochs; None where not every epoch was timed."""
        spent = [point.seconds for point in self.points]
        return sum(each for each in spent if each is not None) if spent and None not in spent else None


def report_runs(searches: Iterable[Search]) -> dict[str, ReportRun]:
    """Run id -> course, of all runs of the searches."""
    return {run.run_id: _course(search, run) for search in searches for run in search.runs.values()}


def _course(search: Search, run: Run) -> ReportRun:
    predictions = trial_predictions(search.folder.path / search.header.trials, run.trial)
    return ReportRun(
        run_id=run.run_id,
        points=run.points,
        started=run.started or None,  # results/ hold no times: 0 stands there
        ended=run.ended,
        predictions=predictions if predictions.is_file() else None,
    )


def sampled_scales(searches: Iterable[Search]) -> dict[str, bool]:
    """Dotted path -> whether its values are sampled on a logarithmic scale, of every space over numbers.

    A path that one search samples so, and another does not, is logarithmic.
    """
    found: dict[str, bool] = {}
    for search in searches:
        for path, is_log in _spaces(search.header.spec, ""):
            found[path] = found.get(path, False) or is_log
    return found


def _spaces(spec: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, bool]]:
    for key, value in spec.items():
        if not isinstance(value, Mapping):
            continue
        kind = next(iter(value)) if len(value) == 1 else None
        if kind in _LOG_SPACES or kind in _LINEAR_SPACES:
            yield f"{prefix}{key}", kind in _LOG_SPACES
        else:
            yield from _spaces(value, f"{prefix}{key}.")
