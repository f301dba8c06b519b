"""Cleaning rules, and that configuration and code know the same ones."""

import pytest

from toolkit.configuration.tokenizer import CLEANING_RULES
from toolkit.text.cleaning import RULES


def test_configuration_and_code_know_the_same_rules() -> None:
    assert set(RULES) == set(CLEANING_RULES)


@pytest.mark.parametrize(
    ("rule", "text", "cleaned"),
    [
        ("strip_spaces", "\t Hotel  Krone\u00a0", "Hotel  Krone"),
        ("collapse_spaces", "Hotel \n\t Krone", "Hotel Krone"),
        ("fix_html", "Kr&auml;mer &amp; Co", "Krämer & Co"),
        ("html_to_text", "<p>Kr&auml;mer <b>&amp;</b> Co<!-- x --></p>", "Krämer & Co"),
        ("html_to_text", "a<script>b < c</script><style>d</style>e", "ae"),
        ("html_to_text", "5 < 6 </p> & 7", "5 < 6  & 7"),
        ("html_to_text", "</script>visible", "visible"),
    ],
)
def test_rule(rule: str, text: str, cleaned: str) -> None:
    assert RULES[rule](text) == cleaned
