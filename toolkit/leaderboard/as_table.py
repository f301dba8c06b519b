"""Leaderboards for a terminal: as many columns as fit its width, and a word about those that do not."""

from collections.abc import Iterable, Iterator, Sequence

from toolkit.leaderboard.across import TITLE, Standing, columns_across
from toolkit.leaderboard.columns import Column, columns_for_people, droppable
from toolkit.leaderboard.printable import printable
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.window import Window, width_of
from toolkit.leaderboard.wording import headline, remarks, without_rank

_GAP = 2


def print_tables(
    tables: Iterable[Table], window: Window, across: Sequence[Standing] = (), *, tell_more: bool = True
) -> None:
    """Print the tables, each below its headline; rows are never wrapped.

    Args:
        across: what holds across data sets, printed below them.
        tell_more: say of a table that was cut off how many runs are not shown.
    """
    for number, table in enumerate(tables):
        if number > 0:
            window.write("", "")
        _print_table(table, window, tell_more)
    if across:
        window.write("", "")
        window.say(TITLE, "bold")
        fitting, _ = fit(columns_across(across), window.width)
        print_columns(fitting, window, bold=None)


def _print_table(table: Table, window: Window, tell_more: bool) -> None:
    window.say(headline(table), "bold")
    for line in remarks(table):
        window.say(line)
    rows = table.ranked
    if rows:
        fitting, left_out = fit(columns_for_people(table, rows), window.width)
        for number, line in enumerate(_lines(fitting)):
            place = number - _height(fitting)
            window.write(line, _style(rows[place]) if place >= 0 else "")
            if place >= 0 and _is_gap(rows, place):
                window.write("", "")
        if left_out:
            window.say(_told(left_out), "dim")
    if tell_more and table.more_ranked:
        window.say(f"{table.more_ranked} more runs have a rank: --limit 0 prints them all.")
    for line in without_rank(table):
        window.say(line)


def _style(row: Row) -> str:
    return "bold" if row.rank == 1 else "cyan" if row.job == "baseline" else ""


def _told(left_out: Sequence[Column]) -> str:
    names = ", ".join(column.title for column in left_out[:4]) + (", ..." if len(left_out) > 4 else "")
    plural = "s" if len(left_out) > 1 else ""
    return (
        f"No room for {len(left_out)} column{plural} ({names}): widen the window, or use --md, --csv, --json."
    )


def fit(columns: Sequence[Column], width: int) -> tuple[list[Column], list[Column]]:
    """The columns that fit, and those that had to go; what must be shown stays even where it is too wide."""
    fitting = list(columns)
    needed = {id(column): _width(column) + _GAP for column in columns}
    room = width + _GAP - sum(needed.values())
    for column in droppable(columns):
        if room >= 0:
            break
        fitting.remove(column)
        room += needed[id(column)]
    return fitting, [column for column in columns if column not in fitting]


def _width(column: Column) -> int:
    return max(width_of(printable(text)) for text in (*_title(column), *column.cells))


def _title(column: Column) -> list[str]:
    """The title with one word a line, so that `validation_loss` is no wider than `validation`."""
    return column.title.replace(".", "\n").replace("_", "\n").replace(" ", "\n").split("\n")


def print_columns(columns: Sequence[Column], window: Window, bold: int | None = 0) -> None:
    """Print the columns below their titles, one row of them bold; nothing is cut off."""
    for number, line in enumerate(_lines(columns)):
        window.write(line, "bold" if bold is not None and number == _height(columns) + bold else "")


def _height(columns: Sequence[Column]) -> int:
    """Lines of the head, with the one that is drawn below it."""
    return max((len(_title(column)) for column in columns), default=0) + 1


def _lines(columns: Sequence[Column]) -> Iterator[str]:
    """The head, its titles standing at its foot; the line below it; then the rows."""
    widths = [_width(column) for column in columns]
    titles = [_title(column) for column in columns]
    height = _height(columns) - 1
    head = [[""] * (height - len(title)) + title for title in titles]
    cells = [list(map(printable, column.cells)) for column in columns]
    for number in range(height):
        yield _line([title[number] for title in head], columns, widths)
    yield "\u2500" * (sum(widths) + _GAP * (len(widths) - 1))
    for row in zip(*cells, strict=True):
        yield _line(row, columns, widths)


def _line(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = []
    for text, column, width in zip(texts, columns, widths, strict=True):
        room = " " * (width - width_of(text))
        padded.append(room + text if column.is_number else text + room)
    return (" " * _GAP).join(padded).rstrip()


def _is_gap(rows: Sequence[Row], number: int) -> bool:
    """Whether runs were cut out below this row: a baseline follows whose rank does not."""
    if number + 1 == len(rows) or rows[number + 1].job != "baseline":
        return False
    rank, following = rows[number].rank, rows[number + 1].rank
    assert rank is not None and following is not None  # only ranked rows stand in the grid
    return following > rank and following != number + 2
