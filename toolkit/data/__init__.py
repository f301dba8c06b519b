"""Data: reading and checking rows of text and label, and the embedded data sets.

`Dataset` is what the rest of the package works with. Importing this room loads no pandas; the
names below are resolved when they are first used (PEP 562).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.data.dataset import Dataset as Dataset
    from toolkit.data.normalise import nfc as nfc
    from toolkit.data.reader import Rows as Rows
    from toolkit.data.reader import read_csv as read_csv
    from toolkit.data.splits import check_splits as check_splits

_HOMES = {
    "Dataset": "toolkit.data.dataset",
    "Rows": "toolkit.data.reader",
    "check_splits": "toolkit.data.splits",
    "nfc": "toolkit.data.normalise",
    "read_csv": "toolkit.data.reader",
}
__all__ = ["Dataset", "Rows", "check_splits", "nfc", "read_csv"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'toolkit.data' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
