"""What the journals say of the runs that a person looks at: curves out of the index, whole runs on demand."""

from toolkit.errors import NotFoundError
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.board import open_board
from toolkit.leaderboard.index import Index, catch_up
from toolkit.leaderboard.index.growing import points_of
from toolkit.leaderboard.index.opening import over_index
from toolkit.leaderboard.index.schema import run_number
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Row, Table
from toolkit.runs import Point, Project, Run, Search, load_search


class Recorded:
    """Answers from the journals of a project, each from what they hold now; from any thread."""

    def __init__(self, project: Project, asked: Asked) -> None:
        self._project, self._asked = project, asked
        self._loaded: dict[tuple[str, int], Search] = {}

    def ask(self, question: Question) -> list[Table]:
        """The leaderboards; raises what `open_board` and `standings` raise."""
        with open_board(self._project, self._asked) as board:  # sqlite wants a connection a thread
            return board.ask(question)

    def points(self, row: Row) -> list[Point]:
        """The epochs of a run; none where its search has gone.

        Raises:
            BusyError: another process has kept the index locked for a minute.
        """

        def over(index: Index) -> list[Point]:
            found = self._place(index, row)
            return [] if found is None else points_of(index, run_number(found[0], row.trial))

        return over_index(self._project.runs, over)

    def run(self, row: Row) -> tuple[Search, Run]:
        """The run with all that its journal says, which is read whole where it has grown.

        Raises:
            JournalError: the journal cannot be read.
            NotFoundError: there is none any more.
        """
        found = over_index(self._project.runs, lambda index: self._place(index, row))
        if found is None:
            raise NotFoundError(f"{row.experiment}@{row.search} has gone")
        folder = self._project.runs / found[1]
        size = (folder / "journal.jsonl").stat().st_size
        search = self._loaded.get((found[1], size))
        if search is None:
            search = load_search(folder)
            self._loaded = {key: kept for key, kept in self._loaded.items() if key[0] != found[1]}
            self._loaded[found[1], size] = search
        return search, search.runs[row.trial]

    def _place(self, index: Index, row: Row) -> tuple[int, str] | None:
        """Number and folder of the run's search."""
        if index.path is None:  # one in memory, which nobody has filled yet
            catch_up(index, self._project.runs)
        found: tuple[int, str] | None = index.database.execute(
            "SELECT number, place FROM search WHERE experiment = ? AND id = ?", (row.experiment, row.search)
        ).fetchone()
        return found
