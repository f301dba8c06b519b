"""Parameters of MLflow, which are all text, as the values that they were.

Numbers, truth values, lists and objects are read as JSON reads them, and so are the words by which Python
prints what JSON has no other word for. A text that reads like a number becomes one: MLflow does not tell
them apart.
"""

import json
import math
from typing import Any

_WORDS: dict[str, Any] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
    "nan": math.nan,
    "NaN": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
}
_BEGINS = frozenset("-0123456789[{")


def value_of(text: str) -> Any:
    """The value that the text stands for; the text itself where it is only that.

    One that MLflow's limit has cut ends in `…`, and stays text.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] not in _BEGINS:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
