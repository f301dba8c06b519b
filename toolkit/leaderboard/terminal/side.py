"""What stands beside the table: one run with its curve, or two runs and their difference."""

import io

from rich.console import Console
from rich.text import Text

from toolkit.leaderboard.columns import MISSING, in_words, metric_in_words
from toolkit.leaderboard.differing.of_runs import RunPair
from toolkit.leaderboard.differing.runs_in_words import print_pair_of_runs
from toolkit.leaderboard.printable import printable
from toolkit.leaderboard.ranking import Row, Table
from toolkit.leaderboard.results import overall
from toolkit.leaderboard.terminal.curve import bars
from toolkit.runs import Point

_HEIGHT = 6


def run_as_text(table: Table, row: Row, points: list[Point], width: int) -> Text:
    """The run's curve of the ranking metric, then its metrics at its epoch and its hyperparameters."""
    metric = table.yardstick.metric
    text = Text(no_wrap=True, overflow="ellipsis")
    stopped = "" if row.rung is None else f" at rung {row.rung}"
    text.append(f"{row.experiment}@{row.search}/{row.trial}\n", style="bold")
    text.append(f"rank {in_words(row.rank)}, {row.status}{stopped}\n")
    if row.reason is not None:
        text.append(f"{printable(row.reason)}\n", style="red")
    if points:
        epoch = MISSING if row.epoch is None else str(row.epoch)
        text.append(f"\n{metric}, {len(points)} epochs, {table.scope} {epoch}\n", style="bold")
        curve = bars([point.metrics.get(metric) for point in points], width, _HEIGHT)
        text.append("\n".join(curve) + "\n", style="cyan")
    measured = {name: metric_in_words(value) for name, value in overall(row.metrics).items()}
    for values in (measured, {path: in_words(value) for path, value in row.params.items()}):
        if values:
            text.append("\n")
        for name, value in values.items():
            text.append(f"{printable(name)}  ", style="dim").append(f"{printable(value)}\n")
    return text


def pair_as_text(pair: RunPair, width: int) -> Text:
    """The difference as `toolkit diff` prints it."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, color_system="standard", width=width, highlight=False)
    print_pair_of_runs(pair, console)
    return Text.from_ansi(stream.getvalue(), no_wrap=True)
