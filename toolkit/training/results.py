"""What a training leaves behind."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TrainingResults:
    """The archive with the best epoch's weights, and the metrics of that epoch."""

    model_path: Path
    metrics: dict[str, float]
