"""The cleaning rules that a tokenizer can run over a text, by the names that a configuration uses."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

Rule = Callable[[str], str]

_SPACES = re.compile(r"\s+")
# Elements whose content no reader of the page sees.
_HIDDEN = ("script", "style", "template")


def strip_spaces(text: str) -> str:
    """Without white space at both ends."""
    return text.strip()


def collapse_spaces(text: str) -> str:
    """Every run of white space, line breaks too, becomes one space."""
    return _SPACES.sub(" ", text)


def fix_html(text: str) -> str:
    """Character references become the characters: `Kr&auml;mer &amp; Co` is `Krämer & Co`."""
    return html.unescape(text)


def html_to_text(text: str) -> str:
    """What a page shows: without tags, scripts, styles and comments, references resolved."""
    reader = _VisibleText()
    reader.feed(text)
    reader.close()
    return "".join(reader.pieces)


class _VisibleText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


RULES: dict[str, Rule] = {
    rule.__name__: rule for rule in (strip_spaces, collapse_spaces, fix_html, html_to_text)
}
