"""What happens to a name on its way into a directory: casing, short forms, typing and merging errors."""

import re
from dataclasses import dataclass

from toolkit.data.names.drawing import Draw

_SHORT_FORMS = (
    (" Und ", " U. "),
    (" Für ", " F. "),
    ("Gesellschaft", "Ges."),
    ("gesellschaft", "ges."),
    ("-", " - "),
)
_MBH_TWICE = re.compile(r"(Mbh|M\.b\.h\.|Ges\. Mbh) (Gmbh\S*|Ag|Kg|Ug|E\.k\.|Gbr|Ohg|Mbh)\b")
_LETTERS = "aeiounrstlh"


@dataclass(frozen=True)
class Noise:
    """How dirty a data set is; the first two are shares of names."""

    typos: float = 0.012
    merged: float = 0.025  # a first name written into the middle of a word
    bare_factor: float = 1.0  # times the share of names without a cue that the labels give


def directory_case(text: str) -> str:
    """Single spaces, and of each word only the first letter capital: `Gmbh`, `Kfz-werkstatt`."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split())


def one_legal_form(text: str) -> str:
    """Without the second of two legal forms in a row: `Handelsges. Mbh Gmbh` loses its `Gmbh`."""
    return _MBH_TWICE.sub(r"\1", text)


def misspell(text: str, draw: Draw) -> str:
    """With one letter inside a word left out, doubled, replaced, or swapped with the next."""
    places = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if not places:
        return text
    at = draw.one_of(places)
    before, letter, after, rest = text[:at], text[at], text[at + 1], text[at + 2 :]
    kind = draw.between(1, 20)
    if kind <= 7:
        return before + after + rest
    if kind <= 12:
        return before + after + letter + rest
    if kind <= 16:
        return before + letter + letter + after + rest
    return before + draw.one_of(_LETTERS) + after + rest


def merge(text: str, first_name: str, draw: Draw) -> str:
    """With the begin of one longer word overwritten by a first name, as two columns that ran together."""
    words = text.split()
    at = draw.index(len(words))
    word = words[at]
    if len(word) > 5 and word[0].isalpha():
        cut = draw.between(2, max(2, len(word) // 2))
        words[at] = first_name + word[cut:].lower()
    return " ".join(words)


def shorten(text: str) -> str:
    """With the first word that has one in its short form: `U.` for `Und`, `F.` for `Für`."""
    for long, short in _SHORT_FORMS:
        if long in text:
            return text.replace(long, short, 1)
    return text
