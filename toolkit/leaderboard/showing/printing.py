"""Headings and lists of facts on a terminal, as wide as it is."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from toolkit.leaderboard.columns import MISSING, in_words
from toolkit.leaderboard.printable import printable

_COLOURS = {
    "COMPLETED": "green",
    "STOPPED": "yellow",
    "RUNNING": "cyan",
    "FAILED": "red",
    "INTERRUPTED": "magenta",
}


def print_title(console: Console, name: str, status: str) -> None:
    """The first line: what this is about, and how it stands."""
    title = Text(name, style="bold")
    title.append(f"  {status}", style=_COLOURS.get(status, ""))
    console.print(title, soft_wrap=True)


def print_heading(console: Console, heading: str) -> None:
    """A heading with an empty line above it."""
    console.print()
    console.print(Text(heading, style="bold"), soft_wrap=True)


def print_facts(console: Console, facts: Iterable[tuple[str, str]]) -> None:
    """Names with what they have, in two columns; long values wrap within theirs, or stay whole in a pipe."""
    kept = [(printable(name), printable(value)) for name, value in facts]
    if not console.is_terminal:
        width = max((len(name) for name, _ in kept), default=0)
        for name, value in kept:
            console.print(Text(f"  {name:<{width}}  {value}"), soft_wrap=True)
        return
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in kept:
        grid.add_row(Text(f"  {name}"), Text(value))
    console.print(grid)


def say(console: Console, line: str, style: str = "") -> None:
    """A sentence, wrapped at words on a terminal."""
    console.print(Text(printable(line), style=style), soft_wrap=not console.is_terminal)


def moment(milliseconds: int | None) -> str:
    """UTC milliseconds as people read a time."""
    if milliseconds is None:
        return MISSING
    try:
        return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return str(milliseconds)


def duration(seconds: float) -> str:
    """`12.7 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def value_in_words(value: Any) -> str:
    """A value in full: what is looked up is not rounded."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(value_in_words, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {value_in_words(inner)}" for key, inner in value.items()) + "}"
    return in_words(value)
