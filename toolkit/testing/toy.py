"""A small journal that holds what real ones may: every status, and metrics that are no plain numbers."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.runs import JournalWriter, SearchFolder, SearchHeader, Status
from toolkit.runs.layout import run_id

ODD_METRICS: dict[str, Any] = {
    "nan": math.nan,
    "inf": math.inf,
    "minus_inf": -math.inf,
    "whole": 7,
    "beyond_floats": 2**53 + 1,
    "beyond_64_bits": 2**70,
    "huge": 10**400,
    "tiny": 5e-324,
    "minus_zero": -0.0,
    "flag": True,
    "text": "gut",
    "no_text": "",
    "nothing": None,
    "some": [1, 2.5],
    "none_of_them": [],
    "nested": {"a": {"b.c": [1, None, math.nan]}, "ä": "🙂"},
    "empty": {},
    # Names: odd characters, long ones, ones that two services might take for one, ones that a service keeps.
    "$größe!": 1.5,
    "🙂": 2.5,
    "k" * 300: 3.5,
    "with.dots": 4.5,
    "with/slashes": 5.5,
    " with spaces ": 6.5,
    "star*": 7.5,
    "training/loss": 8.5,
    "odd$": 9.5,
    "odd!": 10.5,
    "Odd!": 11.5,
    "odd_-" + "a" * 8: 12.5,
    "_step": 13.5,
    "_timestamp": 14.5,
    "metric_step": 15.5,
    "epoch": 16.5,
    "end": "a text",
    "params": "another text",
    "lineage": 17.5,
}
ODD_PARAMS: dict[str, Any] = {
    "pipeline.größe": "Maß",
    "pipeline.long": "x" * 10_000,
    "pipeline." + "k" * 300: 1,
    "trainer.$odd!": "🙂",
    "trainer.odd$": 1,
    "trainer.odd!": 2,
    "trainer.off": False,
    "trainer.zero": 0.0,
    "trainer.nothing": None,
    "trainer.none_of_them": [],
    "trainer.empty": {},
    "trainer.nested": {"a": [1, {"b": None}]},
    "trainer.nan": math.nan,
    "trainer.inf": math.inf,
    "trainer.huge": 10**400,
    "trainer.no_text": "",
    "🙂": 1,
    **{f"many.p{number:03d}": number for number in range(500)},
}


def toy_header(search_id: str = "0123456789ab", experiment: str = "toy names", **fields: Any) -> SearchHeader:
    """The record of a search over `lr` by `validation_loss`; `fields` replace some of it."""
    standard: dict[str, Any] = {
        "id": search_id,
        "experiment": experiment,
        "metric": "validation_loss",
        "mode": "min",
        "seed": 42,
        "num_trials": 3,
        "spec": {"trainer": {"optimizer": {"lr": {"loguniform": [0.001, 0.01]}}}},
        "data": {
            "training": {"path": "data/toy/train.csv", "sha256": "ab" * 32, "rows": 100},
            "validation": {"path": "data/toy/valid.csv", "sha256": "cd" * 32, "rows": 20},
        },
        "labels": ["Ärzte", "Edv"],
        "provenance": {
            "commit": "f" * 40,
            "branch": "main",
            "dirty": False,
            "remote": "https://example.org/toy.git",
            "versions": {"toolkit": "0.1.0"},
            "host": "here",
            "command": "toolkit tune experiments/toy.yaml",
        },
        "tracking": {},
        "note": "A toy search.",
    }
    return SearchHeader(**{**standard, **fields})


class ToyJournal:
    """Writes the journal of a toy search, trial by trial, as a driver would.

    Args:
        folder: of the search; its journal is begun here.
    """

    def __init__(self, folder: Path, header: SearchHeader) -> None:
        self.folder, self.header = SearchFolder(folder), header
        self.writer = JournalWriter(self.folder)
        if self.folder.journal.stat().st_size == 0:
            self.writer.append("search", **header.to_record())

    def trial(self, number: int, params: Mapping[str, Any] | None = None) -> None:
        """Begin a trial."""
        sampled = {"trainer.optimizer.lr": 0.001 * (number + 1)} if params is None else dict(params)
        config = {
            "pipeline": {"name": "toy", "head": {"type": "TextClassification", "labels": ["Ärzte", "Edv"]}},
            "trainer": {"optimizer": {"type": "adam", "lr": 0.001 * (number + 1)}, "num_epochs": 3},
        }
        run = run_id(self.header.id, number)
        self.writer.append("trial", number, run=run, params=sampled, config=config, seed=number)

    def points(self, number: int, epochs: range, extra: Mapping[str, Any] | None = None) -> None:
        """Report these epochs; the losses fall with the epoch and rise with the number."""
        for epoch in epochs:
            metrics = {
                "training_loss": 1 / (epoch + 1) + number / 10,
                "validation_loss": 1.1 / (epoch + 1) + number / 10,
                "validation_fscore__Ärzte": 0.1 * (epoch + 1),
                **(extra or {}),
            }
            self.writer.append(
                "point", number, epoch=epoch, step=100 * (epoch + 1), metrics=metrics, seconds=0.5
            )

    def change(self, number: int, epoch: int, params: Mapping[str, Any]) -> None:
        """Train with other values of these parameters from an epoch on."""
        self.writer.append("params", number, epoch=epoch, params=dict(params))

    def end(self, number: int, status: Status = Status.COMPLETED, **fields: Any) -> None:
        """End a trial."""
        self.writer.append("end", number, status=status, **fields)

    def artifact(self, name: str, file: str, content: str, trial: int | None = None) -> None:
        """Write a file into the search's folder and tell of it."""
        (self.folder.path / file).write_text(content, encoding="utf-8")
        self.writer.append("artifact", trial, name=name, path=file)

    def close(self, status: Status = Status.COMPLETED, best_trial: int | None = 0) -> None:
        """End the search and let go of the journal."""
        self.writer.append("end", status=status, best_trial=best_trial)
        self.writer.close()


def write_toy_journal(folder: Path, header: SearchHeader) -> SearchFolder:
    """A whole search of four trials: completed, stopped, failed, and one with odd metrics and params."""
    journal = ToyJournal(folder, header)
    journal.trial(0)
    journal.trial(1)
    journal.points(0, range(3))
    journal.points(1, range(1))
    journal.end(0)
    journal.end(1, Status.STOPPED, rung=1, reason="worse than the others at rung 1")
    journal.trial(2)
    journal.end(2, Status.FAILED, reason="ValueError: no", error="Traceback ...\nValueError: no\n")
    journal.trial(3, ODD_PARAMS)
    journal.points(3, range(2), extra=ODD_METRICS)
    journal.end(3)
    journal.artifact("leaderboard", "leaderboard.csv", "rank,run\n1,0\n")
    journal.artifact("model", "model.tar.gz", "not really a model\n", trial=0)
    journal.artifact("best_config", "best_config.json", json.dumps({"trainer": {"num_epochs": 3}}))
    journal.close()
    return journal.folder
