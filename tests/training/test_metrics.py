"""Metrics of a classification, held against counting by hand."""

import numpy as np
import pytest

from toolkit.training.metrics import confusion_matrix, label_scores, metric_names, overall, validation_metrics

GOLD = np.array([0, 0, 0, 1, 1, 3])
PREDICTED = np.array([0, 0, 1, 1, 0, 1])
CONFUSION = confusion_matrix(GOLD, PREDICTED, 4)


def test_confusion_has_a_row_for_each_true_label() -> None:
    assert CONFUSION.tolist() == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]


def test_scores_of_each_label() -> None:
    scores = label_scores(CONFUSION)
    np.testing.assert_allclose(scores.precision, [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(scores.recall, [2 / 3, 1 / 2, 0, 0])
    np.testing.assert_allclose(scores.fscore, [2 / 3, 2 / 5, 0, 0])
    assert scores.support.tolist() == [3, 2, 0, 1]


def test_means_leave_out_labels_that_nobody_saw() -> None:
    metrics = overall(CONFUSION)
    assert metrics["accuracy"] == pytest.approx(3 / 6)
    assert metrics["macro_fscore"] == pytest.approx((2 / 3 + 2 / 5 + 0) / 3)  # not a quarter: label 2
    assert metrics["macro_precision"] == pytest.approx((2 / 3 + 1 / 3 + 0) / 3)
    assert metrics["macro_recall"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_names_are_those_of_the_metrics() -> None:
    labels = ["a", "b", "c", "ä b"]
    metrics = validation_metrics(CONFUSION, labels)
    assert metrics["validation_fscore__ä b"] == 0.0
    assert set(metrics) <= set(metric_names(labels))
    assert all(type(value) is float for value in metrics.values())
