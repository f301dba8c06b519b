"""From what a person types to a column: full names, and any unique end of a dotted path.

Full names are those of the CSV: `status`, `metrics.validation_loss`, `params.trainer.optimizer.lr`.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolkit.errors import ConfigurationError

_GROUPS = ("metrics.", "params.")
_SHOWN = 5


@dataclass(frozen=True)
class Field:
    """A column that can be asked for.

    Attributes:
        name: its full name, as in the CSV.
        sql: the SQL expression of its value, an identifier already quoted; values are those of `to_cell`.
    """

    name: str
    sql: str


class Fields:
    """The columns of one leaderboard, found by what people call them."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = {field.name: field for field in fields}

    def find(self, name: str) -> Field:
        """The column of that name, as `find_name` understands names.

        Raises:
            ConfigurationError: no column goes by that name, or more than one.
        """
        return self._fields[find_name(name, list(self._fields))]


def find_name(name: str, known: Sequence[str]) -> str:
    """The one of the full names that is meant: the nearest reading wins.

    A column's own name comes first (`status`), then a metric or hyperparameter in full, with or without
    `metrics.` or `params.` before it, then a hyperparameter by any end of its dotted path (`lr`,
    `optimizer.lr`) that no other one has. Composed and decomposed umlauts are the same.

    Raises:
        ConfigurationError: none goes by that name (the near ones are listed), or more than one.
    """
    wanted = _plain(name)
    for found in (
        [full for full in known if _plain(full) == wanted],
        [full for full in known if _plain(bare(full)) == wanted],
        [full for full in known if _ends_with(full, wanted)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise ConfigurationError(f"{name!r} may be {_either(found, known)}: write more of its path")
    raise ConfigurationError(f"no column {name!r}{_near(wanted, known)}")


def find_or_none(name: str, known: Sequence[str]) -> str | None:
    """The same where it is no error that nothing goes by that name; None also where more than one does."""
    try:
        return find_name(name, known)
    except ConfigurationError:
        return None


def bare(full: str) -> str:
    """The name without `metrics.` or `params.` before it."""
    return full.partition(".")[2] if full.startswith(_GROUPS) else full


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def _ends_with(full: str, wanted: str) -> bool:
    """Whether whole words at the end of the path are what is wanted; a group before them must be right."""
    if not full.startswith(_GROUPS):
        return False
    group, _, path = _plain(full).partition(".")
    return f".{path}".endswith(f".{wanted.removeprefix(f'{group}.')}")


def _either(found: Sequence[str], known: Sequence[str]) -> str:
    """The candidates, each as short as it can be typed."""
    shown = [_shortest(full, known) for full in found[:_SHOWN]]
    more = len(found) - _SHOWN
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def _shortest(full: str, known: Sequence[str]) -> str:
    if not full.startswith(_GROUPS) or sum(bare(other) == bare(full) for other in known) > 1:
        return full
    words = bare(full).split(".")
    for count in range(1, len(words)):
        end = ".".join(words[-count:])
        is_a_name = not end[0].isdigit()  # a condition would take it for a number
        if is_a_name and end not in known and sum(_ends_with(other, end) for other in known) == 1:
            return end
    return bare(full)


def _near(wanted: str, known: Sequence[str]) -> str:
    """What may have been meant: full paths are compared, and their last words."""
    spellings: dict[str, str] = {}
    for full in known:
        words = bare(full).split(".")
        for count in range(len(words), 0, -1):
            spellings.setdefault(".".join(words[-count:]), full)
    import difflib  # only a name that nothing has needs it

    near = difflib.get_close_matches(wanted, list(spellings), n=_SHOWN, cutoff=0.6)
    if near:
        shown = dict.fromkeys(_shortest(spellings[end], known) for end in near)
        return f", did you mean {' or '.join(list(shown)[:3])}?"
    # Metrics per label are many, and nobody who mistypes wants to read them all.
    listed = [_shortest(full, known) for full in known if "__" not in full]
    more = f" and {len(listed) - 20} more" if len(listed) > 20 else ""
    return f"; there are: {', '.join(listed[:20])}{more}" if listed else ": there are none"
