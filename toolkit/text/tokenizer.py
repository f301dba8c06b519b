"""Text -> words."""

import re
import unicodedata

from toolkit.configuration import TokenizerConfiguration
from toolkit.text.cleaning import RULES

# A run of letters, digits and underscores, or one character that is neither that nor white space.
_WORD = re.compile(r"\w+|[^\w\s]")


class Tokenizer:
    """Cleans a text, brings it into Unicode form NFC and splits it into words and punctuation marks."""

    def __init__(self, config: TokenizerConfiguration) -> None:
        self._rules = [RULES[name] for name in config.text_cleaning.rules]

    def __call__(self, text: str) -> list[str]:
        """The words in their order; a text of white space alone has none."""
        for rule in self._rules:
            text = rule(text)
        return _WORD.findall(unicodedata.normalize("NFC", text))
