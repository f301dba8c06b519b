"""Every exception that this package raises on purpose.

Each one is also the built-in that a caller would expect, so `except ValueError` keeps working.
On the command line each becomes one line on stderr and exit code 1.
"""


class ToolkitError(Exception):
    """Base of all errors of this package: catch it to catch them all."""


class ConfigurationError(ToolkitError, ValueError):
    """A configuration, a search space or an experiment file says something that cannot be."""


class DataError(ToolkitError, ValueError):
    """A data set cannot be read as rows of text and label; the message names file and line."""


class ModelError(ToolkitError, ValueError):
    """A model archive cannot be read, or does not fit what is asked of it."""


class JournalError(ToolkitError, RuntimeError):
    """A journal cannot be written or read; the message names the file."""


class NotFoundError(ToolkitError, LookupError):
    """No search, run or file goes by the name that was given; the message lists the near ones."""


class SearchError(ToolkitError, RuntimeError):
    """A search cannot start, or ended without a result that can be used."""


class ReplayError(ToolkitError, RuntimeError):
    """A recorded run cannot be trained again: its record does not say enough."""


class TrackerError(ToolkitError, RuntimeError):
    """A tracker cannot be used: not installed, unknown, or answering with an error."""


class BusyError(ToolkitError, TimeoutError):
    """Another process holds what is needed, and did not let go of it in time."""
