"""How `toolkit sync --verify` tells what came of comparing trackers with journals: in lines, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from toolkit.runs import Search
from toolkit.runs.values import encode
from toolkit.trackers.comparison import Difference
from toolkit.trackers.flat import as_text
from toolkit.trackers.verification import Verification

_SHOWN = 20
_LONGEST_CELL = 40
_COLUMNS = ("run", "epoch", "difference", "name", "journal", "stored")


def tell_verified(label: str, found: Verification) -> None:
    """Print a line with the counts, and below it the first differences as a table."""
    click.echo(f"{label}  {found.tracker}: {_counts(found)}")
    if found.comparison is None or not found.comparison.differences:
        return
    differences = found.comparison.differences
    rows = [_COLUMNS, *map(_row, differences[:_SHOWN])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo(f"  {'  '.join(cells)}".rstrip())
    if len(differences) > _SHOWN:
        click.echo(f"  and {len(differences) - _SHOWN} more: --json has them all")


def verified_as_json(search: Search, found: Verification) -> dict[str, Any]:
    """The comparison as JSON can hold it, with every difference; values stand as in a journal."""
    counts = found.comparison
    return {
        "search": search.id,
        "experiment": search.experiment,
        "tracker": found.tracker,
        "decided": None if counts is None else counts.decided,
        "stored": None if counts is None else counts.stored,
        "doubled": None if counts is None else counts.doubled,
        "left_open": None if counts is None else counts.left_open,
        "on_their_way": found.on_their_way,
        "problem": found.problem,
        "differences": [] if counts is None else [encode(asdict(each)) for each in counts.differences],
    }


def _counts(found: Verification) -> str:
    counts = found.comparison
    if counts is None:
        return f"cannot be compared ({found.problem})"
    line = (
        f"{counts.decided} decided, {counts.stored} stored, {counts.doubled} doubled, "
        f"{counts.left_open} left open"
    )
    if found.on_their_way:
        line += f"; the search runs, {found.on_their_way} on their way"
    if counts.differences:
        line += f"; {len(counts.differences)} difference{'' if len(counts.differences) == 1 else 's'}"
    return line


def _row(difference: Difference) -> Sequence[str]:
    return (
        difference.run_id,
        "-" if difference.epoch is None else str(difference.epoch),
        difference.what,
        "-" if difference.name is None else _cell(difference.name),
        "-" if difference.journal is None else _cell(difference.journal),
        "-" if difference.stored is None else _cell(difference.stored),
    )


def _cell(value: Any) -> str:
    """One short word of text: a value may be a whole document."""
    text = as_text(value)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
