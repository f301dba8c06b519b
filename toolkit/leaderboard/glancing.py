"""A glance at what there is to ask for, for shell completion: quick, silent, and it leaves nothing behind.

It reads the index as it is. Journals that it has not caught up with are not there yet, and where there is no
index only the folders of the searches are known. It makes no file, and waits for nobody.
"""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from toolkit.leaderboard.index_file import FILE_NAME, TRIAL_BITS, VERSION
from toolkit.runs.layout import file_name

_MOST_DIGITS = 9
_SEARCHES_FOR_NAMES = 100
"""Of how many searches, the newest ones, the hyperparameters are read."""


class Glance(Protocol):
    """What is known of the searches in a folder of journals; a search is named by its number."""

    def experiments(self) -> Sequence[str]:
        """Names of the folders that hold searches, sorted."""

    def searches(self, experiment: str) -> Sequence[tuple[int, str]]:
        """(number, id) of the searches of an experiment, the newest one first."""

    def searches_by_id(self, beginning: str) -> Sequence[tuple[int, str]]:
        """(number, id) of the searches whose ids begin so."""

    def leaders(self, search: int, count: int) -> Sequence[int]:
        """The trials that are ranked first in a search."""

    def trials(self, search: int, digits: str, width: int, count: int) -> Sequence[int]:
        """Trials whose numbers, with zeros before them up to a width, begin with these digits."""

    def metrics(self) -> Sequence[str]:
        """Names of what was reported."""

    def params(self) -> Sequence[Sequence[str]]:
        """Hyperparameters that tell runs apart: of each the ends of its path that no other one has, the
        shortest one first.
        """


@contextmanager
def glance(runs: Path) -> Iterator[Glance]:
    """What is known of the searches below `runs`."""
    path = runs / FILE_NAME
    if not path.is_file():
        yield _Folders(runs)
        return
    with closing(_connect(path)) as database:
        if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            yield _Index(database)
        else:  # it is being made, or is of another version
            yield _Folders(runs)


def _connect(path: Path) -> sqlite3.Connection:
    """Without its companions nobody writes to the file, and sqlite would make them to read it."""
    beside = (path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
    how = "mode=ro" if all(file.exists() for file in beside) else "immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=0)


class _Index:
    """What the index says."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def experiments(self) -> list[str]:
        places = (place for (place,) in self._rows("SELECT place FROM search ORDER BY place"))
        return list(dict.fromkeys(place.partition("/")[0] for place in places if not place.startswith("/")))

    def searches(self, experiment: str) -> list[tuple[int, str]]:
        folder = file_name(experiment)
        return self._rows(
            "SELECT number, id FROM search WHERE place > ? AND place < ? ORDER BY started DESC, id DESC",
            f"{folder}/",
            f"{folder}0",  # the character behind the slash
        )

    def searches_by_id(self, beginning: str) -> list[tuple[int, str]]:
        return self._rows(
            "SELECT number, id FROM search WHERE substr(id, 1, ?) = ? ORDER BY started DESC, id DESC",
            len(beginning),
            beginning,
        )

    def leaders(self, search: int, count: int) -> list[int]:
        rows = self._rows(
            "SELECT trial FROM run WHERE search = ? AND score IS NOT NULL ORDER BY score, trial LIMIT ?",
            search,
            count,
        )
        return [trial for (trial,) in rows]

    def trials(self, search: int, digits: str, width: int, count: int) -> list[int]:
        found: list[int] = []
        for first, last in _numbers(digits, width):
            rows = self._rows(
                "SELECT trial FROM run WHERE number BETWEEN ? AND ? ORDER BY number LIMIT ?",
                (search << TRIAL_BITS) + first,
                (search << TRIAL_BITS) + last,
                count - len(found),
            )
            found += (trial for (trial,) in rows)
        return found

    def metrics(self) -> list[str]:
        return [name for (name,) in self._rows("SELECT name FROM field WHERE kind = 'm' ORDER BY number")]

    def params(self) -> list[list[str]]:
        own = [name for (name,) in self._rows("SELECT name FROM field WHERE kind = 'p' ORDER BY number")]
        texts = self._rows(
            "SELECT DISTINCT shared FROM (SELECT shared FROM search ORDER BY number DESC LIMIT ?)",
            _SEARCHES_FOR_NAMES,
        )
        every = dict.fromkeys([*own, *(path for (text,) in texts for path in json.loads(text) or ())])
        ends = Counter(end for path in every for end in _ends(path))
        return [[end for end in _ends(path) if ends[end] == 1] or [path] for path in own]

    def _rows(self, statement: str, *values: int | str) -> list[Any]:
        return self._database.execute(statement, values).fetchall()


def _numbers(digits: str, width: int) -> Iterator[tuple[int, int]]:
    """The ranges of the numbers that begin with these digits when they are written at least so wide."""
    for length in range(max(width, len(digits)), _MOST_DIGITS + 1):
        if length > width and digits.startswith("0"):
            return
        unit = 10 ** (length - len(digits))
        yield int(digits) * unit, (int(digits) + 1) * unit - 1


def _ends(path: str) -> Iterator[str]:
    """The ends of a dotted path, the shortest one first."""
    words = path.split(".")
    return (".".join(words[-count:]) for count in range(1, len(words) + 1))


class _Folders:
    """What the folders say: which searches there are, and nothing about them."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs

    def experiments(self) -> list[str]:
        return [name for name in _names(self._runs) if self.searches(name)]

    def searches(self, experiment: str) -> list[tuple[int, str]]:
        folder = self._runs / file_name(experiment)
        return [(0, name) for name in _names(folder) if (folder / name / "journal.jsonl").is_file()]

    def searches_by_id(self, beginning: str) -> list[tuple[int, str]]:
        found = (search for name in _names(self._runs) for search in self.searches(name))
        return [search for search in found if search[1].startswith(beginning)]

    def leaders(self, search: int, count: int) -> list[int]:
        return []

    def trials(self, search: int, digits: str, width: int, count: int) -> list[int]:
        return []

    def metrics(self) -> list[str]:
        return []

    def params(self) -> list[list[str]]:
        return []


def _names(folder: Path) -> list[str]:
    """Names of the folders in a folder, sorted."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return []
