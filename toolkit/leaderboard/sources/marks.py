"""How searches stood when somebody took them over from a source, so that only changed ones are read again."""

from typing import NamedTuple

from toolkit.runs import Search, Status


class Mark(NamedTuple):
    """How a search stood when somebody took it over; one that stands otherwise has changed."""

    status: Status
    ended: int | None
    runs: int


def mark_of(search: Search) -> Mark:
    """How the search stands."""
    return Mark(search.status, search.ended, len(search.runs))
