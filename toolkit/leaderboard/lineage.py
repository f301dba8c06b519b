"""What a run was made of and what it took, beside its numbers: training data, commit, seconds.

They are part of what is compared, so they are shown and never keep runs apart.
"""

from toolkit.runs import Run, Search

_DIGITS_OF_DATA = 8
_DIGITS_OF_COMMIT = 7


def training_data_of(search: Search) -> str | None:
    """The first eight hex digits of the training file's SHA-256; None where it is not recorded."""
    sha256 = search.header.data.get("training", {}).get("sha256")
    return None if sha256 is None else str(sha256)[:_DIGITS_OF_DATA]


def commit_of(search: Search, run: Run) -> str | None:
    """The commit that the run was trained at, seven digits, with `+` behind it where the code was changed.

    A search that was resumed may have runs of several commits. None where it is not recorded.
    """
    origin = run.origin or search.header.provenance
    commit = origin.get("commit")
    if commit is None:
        return None
    return str(commit)[:_DIGITS_OF_COMMIT] + ("+" if origin.get("dirty") else "")


def seconds_of(run: Run) -> float | None:
    """The wall time of all its epochs together; None where that of one is not known, or there is none."""
    seconds = [point.seconds for point in run.points]
    known = [value for value in seconds if value is not None]
    return sum(known) if known and len(known) == len(seconds) else None
