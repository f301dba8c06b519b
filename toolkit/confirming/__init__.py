"""Is the winner real: the leaders of a leaderboard on fresh seeds, and what that says of the lead.

The names below are resolved when they are first used (PEP 562): who only looks for leaders waits for neither
torch nor scipy.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.confirming.as_json import to_dict as to_dict
    from toolkit.confirming.as_text import as_lines as as_lines
    from toolkit.confirming.confirming import Confirmation as Confirmation
    from toolkit.confirming.confirming import confirm as confirm
    from toolkit.confirming.confirming import judge_kept as judge_kept
    from toolkit.confirming.leaders import Field as Field
    from toolkit.confirming.leaders import Leader as Leader
    from toolkit.confirming.leaders import choose_leaders as choose_leaders
    from toolkit.confirming.leaders import find_leaders as find_leaders
    from toolkit.confirming.sealed_split import Opening as Opening
    from toolkit.confirming.sealed_split import find_test_file as find_test_file
    from toolkit.confirming.sealed_split import open_test as open_test

_HOMES = {
    "Confirmation": "toolkit.confirming.confirming",
    "Field": "toolkit.confirming.leaders",
    "Leader": "toolkit.confirming.leaders",
    "Opening": "toolkit.confirming.sealed_split",
    "as_lines": "toolkit.confirming.as_text",
    "choose_leaders": "toolkit.confirming.leaders",
    "confirm": "toolkit.confirming.confirming",
    "find_leaders": "toolkit.confirming.leaders",
    "find_test_file": "toolkit.confirming.sealed_split",
    "judge_kept": "toolkit.confirming.confirming",
    "open_test": "toolkit.confirming.sealed_split",
    "to_dict": "toolkit.confirming.as_json",
}
__all__ = [
    "Confirmation",
    "Field",
    "Leader",
    "Opening",
    "as_lines",
    "choose_leaders",
    "confirm",
    "find_leaders",
    "find_test_file",
    "judge_kept",
    "open_test",
    "to_dict",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'toolkit.confirming' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
