"""How a run or a search stands."""

from enum import StrEnum


class Status(StrEnum):
    """The five statuses; every one but RUNNING ends a run."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    """Trained as many epochs as its configuration allows (early stopping by patience included)."""
    STOPPED = "STOPPED"
    """Stopped by the scheduler, at a rung."""
    FAILED = "FAILED"
    """Raised an error, which the journal holds."""
    INTERRUPTED = "INTERRUPTED"
    """Ended by the user or by the machine; can be resumed."""


ENDED_WELL = (Status.COMPLETED, Status.STOPPED)
"""How a trial ends that need not be trained again."""
