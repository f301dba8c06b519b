"""One thing that two states of the results do not have in common, and how much it matters."""

from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """What a difference is about, what matters most first."""

    WINNER = 1
    INPUTS = 2
    """What a stage was given: it explains the rest to whoever changed it on purpose."""
    ORDER = 3
    ENDINGS = 4
    """Statuses, numbers of epochs, and trials that only one side has."""
    FILES = 5
    TEST_METRICS = 6
    VALUES = 7
    LAST_DIGITS = 8
    """The same within the tolerance: the ranking stands."""


@dataclass(frozen=True)
class Difference:
    """One line of what is not as committed.

    Attributes:
        experiment: the folder below `results/`; None for what belongs to no single one.
        file: its path from the project's root; a folder where all of its files are meant.
        what: one line in words, without the file.
        relative: the largest relative difference in the file, where only last digits differ.
    """

    weight: Weight
    experiment: str | None
    file: str
    what: str
    relative: float | None = None

    @property
    def order(self) -> tuple[int, bool, str, str]:
        """Sorts what matters most first; single experiments before what belongs to all of them."""
        return self.weight, self.experiment is None, self.experiment or "", self.file
