"""Fifty plain text classifiers whose ranking on real business names is known.

A data set that ranks classifiers as real names do is a fair playground for a search; a toy is not.
"""

from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.svm import LinearSVC

FEATURES: dict[str, dict[str, Any]] = {
    "word": {},
    "word, in 3 rows": {"min_df": 3},
    "word, in 10 rows": {"min_df": 10},
    "word 1-2": {"ngram_range": (1, 2)},
    "word 2": {"ngram_range": (2, 2)},
    "char 1": {"analyzer": "char", "ngram_range": (1, 1)},
    "char 2": {"analyzer": "char_wb", "ngram_range": (2, 2)},
    "char 3": {"analyzer": "char_wb", "ngram_range": (3, 3)},
    "char 5": {"analyzer": "char_wb", "ngram_range": (5, 5)},
    "char 2-5": {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True},
}


def classifiers() -> list[Any]:
    return [
        MultinomialNB(alpha=0.1),
        ComplementNB(),
        LinearSVC(C=1.0, random_state=0),
        NearestCentroid(),
        KNeighborsClassifier(5, metric="cosine", algorithm="brute"),
    ]


def accuracies(
    train: tuple[list[str], list[str]], valid: tuple[list[str], list[str]]
) -> dict[str, list[float]]:
    """Accuracy on `valid` of the five classifiers for each of the ten features; both are (texts, labels)."""
    measured = {}
    for name, options in FEATURES.items():
        vectorizer = TfidfVectorizer(**options)
        x, unseen = vectorizer.fit_transform(train[0]), vectorizer.transform(valid[0])
        measured[name] = [float(model.fit(x, train[1]).score(unseen, valid[1])) for model in classifiers()]
    return measured
