"""Metrics of a classification, from counts: numpy only, plain numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LabelScores:
    """Precision, recall and F1 of every label (L); 0 where nothing was predicted or nothing is there."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    fscore: NDArray[np.float64]
    support: NDArray[np.int64]


def confusion_matrix(
    gold: NDArray[np.integer], predicted: NDArray[np.integer], labels: int
) -> NDArray[np.int64]:
    """Counts (L, L): a row for each true label, a column for each predicted one."""
    counts = np.bincount(gold.astype(np.int64) * labels + predicted, minlength=labels * labels)
    return counts.reshape(labels, labels)


def label_scores(confusion: NDArray[np.int64]) -> LabelScores:
    """The scores of every label."""
    hits = np.diagonal(confusion).astype(np.float64)
    support, predicted = confusion.sum(1), confusion.sum(0)
    return LabelScores(
        precision=hits / np.maximum(predicted, 1),
        recall=hits / np.maximum(support, 1),
        fscore=2 * hits / np.maximum(support + predicted, 1),
        support=support,
    )


def accuracy(confusion: NDArray[np.int64]) -> float:
    """The share of right predictions."""
    return float(np.trace(confusion) / confusion.sum())


def overall(confusion: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy, and the mean of precision, recall and F1 over the labels.

    A label that is neither in the data nor predicted does not enter the means.
    """
    scores = label_scores(confusion)
    seen = (confusion.sum(0) + confusion.sum(1)) > 0
    return {"accuracy": accuracy(confusion)} | {
        f"macro_{name}": float(getattr(scores, name)[seen].mean())
        for name in ("precision", "recall", "fscore")
    }


def validation_metrics(confusion: NDArray[np.int64], labels: Sequence[str]) -> dict[str, float]:
    """What an epoch reports: the overall metrics and, behind a double underscore, F1 of each label."""
    per_label = zip(labels, label_scores(confusion).fscore, strict=True)
    return {f"validation_{name}": value for name, value in overall(confusion).items()} | {
        f"validation_fscore__{label}": float(score) for label, score in per_label
    }


def metric_names(labels: Sequence[str]) -> list[str]:
    """The names of everything that an epoch with validation data reports, in its order."""
    validation = validation_metrics(np.eye(len(labels), dtype=np.int64), labels)
    return [
        *("training_loss", "training_accuracy", "validation_loss"),
        *validation,
        *("best_validation_loss", "best_epoch"),
    ]
