"""The page itself: our template, style and scripts, the charting library, and the data, in one file.

plotly.js comes out of the installed `plotly` package. The page's own policy lets it run only the scripts
whose SHA-256 stands in its head, and fetch nothing.
"""

import base64
import hashlib
import html
import json
from importlib.resources import files
from string import Template
from typing import Any

_SCRIPTS = (
    "data",
    "format",
    "dom",
    "theme",
    "address",
    "selection",
    "chart",
    "filter",
    "column_chooser",
    "table",
    "curves",
    "progress",
    "parallel",
    "importance",
    "marginal",
    "pareto",
    "confusion",
    "board",
    "main",
)
"""In the order in which they need each other."""

_DIRECTIVES = (
    "default-src 'none'",
    "script-src {scripts} 'unsafe-eval'",  # plotly.js compiles its WebGL commands at run time
    "style-src 'unsafe-inline'",  # and writes its own styles
    "img-src data: blob:",  # a chart saved as a picture
    "base-uri 'none'",
    "form-action 'none'",
)


def page(title: str, data: Any) -> str:
    """The whole HTML; `data` is what JSON can hold, without NaN."""
    from plotly.offline import get_plotlyjs  # here, for only a report needs it

    scripts = [_plain_ends(get_plotlyjs()), *(_own(f"js/{name}.js") for name in _SCRIPTS)]
    return Template(_own("page.html")).substitute(
        title=html.escape(title),
        policy=html.escape(_policy(scripts)),
        style=_own("style.css"),
        data=embedded(data),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def embedded(data: Any) -> str:
    """JSON that can stand inside a script element: no text in it can end the element or begin another."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _own(name: str) -> str:
    return _plain_ends(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _plain_ends(text: str) -> str:
    """With LF alone: a browser reads it so, and the digest is of what it reads."""
    return text.replace("\r\n", "\n")


def _policy(scripts: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return "; ".join(_DIRECTIVES).format(scripts=allowed)
