"""What a check found."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """Something works otherwise than one may think, or soon no longer."""
    PROBLEM = "problem"
    """Something does not work."""


@dataclass(frozen=True)
class Finding:
    """One sentence about the set-up.

    Attributes:
        found: what is so.
        advice: what to do about it; None where nothing is to be done.
    """

    level: Level
    found: str
    advice: str | None = None
    check: str = ""


Findings = Iterator[Finding]


def ok(found: str) -> Finding:
    return Finding(Level.OK, found)


def warning(found: str, advice: str) -> Finding:
    return Finding(Level.WARNING, found, advice)


def problem(found: str, advice: str) -> Finding:
    return Finding(Level.PROBLEM, found, advice)
