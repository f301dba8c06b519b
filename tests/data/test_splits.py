import pytest

from toolkit.data import Dataset, check_splits
from toolkit.errors import DataError


def rows(*pairs: tuple[str, str]) -> Dataset:
    return Dataset.from_dict({"label": [label for label, _ in pairs], "text": [text for _, text in pairs]})


def many(label: str, prefix: str, count: int) -> list[tuple[str, str]]:
    return [(label, f"{prefix} {number}") for number in range(count)]


TRAIN = many("Edv", "train edv", 60) + many("Maler", "train maler", 60)
VALID = many("Edv", "valid edv", 60) + many("Maler", "valid maler", 60)


def test_clean_splits_say_nothing() -> None:
    assert check_splits(rows(*TRAIN), rows(*VALID), rows(("Edv", "new"))) == []


def test_one_class_only() -> None:
    with pytest.raises(DataError, match="the training data has one label only, 'Edv'"):
        check_splits(rows(*TRAIN[:60]), rows(*VALID[:60]))


def test_labels_unknown_to_training_are_listed() -> None:
    with pytest.raises(DataError) as caught:
        check_splits(
            rows(*TRAIN), rows(*VALID, ("Koch", "a")), rows(("Edv", "b"), ("Arzt", "c"), ("Zoo", "d"))
        )
    validation, test = str(caught.value).splitlines()
    assert validation.endswith("the training data has not: 'Koch' (row 120)")
    assert test.endswith("'Arzt' (row 1), 'Zoo' (row 2)")


def test_single_examples_and_labels_absent_from_validation_are_warned_about() -> None:
    single, absent = check_splits(rows(*TRAIN, ("Koch", "a")), rows(*VALID))
    assert "single example of 'Koch'" in single
    assert "the validation data has no row of 'Koch'" in absent


def test_one_text_in_two_splits_is_warned_about_and_many_are_refused() -> None:
    (warning,) = check_splits(rows(*TRAIN), rows(*VALID[1:], TRAIN[7]))
    assert "1 of 120 rows (0.8%): row 7 and row 119" in warning
    with pytest.raises(DataError, match=r"shares texts with .*2 of 120 rows .*at most 1% is accepted"):
        check_splits(rows(*TRAIN), rows(*VALID[2:], *TRAIN[:2]))


def test_a_text_of_validation_in_test_counts_too() -> None:
    (warning,) = check_splits(rows(*TRAIN), rows(*VALID), rows(*many("Edv", "test", 199), VALID[0]))
    assert warning.startswith("the test data shares texts with the validation data: 1 of 200")


def test_one_text_under_two_labels() -> None:
    clash = ("Maler", "train edv 3")
    (warning,) = check_splits(rows(*TRAIN, clash), rows(*VALID))
    assert "row 3 ('Edv') and row 120 ('Maler')" in warning
    with pytest.raises(DataError, match="same text stands under two labels: 3 of 6 rows"):
        check_splits(rows(("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")), rows(("b", "z"), ("a", "z")))


def test_of_many_unknown_labels_five_are_named() -> None:
    strange = [(f"Zunft {number}", f"name {number}") for number in range(8)]
    with pytest.raises(DataError) as caught:
        check_splits(rows(*TRAIN), rows(*VALID, *strange))
    [line] = str(caught.value).splitlines()
    assert line.endswith("'Zunft 4' (row 124) and 3 more")
    with pytest.raises(DataError, match=r"'Zunft 4' \(row 124\)$"):
        check_splits(rows(*TRAIN), rows(*VALID, *strange[:5]))
