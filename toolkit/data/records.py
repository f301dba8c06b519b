"""Text of a CSV file to records, each with the line it begins on.

`csv` in its strict mode parses; what it refuses is looked at a second time to find the line on
which the bad quote opened, and reading goes on behind that line so that all problems come together.
"""

import csv
import io
import re
from collections.abc import Iterator

from toolkit.data.problems import Problems

# A whole field with the separator behind it; where none matches, a bad quote opened.
_FIELD = re.compile(r'(?:"(?:[^"]|"")*+"|[^",\r\n][^,\r\n]*|)(?:,|\r\n?|\n|\Z)')

_NEVER_CLOSED = 'the quote that opens here is never closed; write a quote inside a text twice: ""'
_TEXT_BEHIND = (
    'text follows a closing quote; quote the whole field and double the quotes inside: """Foo"" Bar"'
)
_TOO_LONG = f"a field holds more than {csv.field_size_limit():,} characters; is a quote left open?"


def read_records(text: str, source: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, fields) per record; an empty line is a record without fields.

    Fields are separated by commas and quoted with `"`, a quote inside is doubled. Line breaks may be
    LF, CRLF or CR, inside quotes too. Quotes that do not close are added to `problems`.
    """
    lines = list(io.StringIO(text, newline=""))
    first = 0
    while first < len(lines):
        begin = first
        reader = csv.reader(lines[first:], strict=True)
        try:
            for fields in reader:
                yield begin + 1, fields
                begin = first + reader.line_num
            return
        except csv.Error as error:
            opened, what = begin, _TOO_LONG
            if "field larger" not in str(error):
                opened += _bad_quote("".join(lines[begin:]))
                # A quote left open seems to close where the next one opens, lines later.
                on_one_line = opened == first + reader.line_num - 1
                what = _TEXT_BEHIND if on_one_line and "end of data" not in str(error) else _NEVER_CLOSED
            problems.add(f"{source}:{opened + 1}", what)
            first = opened + 1


def _bad_quote(record: str) -> int:
    """Line breaks between the begin of the record and the quote that does not close as it should."""
    position = 0
    while (field := _FIELD.match(record, position)) and field.end() > position:
        position = field.end()
    return record[:position].replace("\r\n", "\n").replace("\r", "\n").count("\n")
