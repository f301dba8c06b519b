"""Searches for the tests of this room: real journals, written in a few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.runs import JournalWriter, Search, SearchFolder, SearchHeader, load_search

VALIDATION = {"path": "data/valid.csv", "sha256": "3fa9c1d2" + "0" * 56, "rows": 2000}
OTHER_VALIDATION = {"path": "data/other.csv", "sha256": "9bb01e77" + "0" * 56, "rows": 1000}


@dataclass(frozen=True)
class Trial:
    """One trial: the metrics of its epochs (a bare number is the validation loss), and how it ended."""

    points: Sequence[float | Mapping[str, Any]] = ()
    status: str | None = "COMPLETED"
    params: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    rung: int | None = None
    reason: str | None = None
    error: str | None = None


def header(**changes: Any) -> SearchHeader:
    given = {
        "id": "aaaa00000000",
        "experiment": "names",
        "metric": "validation_loss",
        "mode": "min",
        "seed": 42,
        "data": {"validation": VALIDATION},
        "labels": ["Bäckereien", "Hotels"],
        "provenance": {"host": "a-host", "commit": "abc"},
    }
    return SearchHeader(**{**given, **changes})


def write_search(folder: Path, trials: Sequence[Trial], *, ended: bool = True, **changes: Any) -> Search:
    """The search that a journal with these trials tells of."""
    with JournalWriter(SearchFolder(folder)) as journal:
        search = header(**changes)
        journal.append("search", **search.to_record())
        for number, trial in enumerate(trials):
            _write_trial(journal, number, trial)
        if ended:
            journal.append("end", status="COMPLETED")
    return load_search(folder)


def _write_trial(journal: JournalWriter, number: int, trial: Trial) -> None:
    journal.append("trial", number, params=trial.params, config=trial.config, seed=number)
    for epoch, point in enumerate(trial.points):
        metrics = point if isinstance(point, Mapping) else {"validation_loss": point}
        journal.append("point", number, epoch=epoch, step=10 * (epoch + 1), metrics=metrics, seconds=0.5)
    if trial.status is not None:
        ending = {"rung": trial.rung, "reason": trial.reason, "error": trial.error}
        journal.append("end", number, status=trial.status, **ending)
