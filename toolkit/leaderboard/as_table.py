"""Leaderboards for a terminal: as many columns as fit its width, and a word about those that do not."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as Grid
from rich.text import Text

from toolkit.leaderboard.across import TITLE, Standing, columns_across
from toolkit.leaderboard.columns import Column, columns_for_people, droppable
from toolkit.leaderboard.printable import printable
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.wording import headline, remarks, without_rank

_GAP = 2
_AS_WIDE_AS_IT_GETS = 10_000


def print_tables(
    tables: Iterable[Table], console: Console, across: Sequence[Standing] = (), *, tell_more: bool = True
) -> None:
    """Print the tables on the console, each below its headline; rows are never wrapped.

    Args:
        across: what holds across data sets, printed below them.
        tell_more: say of a table that was cut off how many runs are not shown.
    """
    for number, table in enumerate(tables):
        if number > 0:
            console.print()
        _print_table(table, console, tell_more)
    if across:
        console.print()
        say(console, TITLE, style="bold")
        _print_across(across, console)


def _print_across(across: Sequence[Standing], console: Console) -> None:
    fitting, _ = fit(columns_across(across), console.width)
    print_columns(fitting, console, bold=None)


def _print_table(table: Table, console: Console, tell_more: bool) -> None:
    say(console, headline(table), style="bold")
    for line in remarks(table):
        say(console, line)
    rows = table.ranked
    if rows:
        columns = columns_for_people(table, rows)
        fitting, left_out = fit(columns, console.width)
        print_grid(_grid(rows, fitting), console)
        if left_out:
            say(console, _told(left_out), style="dim")
    if tell_more and table.more_ranked:
        say(console, f"{table.more_ranked} more runs have a rank: --limit 0 prints them all.")
    for line in without_rank(table):
        say(console, line)


def _told(left_out: Sequence[Column]) -> str:
    names = ", ".join(column.title for column in left_out[:4]) + (", ..." if len(left_out) > 4 else "")
    plural = "s" if len(left_out) > 1 else ""
    return (
        f"No room for {len(left_out)} column{plural} ({names}): widen the window, or use --md, --csv, --json."
    )


def say(console: Console, line: str, style: str = "") -> None:
    """Print a sentence, wrapped at words; brackets in it are no markup."""
    console.print(Text(printable(line), style=style), soft_wrap=not console.is_terminal)


def fit(columns: Sequence[Column], width: int) -> tuple[list[Column], list[Column]]:
    """The columns that fit, and those that had to go; what must be shown stays even where it is too wide."""
    fitting = list(columns)
    for column in droppable(columns):
        if _width(fitting) <= width:
            break
        fitting.remove(column)
    return fitting, [column for column in columns if column not in fitting]


def _width(columns: Sequence[Column]) -> int:
    widths = (max(map(cell_len, (*_title(c).split("\n"), *c.cells)), default=0) for c in columns)
    return sum(widths) + _GAP * (len(columns) - 1)


def _title(column: Column) -> str:
    """The title with one word a line, so that `validation_loss` is no wider than `validation`."""
    return column.title.replace(".", "\n").replace("_", "\n").replace(" ", "\n")


def print_columns(columns: Sequence[Column], console: Console, bold: int | None = 0) -> None:
    """Print the columns below their titles, one row of them bold; nothing is cut off."""
    grid = _head(columns)
    for number, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
        grid.add_row(*map(_text, cells), style="bold" if number == bold else None)
    print_grid(grid, console)


def _text(cell: str) -> Text:
    return Text(printable(cell))


def _head(columns: Sequence[Column]) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        grid.add_column(
            Text(_title(column)),
            justify="right" if column.is_number else "left",
            vertical="bottom",
            no_wrap=True,
        )
    return grid


def _grid(rows: Sequence[Row], columns: Sequence[Column]) -> Grid:
    grid = _head(columns)
    for number, row in enumerate(rows):
        cells = [_text(column.cells[number]) for column in columns]
        style = "bold" if row.rank == 1 else "cyan" if row.job == "baseline" else None
        grid.add_row(*cells, style=style, end_section=_is_gap(rows, number))
    return grid


def print_grid(grid: Grid, console: Console) -> None:
    """Print it as wide as its columns are, be the window narrower: a number that is cut is another number."""
    needed = Measurement.get(console, console.options.update(width=_AS_WIDE_AS_IT_GETS), grid).maximum
    if needed > console.width:
        grid.width = needed
    console.print(grid, crop=False)


def _is_gap(rows: Sequence[Row], number: int) -> bool:
    """Whether runs were cut out below this row: a baseline follows whose rank does not."""
    if number + 1 == len(rows) or rows[number + 1].job != "baseline":
        return False
    rank, following = rows[number].rank, rows[number + 1].rank
    assert rank is not None and following is not None  # only ranked rows stand in the grid
    return following > rank and following != number + 2
