import pytest

from toolkit.data.names.drawing import Draw
from toolkit.data.names.grammar import Grammar, Name

RULES = """
# a comment
animal : Löwe Bär
name = 1 Zum {animal} | 1 [Hotel] {animal}
pair = 1 {animal}, {animal}
tail = 1
"""


def drawn(grammar: Grammar, rule: str) -> set[Name]:
    draw = Draw(rule)
    return {grammar.draw(rule, draw) for _ in range(100)}


def test_templates_are_filled_and_cues_noted() -> None:
    assert drawn(Grammar(RULES), "name") == {
        Name("Zum Löwe", False),
        Name("Zum Bär", False),
        Name("Hotel Löwe", True),
        Name("Hotel Bär", True),
    }


def test_a_cue_inside_a_rule_counts_for_the_whole() -> None:
    assert {name.has_cue for name in drawn(Grammar(RULES, "outer = 1 Haus {name}"), "outer")} == {True, False}


def test_one_template_repeats_no_word() -> None:
    assert {name.text for name in drawn(Grammar(RULES), "pair")} == {"Löwe, Bär", "Bär, Löwe"}


def test_later_rules_replace_earlier_ones() -> None:
    assert {name.text for name in drawn(Grammar(RULES, "animal : Hirsch"), "name")} == {
        "Zum Hirsch",
        "Hotel Hirsch",
    }


def test_a_template_may_be_empty() -> None:
    assert drawn(Grammar(RULES), "tail") == {Name("", False)}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("name = 1 {missing}", r"without a definition: \['missing'\]"),
        ("name: Löwe", "not a rule: 'name: Löwe'"),
    ],
)
def test_mistakes_in_rules_are_found_when_they_are_read(rules: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        Grammar(rules)
