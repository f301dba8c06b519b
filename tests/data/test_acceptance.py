"""The embedded data set held against figures of real business names (docs/data-card.md).

Reads `data/business-names` as it was pulled: without it, `dvc pull data.dvc` is what is missing.
"""

import json
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import mean, median

import pytest
from scipy.stats import spearmanr

from tests.data import figures, rival_configurations
from toolkit.data.names import SETS, draw_rows
from toolkit.data.profile import profile_splits
from toolkit.data.splits import check_splits, read_splits

ROOT = Path(__file__).parents[2]
FEW = 1600  # rows on which the real names were measured

EXPECTED_CONFUSIONS = {
    frozenset({"Hotels", "Restaurants"}),
    frozenset({"Dienstleistungen", "Edv"}),
    frozenset({"Autowerkstätten", "Gebrauchtwagen"}),
}

# Accuracy of the classifiers of `rival_configurations` on 1600 real business names with the same
# labels: mean over five stratified folds (shuffled with seed 0), scikit-learn 1.9, November 2026.
REAL_ACCURACIES = {
    "word": [0.8212, 0.85, 0.8856, 0.7912, 0.7762],
    "word, in 3 rows": [0.78, 0.79, 0.8275, 0.7138, 0.7688],
    "word, in 10 rows": [0.6762, 0.6688, 0.7125, 0.6756, 0.66],
    "word 1-2": [0.8312, 0.8556, 0.8819, 0.8112, 0.785],
    "word 2": [0.4031, 0.3662, 0.43, 0.3944, 0.3463],
    "char 1": [0.4181, 0.4588, 0.6456, 0.6306, 0.6038],
    "char 2": [0.8694, 0.855, 0.9244, 0.8819, 0.8788],
    "char 3": [0.8956, 0.9169, 0.94, 0.8944, 0.8856],
    "char 5": [0.8944, 0.915, 0.9362, 0.8825, 0.87],
    "char 2-5": [0.9106, 0.9219, 0.9438, 0.8981, 0.8869],
}


@dataclass(frozen=True)
class Rows:
    texts: list[str]
    labels: list[str]

    def __getitem__(self, part: slice) -> "Rows":
        return Rows(self.texts[part], self.labels[part])

    def __add__(self, other: "Rows") -> "Rows":
        return Rows(self.texts + other.texts, self.labels + other.labels)


@pytest.fixture(scope="module")
def splits() -> dict[str, Rows]:
    read = read_splits(ROOT / "data" / "business-names")
    return {name: Rows(data.texts, data.labels) for name, data in read.items()}


@pytest.fixture(scope="module")
def train(splits: dict[str, Rows]) -> Rows:
    return splits["train"]


@pytest.fixture(scope="module")
def valid(splits: dict[str, Rows]) -> Rows:
    return splits["valid"]


@pytest.fixture(scope="module")
def few(train: Rows) -> Rows:
    return train[:FEW]


def test_sizes(splits: dict[str, Rows]) -> None:
    assert {name: len(rows.texts) for name, rows in splits.items()} == {
        "train": 8000,
        "valid": 2000,
        "test": 2000,
    }
    assert {len(set(rows.labels)) for rows in splits.values()} == {22}


def test_lengths_in_characters(train: Rows) -> None:
    lengths = sorted(map(len, train.texts))
    assert mean(lengths) == pytest.approx(37.1, abs=2)
    assert median(lengths) == pytest.approx(33.5, abs=2)
    assert lengths[int(0.95 * len(lengths))] == pytest.approx(69, abs=8)


def test_long_advertisements_are_not_too_rare(train: Rows) -> None:
    assert mean(len(text) > 85 for text in train.texts) == pytest.approx(0.029, abs=0.01)


def test_tokens(train: Rows) -> None:
    assert mean(len(text.split()) for text in train.texts) == pytest.approx(4.38, abs=0.25)


def test_types(few: Rows) -> None:
    assert len(figures.types(few.texts)) == pytest.approx(3412, rel=0.08)


