"""A curve as bars of characters, several lines high."""

from collections.abc import Sequence
from typing import Any

from toolkit.leaderboard.columns import metric_in_words
from toolkit.leaderboard.ranking import is_usable

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_NOTHING = "·"


def bars(values: Sequence[Any], width: int, height: int) -> list[str]:
    """Lines from the top, the highest and the lowest value in front of the first and the last.

    A value is a bar, the lowest one an eighth of a line; `·` stands for NaN, infinities and what is no
    number. Of more values than there is room for an even choice is shown, the first and the last among them.
    """
    usable = [value for value in values if is_usable(value)]
    if not usable:
        return ["no epoch has a number"]
    low, high = min(usable), max(usable)
    labels = metric_in_words(high), metric_in_words(low)
    margin = max(map(len, labels))
    room = max(width - margin - 1, 2)
    if len(values) > room:
        values = [values[round(place * (len(values) - 1) / (room - 1))] for place in range(room)]
    thick = max(1, min(room // len(values), 4))
    columns = [_bar(value, low, high, height) for value in values]
    lines = []
    for line in range(height):
        label = labels[0] if line == 0 else labels[1] if line == height - 1 else ""
        drawn = "".join(_thick(column[line], thick) for column in columns)
        lines.append(f"{label:>{margin}} {drawn}".rstrip())
    return lines


def _bar(value: Any, low: float, high: float, height: int) -> str:
    """One column of characters, from the top."""
    if not is_usable(value):
        return " " * (height - 1) + _NOTHING
    # Each halved first: their difference may be more than a float holds.
    share = 0.0 if low == high else (value / 2 - low / 2) / (high / 2 - low / 2)
    filled = max(1, round(share * height * 8))
    return "".join(_EIGHTHS[min(max(filled - 8 * below, 0), 8)] for below in reversed(range(height)))


def _thick(char: str, count: int) -> str:
    """The character as wide as a bar, with a gap behind it where there is room for one."""
    return char * count if count < 3 else char * (count - 1) + " "
