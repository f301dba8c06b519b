"""A toy problem whose labels hang on one word each, and one Ray for all tests of the room."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CUES = {"Bäcker": "Brot", "Maler": "Farbe", "Hotel": "Zimmer"}


def toy_rows(count: int, seed: int) -> list[tuple[str, str]]:
    """(label, text): two made-up words and the label's cue, every text different."""
    rng = random.Random(seed)
    words = ["".join(rng.choice("abdeikmnorst") for _ in range(5)) for _ in range(4 * count)]
    labels = [list(CUES)[i % len(CUES)] for i in range(count)]
    return [(label, f"{words[i]} {CUES[label]} {words[-i - 1]}") for i, label in enumerate(labels)]


def write_csv(path: Path, rows: list[tuple[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["label,text", *(f"{label},{text}" for label, text in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def toy_project(project: Path) -> Path:
    """A project with the toy problem's training and validation files."""
    write_csv(project / "data" / "train.csv", toy_rows(60, seed=1))
    write_csv(project / "data" / "valid.csv", toy_rows(30, seed=2))
    return project


@pytest.fixture
def toy_experiment() -> dict[str, Any]:
    """An experiment file's content with three spaces; one epoch takes milliseconds."""
    return {
        "name": "toy search",
        "data": {"train": "data/train.csv", "valid": "data/valid.csv"},
        "pipeline": {
            "name": "toy",
            "features": {"word": {"embedding_dim": {"choice": [4, 8]}}},
            "head": {
                "type": "TextClassification",
                "pooler": {
                    "type": {"choice": ["gru", "lstm"]},
                    "num_layers": 1,
                    "hidden_size": 8,
                    "bidirectional": False,
                },
            },
        },
        "trainer": {"optimizer": {"type": "adam", "lr": {"loguniform": [0.001, 0.1]}}, "num_epochs": 3},
        "search": {"num_samples": 6, "seed": 1},
        "tracking": {},
    }


@pytest.fixture(scope="session")
def ray_running() -> Iterator[None]:
    """Ray takes seconds to start: the tests of this room share one."""
    from toolkit.hpo.session import ray_session

    with ray_session(workers=2):
        yield