def test_hapaxes(few: Rows) -> None:
    assert figures.hapax_share_of_types(few.texts) >= 0.77
    assert figures.rows_with_hapax(few.texts) == pytest.approx(0.935, abs=0.03)


def test_heaps_exponent(few: Rows) -> None:
    assert figures.heaps_exponent(few.texts) == pytest.approx(0.844, abs=0.05)


def test_unseen_tokens(few: Rows, valid: Rows) -> None:
    assert figures.unseen_tokens(few.texts, valid.texts) == pytest.approx(0.378, abs=0.04)


def test_names_without_a_cue(splits: dict[str, Rows]) -> None:
    drawn = draw_rows(SETS["business-names"])
    without = {split: sum(not row.has_cue for row in rows) for split, rows in drawn.items()}
    for split, rows in drawn.items():
        assert [row.text for row in rows] == splits[split].texts
        assert 0.03 <= without[split] / len(rows) <= 0.06
    meta = json.loads((ROOT / "data" / "business-names" / "meta.json").read_text(encoding="utf-8"))
    assert meta["without_cue"] == without


def test_duplicates(splits: dict[str, Rows]) -> None:
    texts = list(chain.from_iterable(rows.texts for rows in splits.values()))
    assert len(set(texts)) == len(texts)
    assert figures.near_duplicates(texts) <= 0.03


def test_accuracies_and_confusions_at_1600_rows(few: Rows, train: Rows, valid: Rows) -> None:
    unseen = train[FEW:] + valid
    word = figures.word_classifier().fit(few.texts, few.labels)
    assert word.score(unseen.texts, unseen.labels) == pytest.approx(0.9005, abs=0.03)
    char = figures.char_classifier().fit(few.texts, few.labels)
    predicted = char.predict(unseen.texts).tolist()
    assert mean(map(str.__eq__, unseen.labels, predicted)) == pytest.approx(0.9465, abs=0.015)
    top = [pair for pair, _ in figures.confusions(unseen.labels, predicted)[:5]]
    assert set(top) >= EXPECTED_CONFUSIONS


def test_word_accuracy_at_8000_rows(train: Rows, valid: Rows) -> None:
    word = figures.word_classifier().fit(train.texts, train.labels)
    assert 0.915 <= word.score(valid.texts, valid.labels) <= 0.945


def test_char_accuracy_at_8000_rows(train: Rows, valid: Rows) -> None:
    char = figures.char_classifier().fit(train.texts, train.labels)
    assert 0.945 <= char.score(valid.texts, valid.labels) <= 0.965


def test_ranks_fifty_classifiers_as_real_names_do(few: Rows, valid: Rows) -> None:
    measured = rival_configurations.accuracies((few.texts, few.labels), (valid.texts, valid.labels))
    here = list(chain.from_iterable(measured[features] for features in REAL_ACCURACIES))
    real = list(chain.from_iterable(REAL_ACCURACIES.values()))
    assert len(here) == 50
    assert spearmanr(here, real).statistic >= 0.95


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_embedded_sets_pass_their_own_checks(name: str) -> None:
    splits = read_splits(ROOT / "data" / name)
    assert check_splits(splits["train"], splits["valid"], splits["test"]) == []
    duplicates = profile_splits(name, splits)["duplicates"]
    assert duplicates == {"within_splits": 0, "across_splits": 0, "two_labels": 0}


def test_the_noisy_set_is_harder(train: Rows) -> None:
    noisy = read_splits(ROOT / "data" / "business-names-noisy")
    word = figures.word_classifier().fit(noisy["train"].texts, noisy["train"].labels)
    assert noisy["train"].unique("label") == sorted(set(train.labels))
    assert 0.78 <= word.score(noisy["valid"].texts, noisy["valid"].labels) <= 0.86


def test_the_example_rows_of_the_card_are_in_the_data() -> None:
    card = (ROOT / "docs" / "data-card.md").read_text(encoding="utf-8")
    examples = card.split("```")[1].strip().splitlines()
    rows = set((ROOT / "data" / "business-names" / "train.csv").read_text(encoding="utf-8").splitlines())
    assert len(examples) == 4
    assert rows.issuperset(examples)
