"""What becomes of names and values in Trackio, whose rows are JSON with 64-bit integers."""

from typing import Any

from toolkit.trackers.flat import as_text

# A row has columns of these names; Trackio's own logging renames such metrics in the same way.
_TAKEN = {"project", "run", "timestamp", "step", "time", "metrics"}
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def stored_name(name: str) -> str:
    """The metric's name, with two underscores in front where it is Trackio's or has two already."""
    return f"__{name}" if name in _TAKEN or name.startswith("__") else name


def stored_value(value: Any) -> Any:
    """Numbers, booleans, text and None as they are; what else there is, and huge integers, as text."""
    if value is None or isinstance(value, bool | float | str):
        return value
    if isinstance(value, int) and _SMALLEST <= value <= _LARGEST:
        return value
    return as_text(value)  # a dictionary might be taken for one of Trackio's own objects
