"""Runs of a leaderboard in groups: how good each value of a column is on average, and at best.

What makes a group is the values of some columns; what is averaged, the ranking metric of the runs that
have a rank. So a group of lucky runs and one of steady ones are told apart.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.leaderboard.cells import Cell, to_cell
from toolkit.leaderboard.choosing import names_of, resolve, value_of
from toolkit.leaderboard.ranking import Table, is_usable


@dataclass(frozen=True)
class Entry:
    """One run on its way into a group.

    Attributes:
        key: its values in the columns that make the groups; None where it has none.
        value: of the ranking metric; None, NaN and infinities where it competes for no rank.
        run: what names it.
    """

    key: tuple[Any, ...]
    value: float | None
    run: str


@dataclass(frozen=True)
class Group:
    """Runs that have the same values in some columns.

    Attributes:
        key: these values; None where the runs have none.
        count: how many of its runs have a rank.
        unranked: how many have none; they enter nothing else.
        mean: of the ranking metric; None without a ranked run.
        std: standard deviation of the sample (n - 1); None for fewer than two.
        best, run: the best value, and the first run that has it.
    """

    key: tuple[Any, ...]
    count: int
    unranked: int
    mean: float | None
    std: float | None
    best: float | None
    run: str | None


@dataclass(frozen=True)
class GroupedTable:
    """The groups of one leaderboard, best mean first.

    Attributes:
        table: the leaderboard; its headline stands above the groups.
        names: full names of the columns that make the groups.
    """

    table: Table
    names: Sequence[str]
    groups: Sequence[Group]


def group_tables(tables: Sequence[Table], names: Sequence[str]) -> list[GroupedTable]:
    """Each leaderboard in groups; runs of two leaderboards are never averaged together.

    Raises:
        ConfigurationError: no column goes by a name, or more than one.
    """
    found = resolve("--group-by", names, names_of(tables))
    return [_grouped(table, found) for table in tables]


def _grouped(table: Table, names: Sequence[str]) -> GroupedTable:
    return GroupedTable(table, names, group(_entries(table, names), table.yardstick.mode))


def _entries(table: Table, names: Sequence[str]) -> Iterable[Entry]:
    for row in table.rows:
        value = None if row.rank is None else row.metrics[table.yardstick.metric]
        yield Entry(tuple(value_of(row, name) for name in names), value, row.run_id)


def group(entries: Iterable[Entry], mode: str) -> list[Group]:
    """The groups by their mean, the better first (`mode` is min or max); those without a mean last.

    Equal groups stay in the order in which they were met. True is not 1, 1 is 1.0, and None is what a run
    without the value has.
    """
    found: dict[tuple[Cell, ...], _Sums] = {}
    for entry in entries:
        key = tuple(None if value is None else to_cell(value) for value in entry.key)
        sums = found.get(key)
        if sums is None:
            sums = found[key] = _Sums(entry.key, 1.0 if mode == "min" else -1.0)
        sums.take(entry)
    groups = [sums.group() for sums in found.values()]
    sign = 1.0 if mode == "min" else -1.0
    return sorted(groups, key=lambda group: math.inf if group.mean is None else sign * group.mean)


@dataclass
class _Sums:
    """What is known of a group while its runs pass by: mean and spread by Welford's method.

    The sum of squares would lose every digit of a small spread around a large mean (Welford, Technometrics
    4, 1962).
    """

    key: tuple[Any, ...]
    sign: float
    count: int = 0
    unranked: int = 0
    mean: float = 0.0
    squares: float = 0.0
    best: tuple[float, str] | None = field(default=None)

    def take(self, entry: Entry) -> None:
        value = entry.value
        if not is_usable(value):
            self.unranked += 1
            return
        self.count += 1
        off = value - self.mean
        self.mean += off / self.count
        self.squares += off * (value - self.mean)
        if self.best is None or self.sign * value < self.sign * self.best[0]:
            self.best = value, entry.run

    def group(self) -> Group:
        best, run = (None, None) if self.best is None else self.best
        return Group(
            key=self.key,
            count=self.count,
            unranked=self.unranked,
            mean=self.mean if self.count else None,
            std=math.sqrt(self.squares / (self.count - 1)) if self.count > 1 else None,
            best=best,
            run=run,
        )
