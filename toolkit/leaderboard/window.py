"""What a leaderboard is printed in: so many columns of text, line by line.

Rich draws tables better and takes longer to load and draw than a million runs take to rank, so the command
that is called all day does without it; whoever has a console of Rich's may print in that.
"""

import os
import sys
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from toolkit.leaderboard.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

_STYLES: dict[str, dict[str, object]] = {
    "": {},
    "bold": {"bold": True},
    "dim": {"dim": True},
    "cyan": {"fg": "cyan"},
}


@dataclass(frozen=True)
class Window:
    """Where lines go.

    Attributes:
        width: in columns of a terminal.
        is_terminal: sentences are wrapped at its width; in a file each is one line.
        write: takes a line and its style: bold, dim, cyan or none.
    """

    width: int
    is_terminal: bool
    write: Callable[[str, str], None]

    @classmethod
    def of_stdout(cls, width: int) -> "Window":
        """Standard output, with colours on a terminal unless NO_COLOR says otherwise."""
        is_terminal = sys.stdout.isatty()
        coloured = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

        def write(line: str, style: str) -> None:
            styled = coloured and line and style
            click.echo(click.style(line, **_STYLES[style]) if styled else line)  # type: ignore[arg-type]

        return cls(width, is_terminal, write)

    @classmethod
    def of(cls, console: "Console") -> "Window":
        """A console of Rich's."""
        from rich.text import Text

        def write(line: str, style: str) -> None:
            console.print(Text(line, style=style), no_wrap=True, overflow="ignore", crop=False)

        return cls(console.width, console.is_terminal, write)

    def say(self, sentence: str, style: str = "") -> None:
        """Print a sentence, wrapped at words on a terminal."""
        text = printable(sentence)
        lines = textwrap.wrap(text, self.width, break_long_words=False) if self.is_terminal else [text]
        for line in lines or [""]:
            self.write(line, style)


def width_of(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_width_of_character, text))


def _width_of_character(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
