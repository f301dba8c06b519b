"""The terminal's view, walked through with Textual's own pilot over real journals."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, Static

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from toolkit.cli.compare import command
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.terminal.app import LeaderboardApp
from toolkit.leaderboard.terminal.recorded import Recorded
from toolkit.runs import JournalWriter, Project, SearchFolder

LR = "trainer.optimizer.lr"


@pytest.fixture
def journal(project: Path) -> SearchFolder:
    """A search that has not ended; its best trial is 1."""
    folder = project / "runs" / "names" / ("a" * 12)
    trials = [
        Trial([0.9, 0.5], params={LR: 0.1}, status="STOPPED", rung=2),
        Trial([0.4, 0.2, 0.3], params={LR: 0.2}),
        Trial([], status="FAILED", reason="ValueError: \x1b[31mno", params={LR: 0.3}),
    ]
    write_search(folder, trials, ended=False)
    return SearchFolder(folder)


class View:
    """What a person sees, and does."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot, self.app = pilot, pilot.app

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait for all answers; one that is asked again while it is awaited is cancelled."""
        await self.pilot.pause()
        while not all(worker.is_finished for worker in self.app.workers):
            await self.pilot.pause()

    @property
    def table(self) -> "DataTable[object]":
        return self.app.query_one("#table", DataTable)

    def text(self, name: str) -> str:
        return str(self.app.query_one(f"#{name}", Static).content)

    @property
    def titles(self) -> list[str]:
        return [str(column.label) for column in self.table.ordered_columns]

    async def filter(self, condition: str) -> None:
        await self.pilot.press("slash")
        self.app.query_one("#where", Input).value = condition
        await self.press("enter")

    def column(self, title: str) -> list[str]:
        (place,) = (
            n for n, c in enumerate(self.table.ordered_columns) if str(c.label).split(" ")[0] == title
        )
        return [str(self.table.get_row_at(row)[place]) for row in range(self.table.row_count)]


def walk(steps: Callable[[View], Awaitable[None]], size: tuple[int, int] = (150, 40)) -> None:
    """Open the view over the project's journals and walk through it."""

    async def run() -> None:
        recorded = Recorded(Project.here(), Asked())
        app = LeaderboardApp(recorded, Question(), recorded.ask(Question()))
        async with app.run_test(size=size) as pilot:
            view = View(pilot)
            await view.settle()
            await steps(view)

    asyncio.run(run())


def test_the_table_and_the_run_under_the_cursor(journal: SearchFolder) -> None:
    async def steps(view: View) -> None:
        assert view.column("rank") == ["1", "2", "-"]
        assert view.column("trial") == ["1", "0", "2"]
        assert view.text("headline").startswith("validation_loss, lowest first | data/valid.csv")
        assert view.table.region.right <= view.app.query_one("#side").region.x
        assert "Still running: names@aaaa00000000." in view.text("headline")
        assert "names@aaaa00000000/1\nrank 1, COMPLETED" in view.text("about")
        assert "validation_loss, 3 epochs, best 1\n0.4000 ███" in view.text("about")
        await view.press("down")
        assert "STOPPED at rung 2" in view.text("about")
        await view.press("down")
        assert "ValueError: \\x1b[31mno" in view.text("about")

    walk(steps)


def test_filter(journal: SearchFolder) -> None:
    async def steps(view: View) -> None:
        await view.filter("lr < 0.15")
        assert view.column("trial") == ["0"]
        assert view.column("rank") == ["1"]
        assert view.table.has_focus
        await view.filter("lr < 0.15x")
        assert view.text("problem").startswith("--where, column")
        assert view.column("trial") == ["0"]
        assert isinstance(view.app.focused, Input)
        await view.filter("")
        assert view.text("problem") == ""
        assert view.column("trial") == ["1", "0", "2"]
        await view.filter("epochs > 9")
        assert view.text("problem") == "no run matches"

    walk(steps)


def test_sort_by_the_column_under_the_cursor(journal: SearchFolder) -> None:
    async def steps(view: View) -> None:
        titles = view.titles
        await view.press(*["right"] * titles.index("optimizer.lr"), "s")
        assert view.column("trial") == ["0", "1", "2"]
        assert "optimizer.lr ▲" in view.titles
        await view.press("s")
        assert view.column("trial") == ["1", "0", "2"]
        assert "optimizer.lr ▼" in view.titles
        await view.press("s")
        assert view.titles == titles

    walk(steps)


def test_two_marked_runs_are_held_together(journal: SearchFolder) -> None:
    async def steps(view: View) -> None:
        await view.press("space", "down", "space")
        assert "A  names@aaaa00000000/1\nB  names@aaaa00000000/0" in view.text("about")
        assert "+0.3000" in view.text("about")
        assert [str(row.label).strip() for row in view.table.ordered_rows] == ["A", "B", ""]
        await view.press("down", "space")
        assert "A  names@aaaa00000000/0\nB  names@aaaa00000000/2" in view.text("about")
        await view.press("escape")
        assert "names@aaaa00000000/2\nrank -, FAILED" in view.text("about")

    walk(steps)


def test_it_keeps_up_with_a_search_and_the_cursor_stays_on_its_run(journal: SearchFolder) -> None:
    async def steps(view: View) -> None:
        await view.press("down")
        with JournalWriter(journal) as writer:
            writer.append("trial", 3, params={LR: 0.4}, config={}, seed=3)
            metrics = {"validation_loss": 0.1}
            writer.append("point", 3, epoch=0, step=1, metrics=metrics, seconds=0.5)
        await view.press("r")
        assert view.column("trial") == ["3", "1", "0", "2"]
        assert view.table.cursor_coordinate.row == 2
        assert "names@aaaa00000000/0\n" in view.text("about")

    walk(steps)


def test_another_table(journal: SearchFolder, project: Path) -> None:
    other = {"experiment": "other", "data": {"validation": OTHER_VALIDATION}}
    write_search(project / "runs" / "other" / ("b" * 12), [Trial([0.7])], id="b" * 12, **other)

    async def steps(view: View) -> None:
        assert view.text("headline").startswith("table 1 of 2 | ")
        await view.press("t")
        assert view.column("trial") == ["0"]
        assert "A table of its own: other validation data." in view.text("headline")
        await view.press("t")
        assert view.column("trial") == ["1", "0", "2"]

    walk(steps)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_table_and_run_are_seen_in_narrow_windows(journal: SearchFolder, size: tuple[int, int]) -> None:
    async def steps(view: View) -> None:
        table, side = view.table.region, view.app.query_one("#side").region
        assert table.height >= 2
        assert table.width >= 40
        assert table.bottom <= side.y
        assert side.right <= size[0]

    walk(steps, size)


def test_q_quits(journal: SearchFolder) -> None:
    async def steps(view: View) -> None:
        await view.pilot.press("q")
        await view.pilot.pause()
        assert not view.app.is_running

    walk(steps)


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ([], 1, "--tui needs a terminal"),
        (["--json"], 2, "--tui prints and writes nothing"),
        (["--group-by", "status"], 2, "--tui prints and writes nothing"),
    ],
)
def test_what_cannot_be(journal: SearchFolder, options: list[str], code: int, message: str) -> None:
    result = CliRunner().invoke(command, ["--tui", *options])
    assert result.exit_code == code
    assert message in (result.output or str(result.exception)) + str(result.exception)


def test_textual_is_loaded_for_nothing_else(journal: SearchFolder) -> None:
    code = (
        "import sys; from toolkit.cli import main\n"
        "try: main(['compare'])\nexcept SystemExit: pass\n"
        "assert 'textual' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
