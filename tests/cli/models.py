"""A project with toy data and an experiment file, for the commands about one model."""

from pathlib import Path
from typing import Any

from tests.training.toy import toy_config, toy_data
from toolkit.configuration import TrainerConfiguration
from toolkit.configuration.yaml_text import to_yaml
from toolkit.data import Dataset
from toolkit.pipeline import Pipeline


def write_project(root: Path, **changes: Any) -> Path:
    """Write train.csv, valid.csv and experiment.yaml; the path of the latter."""
    _write_csv(root / "data" / "train.csv", toy_data(80))
    # Texts of their own: the same text in two splits would be an error.
    valid = toy_data(30, seed=1)
    _write_csv(
        root / "data" / "valid.csv",
        Dataset.from_dict({"text": [f"{text} Nord" for text in valid.texts], "label": valid.labels}),
    )
    experiment: dict[str, Any] = {
        "name": "toy",
        "data": {"train": "data/train.csv", "valid": "data/valid.csv"},
        "pipeline": toy_config(),
        "trainer": {"num_epochs": 6, "cuda_device": -1, "optimizer": {"type": "adam", "lr": 0.02}},
        "tracking": {},
    }
    path = root / "experiment.yaml"
    path.write_text(to_yaml(experiment | changes), encoding="utf-8")
    return path


def train_model(root: Path) -> Path:
    """Write the project and train its pipeline; the path of the model."""
    write_project(root)
    trainer = TrainerConfiguration(optimizer={"type": "adam", "lr": 0.02}, num_epochs=6, cuda_device=-1)
    training = Dataset.from_csv(root / "data" / "train.csv")
    return (
        Pipeline.from_config(toy_config()).train(root / "out", training=training, trainer=trainer).model_path
    )


def _write_csv(path: Path, data: Dataset) -> None:
    path.parent.mkdir(exist_ok=True)
    seen = dict(zip(data.texts, data.labels, strict=True))
    rows = "".join(f'{label},"{text}"\n' for text, label in seen.items())
    path.write_text(f"label,text\n{rows}", encoding="utf-8")
