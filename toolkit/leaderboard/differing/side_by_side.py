"""Two columns A and B on a terminal, as wide as it is."""

import re
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as Grid
from rich.text import Text

from toolkit.leaderboard.columns import MISSING as DASH
from toolkit.leaderboard.differing.changes import MISSING, Change
from toolkit.leaderboard.printable import printable
from toolkit.leaderboard.showing.printing import print_heading, say, value_in_words

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGITS = 12
_AS_WIDE_AS_IT_GETS = 10_000


def print_changes(console: Console, heading: str, changes: Sequence[Change]) -> None:
    """What differs below a heading, or that nothing does."""
    print_heading(console, heading)
    if not changes:
        say(console, "  no difference", style="dim")
        return
    print_sides(console, ((change.name, _side(change.a), _side(change.b)) for change in changes))


def print_sides(console: Console, rows: Iterable[tuple[str, str, str]]) -> None:
    """Name, A and B; values that are too long wrap on a terminal, and stay whole in a pipe."""
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    whole = not console.is_terminal
    grid.add_column("", style="dim", overflow="fold", no_wrap=whole)
    for title in ("A", "B"):
        grid.add_column(title, overflow="fold", no_wrap=whole)
    for row in rows:
        grid.add_row(*(Text(printable(cell)) for cell in row))
    if whole:
        _print_whole(grid, console)
    else:
        console.print(grid)


def _print_whole(grid: Grid, console: Console) -> None:
    """Print it as wide as its columns are, be the window narrower: a number that is cut is another number."""
    needed = Measurement.get(console, console.options.update(width=_AS_WIDE_AS_IT_GETS), grid).maximum
    if needed > console.width:
        grid.width = needed
    console.print(grid, crop=False)


def _side(value: object) -> str:
    if value is MISSING:
        return DASH
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return value[:_DIGITS]
    return "none" if value is None else value_in_words(value)
