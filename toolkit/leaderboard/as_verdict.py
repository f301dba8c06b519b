"""How the results stand to the committed ones, in a few lines for people and as JSON for programs."""

import json
from collections.abc import Iterator, Sequence

from toolkit.leaderboard.difference import Difference, Weight
from toolkit.leaderboard.reproduced import Reproduction
from toolkit.leaderboard.result_files import LOCK

_SHOWN = 10
_NAMED = 3
_ABOUT_TRIALS = (Weight.WINNER, Weight.ORDER, Weight.ENDINGS)


def verdict_as_json(found: Reproduction) -> str:
    """One object; paths from the project's root, all differences, what matters most first."""
    differences = [
        {"experiment": difference.experiment, "file": difference.file, "what": difference.what}
        for difference in found.differences
    ]
    content = {
        "verdict": found.verdict,
        "revision": found.revision.sha,
        "files": found.committed,
        "differences": differences,
        "largest_relative_difference": found.largest_relative_difference,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    # A file's name may be no UTF-8: what Python has for its bytes then reads back from JSON as an escape.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def verdict_in_words(found: Reproduction) -> str:
    """The verdict in one line, and below it what is not the same, the ten most important things."""
    told = {"identical": _identical, "same ranking": _same_ranking, "different": _different}
    return "\n".join(map(_printable, told[found.verdict](found)))


def _identical(found: Reproduction) -> Iterator[str]:
    yield f"identical to the results committed in {found.revision.short}: {_files(found.committed)}"


def _same_ranking(found: Reproduction) -> Iterator[str]:
    headline = f"same ranking as the results committed in {found.revision.short}"
    largest = [d for d in found.differences if d.relative is not None]
    files = [difference for difference in found.differences if difference.file != LOCK]
    if largest:
        yield f"{headline}, last digits differ: {len(files)} of {_files(found.committed)}"
        most = max(largest, key=lambda difference: difference.relative or 0.0)
        yield f"  most of all {_line(most)}"
    elif files:
        yield f"{headline}, no number differs: {len(files)} of {_files(found.committed)} written otherwise"
    else:
        yield f"{headline}: {_files(found.committed)} identical, {LOCK} is not"
    yield from (f"  {_line(difference)}" for difference in found.differences if difference.file == LOCK)
    if found.digests:
        yield f"  as a consequence {LOCK} has other digests of {_listed(found.digests)}"


def _different(found: Reproduction) -> Iterator[str]:
    news = [difference for difference in found.differences if difference.weight is not Weight.LAST_DIGITS]
    yield f"different from the results committed in {found.revision.short}: {_extent(found)}"
    yield from (f"  {_line(difference)}" for difference in news[:_SHOWN])
    if len(news) > _SHOWN:
        yield f"  and {len(news) - _SHOWN} more: --json has them all"
    if found.timed:
        yield f"  asha_async stops trials by timing, so this may come out otherwise: {', '.join(found.timed)}"


def _extent(found: Reproduction) -> str:
    """How many files are not the same, or that only the lock is not."""
    states = [file.state for file in found.files]
    told = [f"{states.count(state)} {state}" for state in ("changed", "missing") if state in states]
    if told:
        told = [f"{' and '.join(told)} of {_files(found.committed)}"]
    if "new" in states:
        told.append(f"{states.count('new')} new")
    return ", ".join(told) or f"{_files(found.committed)} identical, {LOCK} is not"


def _line(difference: Difference) -> str:
    """Trials by their experiment, everything else by its file."""
    about_trials = difference.weight in _ABOUT_TRIALS and difference.experiment is not None
    return f"{difference.experiment if about_trials else difference.file}: {difference.what}"


def _listed(paths: Sequence[str]) -> str:
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _printable(line: str) -> str:
    """The line as a terminal can show it in one line, whatever characters names of files may have."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
