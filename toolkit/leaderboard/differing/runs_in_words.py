"""Two runs on a terminal: only what differs, their metrics, and their curves."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from toolkit.leaderboard.as_table import fit, print_columns
from toolkit.leaderboard.columns import MISSING as DASH
from toolkit.leaderboard.columns import Column, metric_in_words
from toolkit.leaderboard.differing.changes import MISSING
from toolkit.leaderboard.differing.of_runs import MetricPair, RunPair
from toolkit.leaderboard.differing.side_by_side import print_changes, print_sides
from toolkit.leaderboard.ranking import is_usable
from toolkit.leaderboard.showing.printing import duration, moment, print_heading, say
from toolkit.leaderboard.showing.sparkline import sparkline
from toolkit.leaderboard.window import Window
from toolkit.runs import Run, Search

_MOST_EPOCHS = 20


def print_pair_of_runs(pair: RunPair, console: Console) -> None:
    """Print the difference of two runs; metrics of single labels are in the JSON only."""
    title = f"A  {_address(*pair.a)}\nB  {_address(*pair.b)}"
    console.print(Text(title, style="bold"), soft_wrap=True)
    if pair.incomparable:
        say(console, f"Not to be held against each other: {pair.incomparable}.", style="yellow")
    console.print()
    print_sides(console, _standing(pair))
    print_changes(console, "Configuration", pair.configuration)
    print_changes(console, "Data", pair.data)
    print_changes(console, "Code", pair.code)
    print_heading(console, "Metrics, each run at its best epoch")
    _print_metrics(console, [metric for metric in pair.metrics if "__" not in metric.name])
    print_heading(console, f"Curves of {pair.metric}")
    _print_curves(console, pair)


def _address(search: Search, run: Run) -> str:
    return f"{search.experiment}@{search.id}/{run.trial}"


def _standing(pair: RunPair) -> Iterator[tuple[str, str, str]]:
    (_, a), (_, b) = pair.a, pair.b
    yield "status", _status(a), _status(b)
    yield "epochs", _epochs(a, pair.best[0]), _epochs(b, pair.best[1])
    yield "began", moment(a.started), moment(b.started)
    yield "took", _took(a), _took(b)


def _epochs(run: Run, best: int | None) -> str:
    return f"{len(run.points)}, best {DASH if best is None else best}"


def _status(run: Run) -> str:
    return run.status.value + (f" at rung {run.rung}" if run.rung is not None else "")


def _took(run: Run) -> str:
    return DASH if run.ended is None else duration((run.ended - run.started) / 1000)


def _print_metrics(console: Console, metrics: Sequence[MetricPair]) -> None:
    if not metrics:
        say(console, "  none", style="dim")
        return
    print_columns(
        [
            Column("metric", [metric.name for metric in metrics]),
            Column("A", [metric_in_words(metric.a) for metric in metrics], is_number=True),
            Column("B", [metric_in_words(metric.b) for metric in metrics], is_number=True),
            Column("B-A", [difference_in_words(metric.difference) for metric in metrics], is_number=True),
            Column("better", [(metric.better or "").upper() for metric in metrics]),
        ],
        Window.of(console),
    )


def difference_in_words(value: int | float | None) -> str:
    """With its sign; `-` where there is none, `0` where there is no difference."""
    if value is None or value == 0:
        return DASH if value is None else "0"
    return ("+" if value > 0 else "") + metric_in_words(value)


def _print_curves(console: Console, pair: RunPair) -> None:
    both = [value for values in pair.curves.values() for value in values]
    for name, side in (("A", 0), ("B", 1)):
        curve = [values[side] for values in pair.curves.values() if values[side] is not MISSING]
        say(console, f"  {name}  {sparkline(curve, scale=both)}")
    epochs = list(pair.curves)[:_MOST_EPOCHS]
    sides = [pair.curves[epoch] for epoch in epochs]
    if not sides:
        return
    columns = [
        Column("epoch", [str(epoch) for epoch in epochs], is_number=True),
        Column("A", [_point(a) for a, _ in sides], is_number=True),
        Column("B", [_point(b) for _, b in sides], is_number=True),
        Column("B-A", [_apart(a, b) for a, b in sides], is_number=True),
    ]
    print_columns(fit(columns, console.width)[0], Window.of(console), bold=None)
    if len(pair.curves) > _MOST_EPOCHS:
        say(console, f"and {len(pair.curves) - _MOST_EPOCHS} epochs more: --json has them all", style="dim")


def _point(value: Any) -> str:
    return DASH if value is MISSING else metric_in_words(value)


def _apart(a: Any, b: Any) -> str:
    return difference_in_words(b - a if is_usable(a) and is_usable(b) else None)
