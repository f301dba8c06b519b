"""How a text becomes words: which cleaning rules run over it first."""

from dataclasses import dataclass, field

from toolkit.configuration.schema import InvalidField, names, nearest, nest, put

# The rules themselves are functions in toolkit/text/cleaning.py; a test holds the two lists together.
CLEANING_RULES = ("strip_spaces", "collapse_spaces", "fix_html", "html_to_text")


@dataclass(frozen=True, kw_only=True)
class TextCleaning:
    """Rules that run over a text, in this order, before it is split into words."""

    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        put(self, "rules", names(self, "rules"))
        for position, rule in enumerate(self.rules):
            if rule not in CLEANING_RULES:
                raise InvalidField(
                    f"rules.{position}", f"{rule!r} is no cleaning rule{nearest(rule, CLEANING_RULES)}"
                )


@dataclass(frozen=True, kw_only=True)
class TokenizerConfiguration:
    """Splits a text into words and single punctuation marks, after cleaning it."""

    text_cleaning: TextCleaning = field(default_factory=TextCleaning)

    def __post_init__(self) -> None:
        nest(self, "text_cleaning", TextCleaning)
