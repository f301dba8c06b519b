"""What a written report holds, read back out of its HTML."""

import html.parser
import json
from pathlib import Path
from typing import Any


class Elements(html.parser.HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = [] if tag == "script" else self._inside

    def handle_data(self, data: str) -> None:
        self._inside.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.scripts.append((self.found[-1][1], "".join(self._inside)))


def data_in(path: Path) -> dict[str, Any]:
    """The data of the report."""
    (data,) = (
        text
        for about, text in Elements(path.read_text(encoding="utf-8")).scripts
        if about.get("id") == "data"
    )
    return json.loads(data)


def cells(column: dict[str, Any], absent: Any = None) -> list[Any]:
    """The column's value of each row, as the page decodes it."""
    if "values" in column:
        return [absent if value is None else value for value in column["values"]]
    return [absent if code == -1 else column["levels"][code] for code in column["codes"]]
