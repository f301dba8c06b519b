"""Set-ups that are broken in one place, and what a check says of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolkit.configuration.yaml_text import to_yaml
from toolkit.doctor import Setup
from toolkit.doctor.finding import Findings
from toolkit.runs import Project


def said(check: Callable[[Setup], Findings], **environment: str) -> list[tuple[str, str]]:
    """Level and sentence of each finding, in the project of the working directory."""
    return [(str(one.level), one.found) for one in check(Setup(Project.here(), environment))]


def write_experiment(name: str = "toy", **changes: Any) -> Path:
    """A file of `experiments/` in the working directory, and its data."""
    content = {
        "name": name,
        "data": {"train": "data/train.csv", "valid": "data/valid.csv"},
        "pipeline": {
            "name": "toy",
            "features": {"word": {"embedding_dim": 4}},
            "head": {
                "type": "TextClassification",
                "pooler": {"type": "gru", "num_layers": 1, "hidden_size": 8, "bidirectional": False},
            },
        },
        "tracking": {},
        **changes,
    }
    for split in ("train", "valid"):
        path = Path("data") / f"{split}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("label,text\n")
    path = Path("experiments") / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(to_yaml(content), encoding="utf-8")
    return path
