"""A small data set that a small model learns in an epoch or two, and its configuration."""

import random
from typing import Any

from toolkit.configuration import TrainerConfiguration, VocabularyConfiguration
from toolkit.data import Dataset
from toolkit.pipeline import Pipeline
from toolkit.training import Training

WORDS = {
    "Hotels": ["Hotel", "Gasthof", "Pension"],
    "Friseure": ["Friseur", "Haarstudio", "Salon"],
    "Tiefbau": ["Tiefbau", "Straßenbau", "Erdarbeiten"],
}
NAMES = ["Müller", "Huber", "Krone", "am Markt", "GmbH", "& Söhne", "Maier-Schulz"]


def toy_data(rows: int, seed: int = 0) -> Dataset:
    """Rows whose label shows in one of their words."""
    draw = random.Random(seed)
    labels = [draw.choice(sorted(WORDS)) for _ in range(rows)]
    texts = [f"{draw.choice(WORDS[label])} {draw.choice(NAMES)} {draw.randrange(100)}" for label in labels]
    return Dataset.from_dict({"text": texts, "label": labels})


def toy_config(**pooler: Any) -> dict[str, Any]:
    """The dictionary of a pipeline with everything in it, dropout too."""
    return {
        "name": "toy",
        "tokenizer": {"text_cleaning": {"rules": ["strip_spaces"]}},
        "features": {
            "word": {"embedding_dim": 6, "lowercase_tokens": True},
            "char": {
                "embedding_dim": 4,
                "lowercase_characters": True,
                "dropout": 0.2,
                "encoder": {"type": "gru", "num_layers": 1, "hidden_size": 5, "bidirectional": True},
            },
        },
        "head": {
            "type": "TextClassification",
            "pooler": {"type": "gru", "num_layers": 1, "hidden_size": 5, "bidirectional": True} | pooler,
            "feedforward": {"num_layers": 1, "hidden_dims": 8, "activations": ["relu"], "dropout": [0.1]},
        },
    }


def toy_training(*, validate: bool = True, **trainer: Any) -> Training:
    """A training of the toy pipeline that has not begun, on the CPU."""
    train, valid = toy_data(60), toy_data(20, seed=1)
    pipeline = Pipeline.from_config(toy_config())
    pipeline.create_vocabulary(VocabularyConfiguration(datasets=[train]))
    pipeline.use_vocabulary(pipeline.vocab, labels=train.labels)
    config = TrainerConfiguration(**{"num_epochs": 4, "patience": None, "cuda_device": -1} | trainer)
    encoded = pipeline.encode(valid) if validate else None
    return pipeline.start_training(pipeline.encode(train), encoded, config)
