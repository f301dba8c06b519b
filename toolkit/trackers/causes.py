"""What a service's exception comes down to, in one line for people.

Clients wrap the cause three or four times and put requests and statements into the text. Here the
innermost cause decides, and the address is kept: what is away, and in which way.
"""

import os
import re
from collections.abc import Iterator

from toolkit.errors import ToolkitError
from toolkit.runs.secrets import without_secrets

_LONGEST = 300
_ADDRESS = re.compile(r"https?://[^/\s'\"]+")
# What follows these is for programmers: statements, links to manuals, whole pages of HTML.
_REST = re.compile(r"\s*(\[SQL: |\(Background on this error|Response body: |Full response: ).*", re.DOTALL)
_HTTP_ERROR = re.compile(r"too many (\d{3}) error responses|error code (\d{3}) !=|HTTP status code (\d{3})")


def in_words(error: BaseException) -> str:
    """One line without secrets: our own errors speak for themselves, others by what lies at their bottom."""
    return without_secrets(_told(error))


def _told(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, ToolkitError):
        return text
    address = _ADDRESS.search(text)
    reason = _reason(error)
    if address is not None and reason is not None:
        return f"{address[0]} does not answer: {reason}"
    if address is not None and (failed := _HTTP_ERROR.search(text)):
        return f"{address[0]} answers with error {next(filter(None, failed.groups()))}"
    drivers = [driver for cause in _chain(error) if (driver := getattr(cause, "orig", None)) is not None]
    if drivers:  # a database's own word, without the statement
        return " ".join(str(drivers[0]).split())[:_LONGEST]
    told = _REST.sub("", text)[:_LONGEST]
    return f"{type(error).__name__}: {told}"


def _reason(error: BaseException) -> str | None:
    """The operating system's own word for it, from the innermost exception that has one."""
    innermost = None
    for cause in _chain(error):
        if isinstance(cause, TimeoutError):
            innermost = "it took too long"
        elif isinstance(cause, ConnectionError | OSError) and cause.errno is not None and cause.errno > 0:
            innermost = os.strerror(cause.errno).lower()
        elif isinstance(cause, ConnectionError):
            innermost = "the connection was cut"
    return innermost


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        wrapped = next((part for part in error.args if isinstance(part, BaseException)), None)
        error = error.__cause__ or error.__context__ or wrapped
