"""Words and punctuation marks of a text."""

import pytest

from toolkit.configuration import TextCleaning, TokenizerConfiguration
from toolkit.text import Tokenizer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller & Söhne GmbH", ["Müller", "&", "Söhne", "GmbH"]),
        ("Maier-Schulz, Dr.", ["Maier", "-", "Schulz", ",", "Dr", "."]),
        ("Mu\u0308ller", ["Müller"]),  # composed: three letters and one mark are four characters
        ("a_1 ½", ["a_1", "½"]),
        ("", []),
        (" \n\u00a0", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert Tokenizer(TokenizerConfiguration())(text) == words


def test_rules_run_in_their_order() -> None:
    text = "&lt;b&gt;Hotel&lt;/b&gt;"

    def words(*rules: str) -> list[str]:
        return Tokenizer(TokenizerConfiguration(text_cleaning=TextCleaning(rules=rules)))(text)

    assert words("fix_html", "html_to_text") == ["Hotel"]
    assert words("html_to_text", "fix_html") == ["<", "b", ">", "Hotel", "<", "/", "b", ">"]
