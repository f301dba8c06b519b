"""What a leaderboard says in sentences: its headline, and the runs that stand without a rank."""

from collections.abc import Iterator
from pathlib import Path

from toolkit.leaderboard.ranking import Table

_ORDER = {"min": "lowest first", "max": "highest first"}
UNRANKED_FOR_PEOPLE = 10


def headline(table: Table) -> str:
    """One line: metric, direction, validation data, number of runs by status."""
    total = sum(table.counts.values())
    counts = ", ".join(f"{count} {status}" for status, count in sorted(table.counts.items()))
    runs = f"{total} run{'' if total == 1 else 's'}" + (f": {counts}" if counts else "")
    epoch = " at the last epoch" if table.scope == "last" else ""
    metric = f"{table.yardstick.metric}{epoch}, {_ORDER[table.yardstick.mode]}"
    return f"{metric} | {_validation_data(table)} | {runs}"


def _validation_data(table: Table) -> str:
    measured_on = table.yardstick
    if table.forced:
        return "not the same validation data or labels"
    if measured_on.validation is None:
        return "validation data not recorded"
    where = "validation data" if measured_on.path is None else from_here(Path(measured_on.path))
    return f"{where} ({measured_on.validation[:8]})"


def from_here(path: Path) -> str:
    """The path as seen from the working directory, where it lies below it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def remarks(table: Table) -> Iterator[str]:
    """Lines between headline and table: why it stands apart, and what still runs."""
    if table.reason:
        yield f"A table of its own: {table.reason}."
    if table.forced:
        yield f"Forced into one table, though its numbers do not measure the same: {'; '.join(table.forced)}."
    if table.running:
        yield f"Still running: {', '.join(table.running)}."


def without_rank(table: Table) -> Iterator[str]:
    """A line for each run that competes for no rank, with the reason; the first ten."""
    rows = table.unranked
    if rows:
        yield "Without a rank:"
    for row in rows[:UNRANKED_FOR_PEOPLE]:
        yield f"  {row.experiment}/{row.trial} {row.status}: {row.reason}"
    more = len(rows[UNRANKED_FOR_PEOPLE:]) + table.more_unranked
    if rows and more:
        yield f"  and {more} more: --json has them all"
