"""A search in the journals and, through the real mirror, in W&B's offline files."""

import math
from pathlib import Path
from typing import Any

from tests.leaderboard.journals import VALIDATION, Trial, write_search
from toolkit.runs import Project, Search
from toolkit.trackers import mirror

TRAINING = {"path": "data/train.csv", "sha256": "ab12cd34" + "0" * 56, "rows": 8000}
COMMIT = "1a2b3c4d5e" + "0" * 30


def trial(lr: float, *points: dict[str, Any] | float, **ending: Any) -> Trial:
    """A trial with a sampled learning rate and a configuration around it."""
    config = {
        "pipeline": {"name": "names", "head": {"labels": ["Bäckereien", "Hotels"], "pooler": None}},
        "trainer": {"optimizer": {"type": "adam", "lr": lr}, "num_epochs": 3},
    }
    return Trial(points, params={"trainer.optimizer.lr": lr}, config=config, **ending)


TRIALS = (
    trial(
        0.001,
        {"validation_loss": 0.5, "validation_accuracy": 0.75, "validation_fscore__Bäckereien": 1.0},
        {"validation_loss": 0.25, "validation_accuracy": 1.0, "validation_fscore__Bäckereien": 0.5},
        {"validation_loss": 0.75, "validation_accuracy": 0.5, "validation_fscore__Bäckereien": 0.0},
    ),
    trial(1.0, {"validation_loss": math.nan}, {"validation_loss": 0.5, "epoch": 7.5, "_step": 1, "best": 0}),
    trial(0.003, 0.4, status="STOPPED", rung=1, reason="worse than the others at rung 1"),
    trial(0.004, 0.1, status="FAILED", error="Traceback ...\nRuntimeError: out of memory\n"),
    trial(0.005, 0.9, 0.8, status="INTERRUPTED", reason="by the user"),
    trial(0.006, math.inf),
)
"""Ranked 0, 2, 1, 4; 3 has failed, and 5 has no finite loss."""


def mirrored(root: Path, **header: Any) -> Search:
    """The search by its journal in `runs/`, after the mirror has shipped it to `wandb/`."""
    given: dict[str, Any] = {
        "id": "aaaa00000000",
        "experiment": "names",
        "tracking": {"wandb": {}},
        "data": {"training": TRAINING, "validation": VALIDATION},
        "provenance": {"commit": COMMIT, "dirty": True, "host": "a-host"},
        "note": "A note.",
        **header,
    }
    folder = root / "runs" / given["experiment"] / given["id"]
    search = write_search(folder, TRIALS, **given)
    (outcome,) = mirror(search.folder, Project(root, home=root))
    assert outcome.error is None
    return search
