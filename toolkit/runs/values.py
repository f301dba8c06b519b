"""Values that JSON cannot hold, written so that every JSON reader still reads the line.

JSON has no NaN and no infinities, and a metric may well be one: they stand as `{"$float": "nan"}`.
Scalars of numpy and torch become the Python number that they hold, arrays lists; anything else its `repr`,
marked. So does an integer that Python itself does not read back (over 4300 digits), in hexadecimal, and text
that is no Unicode.
"""

import json
import math
from typing import Any

_MOST_BITS = 14_000
"""Of an integer; Python reads and writes 4300 decimal digits, which is 14,284 bits."""


def dumps(record: Any) -> str:
    """One line of JSON for a record or another value; NaN and infinities are marked objects."""
    try:
        line = _ENCODER.encode(record)
        line.encode()
        return line
    except (ValueError, TypeError):  # a UnicodeEncodeError is a ValueError too
        return _ENCODER.encode(encode(record))


def loads(line: str | bytes) -> Any:
    """The record of a line that `dumps` wrote.

    Raises:
        ValueError: the line is not JSON.
    """
    try:
        text = line if isinstance(line, str) else line.decode()
        return (_MARKED if '"$float"' in text else _PLAIN).decode(text)
    except ValueError:
        return json.loads(line, object_hook=_decode_object)  # in another encoding, or no JSON at all


def encode(value: Any) -> Any:
    """The value with everything that JSON cannot hold replaced by its marked form."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _MOST_BITS else {"$repr": hex(value)}
    if isinstance(value, str):
        return str(value) if is_unicode(value) else {"$repr": ascii(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, dict):
        return {_as_key(key): encode(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [encode(inner) for inner in value]
    if getattr(value, "ndim", None) == 0 and callable(getattr(value, "item", None)):
        return encode(value.item())  # a scalar of numpy or torch
    if callable(getattr(value, "tolist", None)):
        return encode(value.tolist())  # an array of numpy or torch
    return {"$repr": ascii(value)} if not is_unicode(repr(value)) else {"$repr": repr(value)}


def is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold it: no half of a surrogate pair, as a file name in another encoding gives it."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _as_key(key: object) -> str:
    text = str(key)
    return text if is_unicode(text) else ascii(text)[1:-1]


def _decode_object(value: dict[str, Any]) -> Any:
    if len(value) == 1 and value.get("$float") in ("nan", "inf", "-inf"):
        return float(value["$float"])
    return value


# Made once: `json.dumps` and `json.loads` make one a call, for a million lines a good part of the time. Few
# lines hold a marked value, and looking at every object for one takes as long as reading it.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_MARKED = json.JSONDecoder(object_hook=_decode_object)
_PLAIN = json.JSONDecoder()
