"""What a data set looks like in numbers: a small record that is compared, committed and depended on."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from toolkit.data.dataset import Dataset
from toolkit.data.splits import read_splits

_DIGITS = 6  # of fractions: enough to tell data sets apart, few enough to read


def profile(folder: str | Path) -> dict[str, Any]:
    """The profile of the files `train.csv`, `valid.csv` and `test.csv` in a folder.

    Raises:
        DataError: a file cannot be read; names each problem with its line.
    """
    return profile_splits(Path(folder).resolve().name, read_splits(folder))


def profile_splits(name: str, splits: Mapping[str, Dataset]) -> dict[str, Any]:
    """Digests, counts, shares per label and lengths, fit for JSON; a function of the rows alone.

    Lengths are in characters and in tokens (runs of letters and digits). Of the duplicates,
    `within_splits` counts rows whose text stood before in their split, `across_splits` distinct texts
    that stand in more than one split, `two_labels` distinct texts under more than one label.
    """
    texts = list(chain.from_iterable(data.texts for data in splits.values()))
    labels = sorted(set(chain.from_iterable(data.labels for data in splits.values())))
    return {
        "name": name,
        "rows": len(texts),
        "labels": labels,
        "characters": _lengths([len(text) for text in texts]),
        "tokens": _lengths([len(_tokens(text)) for text in texts]),
        "duplicates": _duplicates(splits),
        "splits": {split: _profile_split(data) for split, data in splits.items()},
    }


def _profile_split(data: Dataset) -> dict[str, Any]:
    counts = Counter(data.labels)
    return {
        "sha256": data.digest,
        "rows": len(data),
        "shares": {label: round(counts[label] / len(data), _DIGITS) for label in sorted(counts)},
        "characters": _lengths([len(text) for text in data.texts]),
        "tokens": _lengths([len(_tokens(text)) for text in data.texts]),
    }


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _lengths(lengths: Sequence[int]) -> dict[str, float]:
    """Mean, median and the length that 95 % of the rows do not exceed."""
    ordered = sorted(lengths)
    last = len(ordered) - 1
    return {
        "mean": round(sum(ordered) / len(ordered), _DIGITS),
        "median": (ordered[last // 2] + ordered[(last + 1) // 2]) / 2,
        "p95": ordered[-(-95 * len(ordered) // 100) - 1],
    }


def _duplicates(splits: Mapping[str, Dataset]) -> dict[str, int]:
    found_in = Counter(chain.from_iterable(set(data.texts) for data in splits.values()))
    pairs = {pair for data in splits.values() for pair in zip(data.texts, data.labels, strict=True)}
    labels_of = Counter(text for text, _ in pairs)
    return {
        "within_splits": sum(len(data) - len(set(data.texts)) for data in splits.values()),
        "across_splits": sum(count > 1 for count in found_in.values()),
        "two_labels": sum(count > 1 for count in labels_of.values()),
    }
