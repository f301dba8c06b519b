"""The text of `--where`, read by Python's own parser: here it becomes Python, and places point back.

Every name becomes a placeholder that Python can spell, so that paths may hold keywords, digits and, in
backticks, anything; the words of SQL become Python's. Nothing is ever evaluated.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from toolkit.errors import ConfigurationError

_LONGEST = 100_000
_DEEPEST = 50

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    | (?P<name>(?:[^\W\d][\w\u0300-\u036f]*|`[^`]+`)(?:\.(?:[\w\u0300-\u036f]+|`[^`]+`))*)
    | (?P<number>(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<operator><>|[<>=!]=|[<>=(),\[\]+-])
    """,
    re.VERBOSE,
)
_WORDS = {
    **{word: word for word in ("and", "or", "not", "in", "is")},
    **dict.fromkeys(("missing", "none", "null"), "None"),
    "true": "True",
    "false": "False",
}
_OPERATORS = {"=": "==", "<>": "!=", "[": "(", "]": ")"}


@dataclass(frozen=True)
class Parsed:
    """The text as a tree.

    Attributes:
        tree: of Python's grammar; each name in it is a key of `names`.
        names: placeholder -> the name that stands in the text.
        place: from a node to its column in the text, from 1.
    """

    tree: ast.expr
    names: dict[str, str]
    place: Callable[[ast.AST], int]


def parse(text: str) -> Parsed:
    """The text as a tree.

    Raises:
        ConfigurationError: it is no condition; the message names the column where it stops making sense.
    """
    if not text.strip():
        raise ConfigurationError("--where: the condition is empty")
    if len(text) > _LONGEST:
        raise ConfigurationError(f"--where: {len(text)} characters are too many, {_LONGEST} may be given")
    python, names, places = _as_python(text)

    def place_of_byte(offset: int) -> int:
        return places[min(len(python.encode()[:offset].decode(errors="ignore")), len(places) - 1)]

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about backslashes in texts, which are Python's
            tree = ast.parse(python, mode="eval").body
    except SyntaxError as error:
        # Here the offset counts characters, from 1; at the end of the text it is 0.
        column = places[(error.offset or 0) - 1 if (error.offset or 0) <= len(python) else -1]
        raise ConfigurationError(_not_understood(text, column, error)) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise ConfigurationError(f"--where: it is nested too deep, {_DEEPEST} levels may be") from error
    return Parsed(tree, names, lambda node: place_of_byte(getattr(node, "col_offset", 0)))


def too_deep(column: int) -> ConfigurationError:
    """What is said of a condition in too many parentheses."""
    return at(column, f"it is nested too deep here, {_DEEPEST} levels may be")


def at(column: int, problem: str) -> ConfigurationError:
    """The error with its place in the text."""
    return ConfigurationError(f"--where, column {column}: {problem}")


def check_depth(depth: int, column: int) -> None:
    """Raises ConfigurationError beyond the deepest level."""
    if depth > _DEEPEST:
        raise too_deep(column)


def _as_python(text: str) -> tuple[str, dict[str, str], list[int]]:
    """The text in Python's spelling, its names by placeholder, and the column of each of its characters."""
    names: dict[str, str] = {}
    pieces: list[str] = []
    places: list[int] = []
    depth = 0
    before = ""
    for kind, piece, column in _tokens(text):
        if kind == "name" and piece.lower() in _WORDS:
            written = _WORDS[piece.lower()]
        elif kind == "name":
            written = f"n{len(names)}"
            names[written] = piece.replace("`", "")
        else:
            written = _OPERATORS.get(piece, piece)
        if before == kind == "string":  # which Python would take for one text
            raise at(column, "a text follows a text; a quote within one is written \\'")
        before = kind
        depth += {"(": 1, ")": -1}.get(written, 0)
        check_depth(depth, column)
        pieces.append(f"{written} ")
        places += [column] * len(pieces[-1])
    return "".join(pieces), names, [*places, len(text.rstrip()) + 1]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    end = 0
    while end < len(text):
        found = _TOKEN.match(text, end)
        if found is None:
            raise at(end + 1, _unreadable(text[end:]))
        if found.lastgroup is not None and found.lastgroup != "space":
            yield found.lastgroup, found[0], end + 1
        end = found.end()


def _unreadable(rest: str) -> str:
    if rest[0] in "'\"`":
        return f"the {rest[0]} here is never closed"
    if rest[0].isdigit():
        return f"{rest.split()[0][:20]!r} is no number: texts stand in quotes"
    told = {"&": "write `and`", "|": "write `or`", "!": "write `not` or `!=`", "~": "write `not`"}
    return f"{rest[0]!r} has no meaning here: " + told.get(
        rest[0], "a name that holds it stands in `backticks`"
    )


def _not_understood(text: str, column: int, error: SyntaxError) -> str:
    if column > len(text.rstrip()):
        return f"--where, column {column}: it ends too early"
    if "was never closed" in error.msg or "unmatched" in error.msg:
        return f"--where, column {column}: a parenthesis stands alone"
    word = text[column - 1 :].split()[0][:20]
    return (
        f"--where, column {column}: {word!r} is not understood here; a condition reads "
        "optimizer.lr < 0.005 and pooler.type in ('gru', 'lstm')"
    )
