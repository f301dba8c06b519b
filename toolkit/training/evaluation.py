"""What a model says about a data set."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from toolkit.nn import TextClassifier
from toolkit.text import EncodedDataset, batches_by_length
from toolkit.training.metrics import confusion_matrix, label_scores, overall
from toolkit.training.tensors import to_inputs

# Texts at once: larger is no faster, and the memory of a thousand characters a text stays small.
BATCH_SIZE = 512


@dataclass(frozen=True, eq=False)
class Outputs:
    """Log-probabilities (N, L) of every text of a data set, in its order."""

    log_probabilities: NDArray[np.float32]

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """(N, L), each row adding up to 1."""
        return np.exp(self.log_probabilities)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(N) the most probable label."""
        return self.log_probabilities.argmax(1)

    def loss(self, gold: NDArray[np.integer]) -> float:
        """Mean cross-entropy, in nats."""
        chosen = self.log_probabilities[np.arange(len(gold)), gold]
        return float(-chosen.astype(np.float64).mean())


def run_model(model: TextClassifier, data: EncodedDataset) -> Outputs:
    """Run the model over the data without dropout and without gradients."""
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    outputs = np.empty((len(data), model.classification.out_features), np.float32)
    with torch.inference_mode():
        for batch in batches_by_length(data, BATCH_SIZE):
            scores = model(to_inputs(batch, device))  # (B, L)
            outputs[batch.rows] = torch.log_softmax(scores, -1).cpu().numpy()
    model.train(was_training)
    return Outputs(outputs)


@dataclass(frozen=True)
class Evaluation:
    """How well a model does on a labelled data set.

    Args:
        metrics: `loss`, `accuracy`, `macro_precision`, `macro_recall` and `macro_fscore`.
        labels: the labels, sorted.
        confusion: a row for each true label, a column for each predicted one, in that order.
        per_label: a dictionary for each label with `label`, `precision`, `recall`, `fscore`, `support`.
    """

    metrics: dict[str, float]
    labels: tuple[str, ...]
    confusion: list[list[int]]
    per_label: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists, for JSON."""
        return asdict(self)


def evaluate(outputs: Outputs, gold: NDArray[np.integer], labels: Sequence[str]) -> Evaluation:
    """Compare what the model said with the labels (N) of the data."""
    confusion = confusion_matrix(gold, outputs.predicted, len(labels))
    scores = label_scores(confusion)
    rows = zip(labels, scores.precision, scores.recall, scores.fscore, scores.support, strict=True)
    return Evaluation(
        metrics={"loss": outputs.loss(gold)} | overall(confusion),
        labels=tuple(labels),
        confusion=confusion.tolist(),
        per_label=[
            {"label": label, "precision": float(p), "recall": float(r), "fscore": float(f), "support": int(n)}
            for label, p, r, f, n in rows
        ],
    )
