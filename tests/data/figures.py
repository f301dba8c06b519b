"""The figures by which invented names are held against real ones; each is plain arithmetic on rows."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def types(texts: Sequence[str]) -> Counter[str]:
    return Counter(token for text in texts for token in tokens(text))


def hapax_share_of_types(texts: Sequence[str]) -> float:
    counts = types(texts)
    return sum(count == 1 for count in counts.values()) / len(counts)


def rows_with_hapax(texts: Sequence[str]) -> float:
    counts = types(texts)
    return sum(any(counts[token] == 1 for token in tokens(text)) for text in texts) / len(texts)


def heaps_exponent(texts: Sequence[str], step: int = 50) -> float:
    """Slope of log(types) over log(tokens) as the rows are read, by least squares."""
    seen: set[str] = set()
    read, points = 0, []
    for number, text in enumerate(texts, 1):
        read += len(tokens(text))
        seen.update(tokens(text))
        if number % step == 0:
            points.append((math.log(read), math.log(len(seen))))
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def unseen_tokens(train: Sequence[str], valid: Sequence[str]) -> float:
    seen = set(types(train))
    found = [token for text in valid for token in tokens(text)]
    return sum(token not in seen for token in found) / len(found)


def near_duplicates(texts: Sequence[str], at_least: float = 0.8) -> float:
    """Share of rows whose set of tokens has that Jaccard similarity with a row before."""
    sets = [frozenset(tokens(text)) for text in texts]
    rows_of: dict[str, list[int]] = defaultdict(list)
    found = 0
    for index, own in enumerate(sets):
        # Rows that similar share all but a fifth of their tokens, so one of the rarest is among them.
        rare = sorted(own, key=lambda token: len(rows_of[token]))[: len(own) // 5 + 1]
        candidates = {other for token in rare for other in rows_of[token]}
        found += any(len(own & sets[other]) >= at_least * len(own | sets[other]) for other in candidates)
        for token in own:
            rows_of[token].append(index)
    return found / len(texts)


def word_classifier() -> Pipeline:
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10, max_iter=300))


def char_classifier() -> Pipeline:
    features = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return make_pipeline(features, LogisticRegression(C=10, max_iter=300))


def confusions(labels: Sequence[str], predicted: Sequence[str]) -> list[tuple[frozenset[str], int]]:
    """Unordered pairs of labels that were taken for each other, the most frequent first."""
    pairs: Counter[Any] = Counter(
        frozenset((true, guess)) for true, guess in zip(labels, predicted, strict=True) if true != guess
    )
    return sorted(pairs.items(), key=lambda item: (-item[1], sorted(item[0])))
