"""A search whose journal goes on: out of the index comes what the next lines speak of, and goes back into it.

What a line means is decided where journals are read (`toolkit.runs.search`), here as everywhere; this fetches
the runs that it speaks of, and writes them back.
"""

from collections import Counter

from toolkit.leaderboard.cells import from_cell
from toolkit.leaderboard.index.opening import Index
from toolkit.leaderboard.index.schema import TRIAL_BITS, run_number
from toolkit.leaderboard.index.writing import Change, Summary, state_into, write_runs
from toolkit.runs import Point, Run, Search, SearchFolder, SearchHeader, Status
from toolkit.runs.values import dumps, loads


class GrowingSearch:
    """A search as the index has it, and what its journal adds.

    Attributes:
        search: takes the journal's next records; only the runs that they speak of are in it.
    """

    def __init__(self, index: Index, number: int, place: str, search: Search, summary: Summary) -> None:
        self._index, self._number, self._place = index, number, place
        self._summary = summary
        self._runs = _Runs(index, number)
        self._runs.update(search.runs)
        self.search = search
        self.search.runs = self._runs

    @classmethod
    def begin(cls, index: Index, place: str, search: Search) -> "GrowingSearch":
        """A search that the index does not have yet."""
        [number] = index.database.execute("SELECT coalesce(max(number), 0) + 1 FROM search").fetchone()
        return cls(index, number, place, search, Summary())

    @classmethod
    def find(cls, index: Index, place: str, folder: SearchFolder) -> "GrowingSearch | None":
        """The search as the index has it; None where it does not."""
        row = index.database.execute(
            "SELECT number, started, status, header, state, offset, counts, shared, "
            "sampled, varying, others, metrics FROM search WHERE place = ?",
            (place,),
        ).fetchone()
        if row is None:
            return None
        number, started, status, header, state, offset, counts, shared, *lists = row
        search = Search(SearchHeader(**loads(header)), folder, started, Status(status), offset=offset)
        state = loads(state)
        search.ended, search.best_trial = state["ended"], state["best_trial"]
        search.origin = state["origin"] or search.header.provenance
        sampled, varying, others, metrics = (dict.fromkeys(loads(names)) for names in lists)
        summary = Summary(loads(shared), sampled, varying, others, metrics, Counter(loads(counts)))
        return cls(index, number, place, search, summary)

    def write(self, file: str, tail: str = "") -> None:
        """Put it back.

        Args:
            file: what tells the state of the journal that was read to its end; empty where it was not.
            tail: what stands in the journal just before the place up to which it was read.
        """
        write_runs(self._index, self.search, self._number, self._summary, self._runs.changes())
        search, header, summary = self.search, self.search.header, self._summary
        validation = header.data.get("validation", {})
        origin = None if search.origin == header.provenance else search.origin
        columns = {
            "number": self._number,
            "place": self._place,
            "id": header.id,
            "experiment": header.experiment,
            "job": header.job,
            "metric": header.metric,
            "mode": header.mode,
            "status": search.status.value,
            "started": search.started,
            "validation": validation.get("sha256"),
            "validation_path": validation.get("path"),
            "labels": dumps(header.labels),
            "fresh_seeds": bool(search.confirms),
            "header": dumps(header.to_record()),
            "state": dumps(
                {"ended": search.ended, "best_trial": search.best_trial, "origin": origin, "tail": tail}
            ),
            "file": file,
            "offset": search.offset,
            "counts": dumps(dict(+summary.counts)),
            "shared": dumps(summary.shared),
            "sampled": dumps(list(summary.sampled)),
            "varying": dumps(list(summary.varying)),
            "others": dumps(list(summary.others)),
            "metrics": dumps(list(summary.metrics)),
        }
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        database = self._index.database
        database.execute(f"INSERT OR REPLACE INTO search ({names}) VALUES ({marks})", tuple(columns.values()))
        database.execute(
            "UPDATE search SET best = (SELECT min(score) FROM run WHERE search = ?1) WHERE number = ?1",
            (self._number,),
        )


class _Runs(dict[int, Run]):
    """The runs of a search; those that only the index has are fetched when somebody asks for one."""

    def __init__(self, index: Index, number: int) -> None:
        super().__init__()
        self._index, self._number = index, number
        self._fetched: dict[int, Change] = {}

    def __contains__(self, trial: object) -> bool:
        return super().__contains__(trial) or (isinstance(trial, int) and self._fetch(trial))

    def _fetch(self, trial: int) -> bool:
        number = run_number(self._number, trial)
        row = self._index.database.execute(
            "SELECT status, rung, started, ended, state FROM run WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            return False
        status, rung, started, ended, state = row
        run = Run("", trial, {}, {}, started, status=Status(status), rung=rung, ended=ended)
        run.points = points_of(self._index, number)
        state_into(run, loads(state))
        self._fetched[trial] = Change(run, len(run.points), status)
        self[trial] = run
        return True

    def changes(self) -> list[Change]:
        """What is to be written: all runs that are here."""
        return [self._change(trial, run) for trial, run in self.items()]

    def _change(self, trial: int, run: Run) -> Change:
        fetched = self._fetched.get(trial)
        if fetched is not None and fetched.run is run:
            return fetched
        row = self._index.database.execute(
            "SELECT status FROM run WHERE number = ?", (run_number(self._number, trial),)
        ).fetchone()
        return Change(run, status=None if row is None else row[0])


def points_of(index: Index, run: int) -> list[Point]:
    """The points of a run, in order; metrics in the order in which the index first saw them."""
    columns = {name: column for name, column in index.fields.metrics.items() if column is not None}
    names = "".join(f", {column}" for column in columns.values())
    rows = index.database.execute(
        f"SELECT epoch, step, t, seconds, last, more{names} FROM point WHERE run = ? ORDER BY epoch", (run,)
    )
    points = []
    for epoch, step, t, seconds, last, more, *cells in rows:
        metrics = {
            name: from_cell(cell) for name, cell in zip(columns, cells, strict=True) if cell is not None
        }
        metrics |= {} if more is None else loads(more)
        points.append(Point(epoch, step, metrics, t, seconds, bool(last)))
    return points


def forget(index: Index, place: str) -> None:
    """Drop a search and all that belongs to it."""
    for (number,) in index.database.execute("SELECT number FROM search WHERE place = ?", (place,)).fetchall():
        numbers = number << TRIAL_BITS, ((number + 1) << TRIAL_BITS) - 1
        index.database.execute("DELETE FROM run WHERE number BETWEEN ? AND ?", numbers)
        index.database.execute("DELETE FROM point WHERE run BETWEEN ? AND ?", numbers)
        index.database.execute("DELETE FROM search WHERE number = ?", (number,))
