"""A run as Weights & Biases tells it: the same from its offline files and over its API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.runs import Status


@dataclass
class WandbRun:
    """One run of a project of W&B.

    Attributes:
        config: nested, as its user gave it.
        note: what our mirror says of how the run ended (`toolkit` in the summary); empty for foreign runs.
        rows: its history; name -> value, `_step` and `_timestamp` (seconds) among them.
        started: UTC milliseconds.
        status: what W&B itself knows of its end.
        group, job, notes: as W&B has them.
    """

    id: str
    project: str
    config: dict[str, Any] = field(default_factory=dict)
    note: Mapping[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    started: int = 0
    status: Status = Status.RUNNING
    group: str = ""
    job: str = ""
    notes: str = ""

    def time_of(self, row: Mapping[str, Any]) -> int:
        """UTC milliseconds of a row of the history; those of the run's begin where it does not say."""
        seconds = row.get("_timestamp")
        return round(seconds * 1000) if isinstance(seconds, int | float) else self.started


OWN_NAMES = frozenset({"_step", "_runtime", "_timestamp", "_wandb"})
"""What W&B writes into each row of a history by itself."""
