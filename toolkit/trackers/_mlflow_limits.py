"""What MLflow cannot hold, made to fit so that it reads back.

A name may have 250 characters out of letters, digits, `_-. :/` and must be a clean relative path; a
parameter's value may have 6000 characters, a tag's 8000. A name that does not fit gets its odd
characters replaced by `_` and eight hex digits of its SHA-256 behind it, so that two names never meet; one
that reads like such a stand-in gets them too. A value is cut and ends in `…`. The full ones stand in the
run's artifacts `run.json` and `metrics.json`.
"""

import hashlib
import posixpath
import re

MAX_NAME = 250
MAX_PARAM = 6000
MAX_TAG = 8000
PARAMS_A_CALL = 100
METRICS_A_CALL = 1000
MAX_DIGEST = 36

_STAND_IN = re.compile(r"-[0-9a-f]{8}$")  # a name that reads like one might be another one's
_ODD = re.compile(r"[^/\w.\- :]")


def fitting_name(name: str) -> str:
    """The name itself where MLflow takes it, else its documented stand-in."""
    if _fits(name) and _STAND_IN.search(name) is None:
        return name
    digits = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    kept = _ODD.sub("_", name).strip("/. ")[: MAX_NAME - 9]
    stand_in = f"{kept}-{digits}"
    return stand_in if _fits(stand_in) else f"{re.sub('[/.]', '_', kept)}-{digits}"


def fitting_value(text: str, limit: int) -> str:
    """The text, cut to `limit` characters with `…` as the last one."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _fits(name: str) -> bool:
    clean = posixpath.normpath(name) == name and name != "." and not name.startswith(("..", "/"))
    return bool(name) and len(name) <= MAX_NAME and clean and _ODD.search(name) is None
