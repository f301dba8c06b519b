"""The terminal's view: table, filter, and beside them the run under the cursor or two runs held together."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.events import Resize
from textual.widgets import DataTable, Footer, Input, Static

from toolkit.errors import ToolkitError
from toolkit.leaderboard.columns import Column, columns_for_people
from toolkit.leaderboard.differing.of_runs import pair_of_runs
from toolkit.leaderboard.printable import printable
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.terminal.recorded import Recorded
from toolkit.leaderboard.terminal.side import pair_as_text, run_as_text
from toolkit.leaderboard.wording import headline, remarks

_SECONDS = 3.0
_WIDE = 120
_NAMES = ("experiment", "search")
_Name = tuple[str, str, int]


class LeaderboardApp(App[None]):
    """A leaderboard that is asked again every few seconds.

    Args:
        recorded: what answers questions and knows the runs.
        question: the first one; filter and order are changed by keys.
        tables: its answer.
    """

    TITLE = "toolkit compare"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #headline { height: auto; text-style: bold; }
    #where { height: 1; border: none; padding: 0; background: $surface; }
    #problem { height: auto; color: $error; }
    #both { layout: horizontal; height: 1fr; }
    #table { width: 1fr; }
    #side { width: 62; border-left: solid $primary; padding: 0 1; }
    .narrow #both { layout: vertical; }
    .narrow #table { width: 1fr; height: 1fr; }
    .narrow #side { width: 1fr; height: 11; max-height: 50%; border-left: none; border-top: solid $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit"),
        Binding("slash", "filter", "Filter"),
        Binding("s", "sort", "Sort"),
        Binding("space", "mark", "Mark two"),
        Binding("t", "next_table", "Table"),
        Binding("r", "ask", "Refresh"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, recorded: Recorded, question: Question, tables: Sequence[Table]) -> None:
        super().__init__()
        self._recorded, self._question, self._tables = recorded, question, list(tables)
        self._number = 0
        self._columns: list[Column] = []
        self._marked: list[Row] = []
        self._under: _Name | None = None
        self._asking = 0

    def compose(self) -> ComposeResult:
        yield Static(id="headline", markup=False)
        yield Input(
            value=self._question.where or "",
            placeholder="/ filters: lr < 0.01 and status != 'FAILED'",
            id="where",
        )
        yield Static(id="problem", markup=False)
        with Container(id="both"):
            yield DataTable[Text](id="table")
            with VerticalScroll(id="side"):
                yield Static(id="about", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._tell("")
        self._draw()
        self._grid.focus()
        self.set_interval(_SECONDS, self._keep_up)

    def on_resize(self, event: Resize) -> None:
        self.screen.set_class(event.size.width < _WIDE, "narrow")
        self.call_after_refresh(self._look)

    @property
    def _grid(self) -> "DataTable[Text]":
        return self.query_one("#table", DataTable)

    @property
    def _table(self) -> Table:
        return self._tables[self._number]

    def _row(self) -> Row | None:
        """The run under the cursor."""
        place = self._grid.cursor_coordinate.row
        return self._table.rows[place] if place < len(self._table.rows) else None

    # Keys

    def action_filter(self) -> None:
        self.query_one("#where", Input).focus()

    def action_leave(self) -> None:
        if self._grid.has_focus:
            self._marked.clear()
            self._draw()
        self._grid.focus()

    def action_sort(self) -> None:
        """Order by the column under the cursor: lowest first, then highest first, then by rank again."""
        if not self._columns:
            return
        name = self._columns[self._grid.cursor_coordinate.column].name
        orders = [(name,), (f"-{name}",), ()]
        now = tuple(self._question.sort)
        following = orders[(orders.index(now) + 1) % 3] if now in orders else orders[0]
        self._ask(replace(self._question, sort=following))

    def action_mark(self) -> None:
        """Mark the run under the cursor, or take its mark away; of three the first one loses it."""
        row = self._row()
        if row is None:
            return
        others = [marked for marked in self._marked if _name(marked) != _name(row)]
        self._marked = others if len(others) < len(self._marked) else [*others, row][-2:]
        self._draw()

    def action_next_table(self) -> None:
        self._number = (self._number + 1) % len(self._tables)
        self._draw()

    def action_ask(self) -> None:
        self._ask(self._question)

    @on(Input.Submitted)
    def _filter(self, event: Input.Submitted) -> None:
        self._ask(replace(self._question, where=event.value.strip() or None))

    # Answers

    def _keep_up(self) -> None:
        if self._asking == 0:  # a slow answer is waited for
            self._ask(self._question)

    @work(exclusive=True, group="ask")
    async def _ask(self, question: Question) -> None:
        self._asking += 1
        try:
            tables = await asyncio.to_thread(self._recorded.ask, question)
        except (ToolkitError, OSError) as error:
            self._tell(str(error))
            return
        finally:
            self._asking -= 1
        if not any(table.counts for table in tables):
            self._tell("no run matches" if question.where else "no trial has begun yet")
            return
        self._tell("")
        asked_anew, self._question = question != self._question, question
        if asked_anew:
            self._under = None
            self._grid.focus()
        if asked_anew or tables != self._tables:
            self._tables = tables
            self._number = min(self._number, len(tables) - 1)
            self._draw()

    def _tell(self, problem: str) -> None:
        line = self.query_one("#problem", Static)
        line.update(printable(problem))
        line.display = bool(problem)

    # Drawing

    def _draw(self) -> None:
        """Fill the table anew; the cursor stays on its run, or goes to the first."""
        table, grid = self._table, self._grid
        cursor, names = grid.cursor_coordinate, [_name(row) for row in table.rows]
        place = names.index(self._under) if self._under in names else 0
        several = f"table {self._number + 1} of {len(self._tables)} | " if len(self._tables) > 1 else ""
        about = [several + headline(table), *remarks(table)]
        self.query_one("#headline", Static).update("\n".join(map(printable, about)))
        self._columns = _columns(table)
        with self.batch_update():
            grid.clear(columns=True)
            for column in self._columns:
                grid.add_column(Text(column.title + self._arrow(column.name)))
            for number, row in enumerate(table.rows):
                grid.add_row(*_cells(row, self._columns, number), label=self._mark(row))
            if table.rows:
                grid.move_cursor(row=place, column=cursor.column, animate=False)
        self._look()

    def _arrow(self, name: str) -> str:
        if list(self._question.sort) == [name]:
            return " ▲"
        return " ▼" if list(self._question.sort) == [f"-{name}"] else ""

    def _mark(self, row: Row) -> str:
        names = [_name(marked) for marked in self._marked]
        return "AB"[names.index(_name(row))] if _name(row) in names else " "

    @on(DataTable.CellHighlighted)
    def _look(self) -> None:
        row = self._row()
        self._under = None if row is None else _name(row)
        self._show_side()

    @work(exclusive=True, group="side")
    async def _show_side(self) -> None:
        """Beside the table: two marked runs held together, or else the run under the cursor."""
        about, row = self.query_one("#about", Static), self._row()
        width = max(self.query_one("#side").content_size.width - 2, 20)
        try:
            if len(self._marked) == 2:
                a, b = [await asyncio.to_thread(self._recorded.run, marked) for marked in self._marked]
                about.update(pair_as_text(pair_of_runs(a, b), width))
            elif row is not None:
                points = await asyncio.to_thread(self._recorded.points, row)
                about.update(run_as_text(self._table, row, points, width))
            else:
                about.update("")
        except (ToolkitError, OSError) as error:
            about.update(printable(str(error)))


def _name(row: Row) -> _Name:
    return row.experiment, row.search, row.trial


def _columns(table: Table) -> list[Column]:
    """Those for people, less the names that all runs share: they stand beside the table."""
    columns = columns_for_people(table, table.rows) if table.rows else []
    return [column for column in columns if column.name not in _NAMES or len(set(column.cells)) > 1]


def _cells(row: Row, columns: Sequence[Column], place: int) -> list[Text]:
    style = "bold" if row.rank == 1 else "dim" if row.status == "STOPPED" else ""
    style = "cyan" if row.job == "baseline" else style
    return [
        Text(printable(column.cells[place]), style=style, justify="right" if column.is_number else "left")
        for column in columns
    ]
