"""The epochs of a run as a table."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from toolkit.leaderboard.as_table import fit, print_columns
from toolkit.leaderboard.columns import Column, in_words, metric_in_words
from toolkit.leaderboard.ranking import best_point
from toolkit.leaderboard.results import overall
from toolkit.leaderboard.showing.printing import say
from toolkit.leaderboard.showing.sparkline import sparkline
from toolkit.leaderboard.window import Window
from toolkit.runs import Point, Run

_AT_EACH_END = 10


def print_epochs(console: Console, run: Run, metric: str, mode: str) -> None:
    """Every epoch with its metrics, the ranking one as a curve too; of a long run both ends and the best."""
    if not run.known:
        say(console, "  no epoch has ended")
        return
    best = best_point(run, metric, mode)
    curve = [point.metrics.get(metric) for point in run.points]
    if len(curve) > 1:
        ends = f"{metric_in_words(curve[0])} to {metric_in_words(curve[-1])}"
        say(console, f"  {metric}  {sparkline(curve)}  {ends}")
    shown = _shown(run.known, best)
    columns, left_out = fit(_columns(shown, run, metric, best), console.width)
    places = [place for place, point in enumerate(shown) if point is best]
    print_columns(columns, Window.of(console), bold=places[0] if places else None)
    hidden = len(run.known) - len(shown)
    if hidden:
        say(console, f"{hidden} epochs between them are not shown: --json has them all", style="dim")
    if left_out:
        names = ", ".join(column.title for column in left_out)
        say(console, f"No room for {names}: widen the window, or use --json.", style="dim")


def _shown(points: Sequence[Point], best: Point | None) -> list[Point]:
    if len(points) <= 3 * _AT_EACH_END:
        return list(points)
    last = len(points) - _AT_EACH_END
    ends = (place < _AT_EACH_END or place >= last for place in range(len(points)))
    return [point for point, is_end in zip(points, ends, strict=True) if is_end or point is best]


def _columns(points: Sequence[Point], run: Run, metric: str, best: Point | None) -> list[Column]:
    names = dict.fromkeys(name for point in points for name in overall(point.metrics))
    ordered = sorted(names, key=lambda name: (name != metric, not name.startswith("validation_")))
    marks = [_mark(point, run, best) for point in points]
    return [
        Column("epoch", [str(point.epoch) for point in points], is_number=True),
        *([Column("", marks)] if any(marks) else []),
        *(_metric(name, weight, points) for weight, name in enumerate(ordered)),
        Column("seconds", [_seconds(point.seconds) for point in points], weight=1, is_number=True),
        Column("step", [str(point.step) for point in points], weight=len(ordered) + 1, is_number=True),
    ]


def _metric(name: str, weight: int, points: Sequence[Point]) -> Column:
    cells = [metric_in_words(point.metrics.get(name)) for point in points]
    return Column(name, cells, weight, is_number=True)


def _mark(point: Point, run: Run, best: Point | None) -> str:
    if point is best:
        return "best"
    return "provisional" if any(point is other for other in run.provisional) else ""


def _seconds(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else in_words(value)
