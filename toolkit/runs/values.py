"""Values that JSON cannot hold, written so that every JSON reader still reads the line.

JSON has no NaN and no infinities, and a metric may well be one: they stand as `{"$float": "nan"}`.
Scalars of numpy and torch become the Python number that they hold; anything else its `repr`, marked.
"""

import json
import math
from typing import Any


def dumps(record: dict[str, Any]) -> str:
    """One line of JSON for the record, without spaces; NaN and infinities are marked objects."""
    try:
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError):
        return json.dumps(encode(record), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def loads(line: str | bytes) -> Any:
    """The record of a line that `dumps` wrote.

    Raises:
        ValueError: the line is not JSON.
    """
    return json.loads(line, object_hook=_decode_object)


def encode(value: Any) -> Any:
    """The value with everything that JSON cannot hold replaced by its marked form."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, dict):
        return {str(key): encode(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [encode(inner) for inner in value]
    if getattr(value, "ndim", None) == 0 and callable(getattr(value, "item", None)):
        return encode(value.item())  # a scalar of numpy or torch
    if callable(getattr(value, "tolist", None)):
        return encode(value.tolist())  # an array of numpy or torch
    return {"$repr": repr(value)}


def _decode_object(value: dict[str, Any]) -> Any:
    if len(value) == 1 and isinstance(value.get("$float"), str):
        return float(value["$float"])
    return value
