"""Two searches on a terminal: only what differs, and the trials that they share."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from toolkit.leaderboard.as_table import print_columns
from toolkit.leaderboard.columns import MISSING as DASH
from toolkit.leaderboard.columns import column_of, metric_in_words
from toolkit.leaderboard.differing.of_searches import SearchPair, TrialPair
from toolkit.leaderboard.differing.runs_in_words import difference_in_words
from toolkit.leaderboard.differing.side_by_side import print_changes, print_sides
from toolkit.leaderboard.ranking import Row
from toolkit.leaderboard.showing.printing import duration, moment, print_heading, say
from toolkit.leaderboard.window import Window
from toolkit.runs import Search

_SHOWN = 10


def print_pair_of_searches(pair: SearchPair, console: Console) -> None:
    """Print the difference of two searches; of the trials they share the ten that the first ranks best."""
    title = f"A  {pair.a.experiment}@{pair.a.id}\nB  {pair.b.experiment}@{pair.b.id}"
    console.print(Text(title, style="bold"), soft_wrap=True)
    if pair.incomparable:
        say(console, f"Not to be held against each other: {pair.incomparable}.", style="yellow")
    console.print()
    print_sides(console, _standing(pair))
    print_changes(console, "Search", pair.asked)
    print_changes(console, "Data", pair.data)
    print_changes(console, "Code", pair.code)
    print_heading(console, "Trials with the same configuration")
    for line in _about_common(pair):
        say(console, f"  {line}")
    if pair.common:
        _print_common(pair, console)


def _standing(pair: SearchPair) -> Iterator[tuple[str, str, str]]:
    a, b = pair.a, pair.b
    yield "status", a.status.value, b.status.value
    yield "trials", _counts(a), _counts(b)
    yield "best", _best(a, pair.rows[0]), _best(b, pair.rows[1])
    yield "began", moment(a.started), moment(b.started)
    yield "took", _took(a), _took(b)


def _counts(search: Search) -> str:
    counts = Counter(run.status.value for run in search.runs.values())
    return ", ".join([str(len(search.runs)), *(f"{count} {name}" for name, count in sorted(counts.items()))])


def _best(search: Search, rows: Sequence[Row]) -> str:
    best = next((row for row in rows if row.rank is not None), None)
    if best is None:
        return DASH
    metric = search.header.metric
    return f"trial {best.trial}, {metric} {metric_in_words(best.metrics[metric])}"


def _took(search: Search) -> str:
    return DASH if search.ended is None else duration((search.ended - search.started) / 1000)


def _about_common(pair: SearchPair) -> Iterator[str]:
    alike = sum(both.a.rank == both.b.rank for both in pair.common)
    if pair.common:
        yield f"{len(pair.common)}, of which {alike} have the same rank"
    else:
        yield "none"
    if pair.apart:
        yield f"{pair.apart} have the same number and another configuration"


def _print_common(pair: SearchPair, console: Console) -> None:
    shown = pair.common[:_SHOWN]
    columns = [
        column_of("trial", [both.trial for both in shown]),
        column_of("rank A", [both.a.rank for both in shown]),
        column_of("rank B", [both.b.rank for both in shown]),
        column_of(f"A {pair.a.header.metric}", [_value(pair.a, both.a) for both in shown], is_metric=True),
        column_of(f"B {pair.b.header.metric}", [_value(pair.b, both.b) for both in shown], is_metric=True),
    ]
    if pair.a.header.metric == pair.b.header.metric:
        columns.append(column_of("B-A", [difference_in_words(_apart(pair, both)) for both in shown]))
    print_columns(columns, Window.of(console))
    if len(pair.common) > _SHOWN:
        say(console, f"and {len(pair.common) - _SHOWN} more: --json has them all", style="dim")


def _value(search: Search, row: Row) -> float | None:
    return None if row.rank is None else row.metrics[search.header.metric]


def _apart(pair: SearchPair, both: TrialPair) -> float | None:
    a, b = _value(pair.a, both.a), _value(pair.b, both.b)
    return None if a is None or b is None else float(b) - float(a)
