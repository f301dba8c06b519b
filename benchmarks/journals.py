"""Journals of as many runs as one likes, as searches with ASHA write them, for benchmarks."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EPOCHS = 3
_T = 1_700_000_000_000
_FIXED = {f"layer{n}": {"size": 2**n, "dropout": 0.1, "bias": True} for n in range(8)}


def write_journals(runs: Path, count: int, searches: int = 100) -> None:
    """Journals of `count` runs in all, in so many experiments of one search each."""
    for number in range(searches):
        size = count // searches + (number < count % searches)
        folder = runs / f"experiment-{number:03d}" / f"{number:012x}"
        folder.mkdir(parents=True)
        with (folder / "journal.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps(record, separators=(",", ":")) + "\n" for record in _records(number, size)
            )


def _records(number: int, size: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(number)
    search_id = f"{number:012x}"
    yield {
        **_head("search", number),
        "id": search_id,
        "experiment": f"experiment-{number:03d}",
        "job": "tune",
        "seed": number,
        "metric": "validation_loss",
        "mode": "min",
        "num_trials": size,
        "spec": {},
        "tracking": {},
        "data": {role: {"path": f"{role}.csv", "sha256": "ab" * 32, "rows": 8000} for role in _ROLES},
        "labels": ["Bäckereien", "Hotels"],
        "provenance": {"commit": "c" * 40, "dirty": False},
    }
    for trial in range(size):
        lr, kind = 10 ** dice.uniform(-4, -1), dice.choice(["gru", "lstm"])
        size_of, drop = dice.choice([32, 64, 128]), dice.uniform(0, 0.5)
        pooler = {"type": kind, "hidden_size": size_of, "num_layers": 1, "bidirectional": True}
        char = {"embedding_dim": 32, "dropout": drop, "encoder": {"type": "gru", "hidden_size": size_of}}
        config = {
            "pipeline": {"name": "names", "features": {"char": char}, "head": {"pooler": pooler, **_FIXED}},
            "trainer": {"optimizer": {"type": "adam", "lr": lr}, "num_epochs": EPOCHS, "batch_size": 16},
        }
        params = {
            "trainer.optimizer.lr": lr,
            "pipeline.head.pooler.type": kind,
            "pipeline.head.pooler.hidden_size": size_of,
            "pipeline.features.char.dropout": drop,
        }
        yield {**_head("trial", number, trial), "run": "", "params": params, "config": config, "seed": trial}
        epochs = EPOCHS if dice.random() < 0.3 else 1
        quality = dice.gauss(0.4, 0.1) + abs(lr - 0.005)
        for epoch in range(epochs):
            loss = quality + dice.uniform(0, 0.3) / (epoch + 1)
            metrics = {
                "training_loss": loss * 0.9,
                "training_accuracy": 1 - loss * 0.3,
                "validation_loss": loss,
                "validation_accuracy": 1 - loss * 0.35,
                "best_validation_loss": loss,
            }
            yield {
                **_head("point", number, trial),
                "epoch": epoch,
                "step": 500 * (epoch + 1),
                "metrics": metrics,
                "seconds": 1.25,
            }
        stopped = epochs < EPOCHS
        ending = {"status": "STOPPED", "rung": 1} if stopped else {"status": "COMPLETED", "rung": None}
        yield {**_head("end", number, trial), **ending, "reason": None, "error": None}
    yield {**_head("end", number), "status": "COMPLETED", "best_trial": 0}


_ROLES = ("training", "validation")


def _head(kind: str, number: int, trial: int | None = None) -> dict[str, Any]:
    head = {"v": 1, "t": _T + number, "kind": kind}
    return head if trial is None else {**head, "trial": trial}
