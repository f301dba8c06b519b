"""Text of unknown origin, such as an error, as a terminal may show it."""


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return "".join(map(_printable, text))


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    return " " if char in "\t\n\r" else repr(char)[1:-1]
