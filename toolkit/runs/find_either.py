"""From what a user types to a run or a whole search, for commands that take both."""

import re

from toolkit.errors import NotFoundError
from toolkit.runs.find import find_run, find_searches, is_trial
from toolkit.runs.layout import Project
from toolkit.runs.search import Run, Search

_BEGINNING_OF_AN_ID = re.compile(r"[0-9a-f]{4,12}(r\d*)?")


def find_either(project: Project, address: str) -> tuple[Search, Run | None]:
    """The search with the run that is named; None for the run where the address names a search.

    A run goes by its id, a unique beginning of one, or `experiment/trial`; a search by its experiment's name
    (the newest one), `name@id-prefix`, a unique beginning of its id of at least four digits, or a folder
    with one journal.

    Raises:
        JournalError: a journal cannot be read.
        NotFoundError: nothing or more than one goes by that name; the message lists the near ones.
    """
    name, slash, number = address.rpartition("/")
    if slash and name and is_trial(number):
        return find_run(project, address)
    try:
        found = find_searches(project, [address])
    except NotFoundError as error:
        return _by_id(project, address, error)
    if len(found) > 1:
        raise NotFoundError(f"{address!r} names {len(found)} searches: write name@id-prefix")
    return found[0], None


def _by_id(project: Project, address: str, no_search: NotFoundError) -> tuple[Search, Run | None]:
    if _BEGINNING_OF_AN_ID.fullmatch(address):
        searches = [s for s in find_searches(project, every=True) if s.id.startswith(address)]
        if len(searches) == 1:
            return searches[0], None
    if not re.match(r"[0-9a-f]{4}", address):
        raise no_search
    return find_run(project, address)
