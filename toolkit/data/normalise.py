"""One spelling for one text, the same at training and at prediction.

An `ü` may be one code point or a `u` with a combining diaeresis; they look alike and would be two
different characters to a model. NFC makes them one and changes nothing a reader could see.
"""

import unicodedata

_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Every Unicode space lies below U+3001.
_INVISIBLE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _ZERO_WIDTH


def nfc(text: str) -> str:
    """The text in Unicode normal form C, in which umlauts are one character."""
    return unicodedata.normalize("NFC", text)


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: empty, spaces of any kind, zero-width characters."""
    return not text.strip(_INVISIBLE)


def clean(column: str, value: str) -> str | None:
    """What a field is read as: text and label in NFC, a label without spaces around it, None when blank."""
    if column not in ("label", "text"):
        return value
    if is_blank(value):
        return None
    return nfc(value).strip() if column == "label" else nfc(value)
