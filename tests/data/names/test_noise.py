import pytest

from toolkit.data.names.drawing import Draw
from toolkit.data.names.noise import directory_case, merge, misspell, one_legal_form, shorten


def test_directory_case() -> None:
    assert directory_case("  KFZ-Werkstatt  Müller E.V. GmbH") == "Kfz-werkstatt Müller E.v. Gmbh"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Handelsgesellschaft Mbh Gmbh & Co", "Handelsgesellschaft Mbh & Co"),
        ("Bauges. Mbh Kg Klein", "Bauges. Mbh Klein"),
        ("Klein Gmbh", "Klein Gmbh"),
    ],
)
def test_one_legal_form(text: str, kept: str) -> None:
    assert one_legal_form(text) == kept


def test_misspelling_changes_one_place_and_never_the_first_letter() -> None:
    draw = Draw("typos")
    spelt = {misspell("Malermeister", draw) for _ in range(300)}
    assert len(spelt) > 20
    assert {word[0] for word in spelt} == {"M"}
    assert {len(word) - len("Malermeister") for word in spelt} == {-1, 0, 1}


@pytest.mark.parametrize("text", ["", "A", "A B", "1 2 3"])
def test_nothing_to_misspell(text: str) -> None:
    assert misspell(text, Draw("x")) == text


def test_merging_overwrites_the_begin_of_a_long_word() -> None:
    merged = {merge("Abt Malermeister", "Uwe", Draw(str(seed))) for seed in range(40)}
    assert "Abt Malermeister" in merged  # a short word is left alone
    damaged = merged - {"Abt Malermeister"}
    assert damaged
    assert all(text.startswith("Abt Uwe") and "Malermeister".endswith(text[7:]) for text in damaged)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Bau Und Putz", "Bau U. Putz"),
        ("Handelsgesellschaft Klein", "Handelsges. Klein"),
        ("Klein", "Klein"),
    ],
)
def test_shorten(text: str, short: str) -> None:
    assert shorten(text) == short
