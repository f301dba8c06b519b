"""A trained model as its archive holds it: configuration, vocabulary, weights, metrics."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import safetensors
import safetensors.torch
from torch import Tensor

from toolkit.configuration import PipelineConfiguration
from toolkit.configuration.yaml_text import from_yaml
from toolkit.errors import ConfigurationError, ModelError
from toolkit.text import Vocabulary
from toolkit.training.archive import CONFIG, METRICS, VOCABULARY, WEIGHTS, read_archive, write_archive


@dataclass(frozen=True, eq=False)
class SavedModel:
    """What is needed to predict with a model, and the metrics of the epoch that its weights are from."""

    config: PipelineConfiguration
    vocabulary: Vocabulary
    weights: Mapping[str, Tensor]
    metrics: Mapping[str, float]

    def write(self, path: str | Path) -> Path:
        """Write `model.tar.gz`: the same model gives the same bytes."""
        weights = {name: value.detach().cpu().contiguous() for name, value in self.weights.items()}
        members = {
            CONFIG: self.config.to_yaml().encode(),
            VOCABULARY: self.vocabulary.to_json().encode(),
            METRICS: metrics_json(self.metrics).encode(),
            WEIGHTS: safetensors.torch.save(weights),
        }
        return write_archive(path, members)

    @classmethod
    def read(cls, path: str | Path) -> "SavedModel":
        """Read what `write` wrote.

        Raises:
            ModelError: no such file, or it is no archive of a model, or it is damaged.
        """
        members = read_archive(path)
        try:
            config = PipelineConfiguration.from_dict(from_yaml(members[CONFIG].decode(), where=CONFIG))
            vocabulary = Vocabulary.from_json(members[VOCABULARY].decode())
            metrics = json.loads(members[METRICS])
            weights = safetensors.torch.load(members[WEIGHTS])
        except (ConfigurationError, ModelError, ValueError, safetensors.SafetensorError) as error:
            raise ModelError(f"{path}: is no model that this version can read: {error}") from None
        return cls(config, vocabulary, weights, metrics)


def metrics_json(metrics: Mapping[str, float]) -> str:
    """The metrics as JSON, one a line, in their order; NaN and infinities are null."""
    return json.dumps(finite(metrics), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def finite(metrics: Mapping[str, float]) -> dict[str, float | None]:
    """The metrics with None for NaN and infinities, which JSON cannot hold."""
    return {name: value if math.isfinite(value) else None for name, value in metrics.items()}
