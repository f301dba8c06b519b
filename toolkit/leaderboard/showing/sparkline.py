"""A curve in one line of characters."""

from collections.abc import Sequence
from typing import Any

from toolkit.leaderboard.ranking import is_usable

_BARS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"


def sparkline(values: Sequence[Any], width: int = 60, *, scale: Sequence[Any] | None = None) -> str:
    """One bar a value, from the lowest to the highest of them; `·` for NaN, infinities and what is no number.

    With `scale` from its lowest to its highest value, so that two curves can be held together. Of more
    values than `width` an even choice is shown, the first and the last among them.
    """
    scale = values if scale is None else scale
    if len(values) > width:
        values = [values[round(place * (len(values) - 1) / (width - 1))] for place in range(width)]
    usable = [float(value) for value in scale if is_usable(value)]
    low, high = min(usable, default=0.0), max(usable, default=0.0)
    return "".join(_bar(value, low, high) if is_usable(value) else _NOTHING for value in values)


def _bar(value: float, low: float, high: float) -> str:
    if low == high:
        return _BARS[0]
    # Each halved first: their difference may be more than a float holds.
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]
