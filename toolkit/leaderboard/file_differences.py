"""What differs in the files of `results/`: trials in leaderboards, values in others, what came and went."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal

from toolkit.leaderboard.closeness import MISSING, Change, changes, pair_in_words, place_in_words
from toolkit.leaderboard.difference import Difference, Weight
from toolkit.leaderboard.ranking_changes import ranking_changes, read_leaderboard
from toolkit.leaderboard.result_files import RESULTS, ResultFile
from toolkit.leaderboard.results import FILE_NAME

_NAMED = 3


def file_differences(files: Sequence[ResultFile]) -> Iterator[Difference]:
    """Everything that is not the same in the files, those whose last digits differ included."""
    yield from _come_and_gone(files, "missing")
    yield from _come_and_gone(files, "new")
    changed = [file for file in files if file.state == "changed"]
    before = _ranked_by([file.before for file in files if _is_search(file)] if changed else [])
    now = _ranked_by([file.now for file in files if _is_search(file)] if changed else [])
    for file in changed:
        trials = list(_of_trials(file, before, now))
        yield from trials
        # Where other trials stand in the lines, their cells have nothing to do with one another.
        if all(difference.weight is Weight.INPUTS for difference in trials):
            yield _of_values(file)


def _come_and_gone(files: Sequence[ResultFile], state: Literal["missing", "new"]) -> Iterator[Difference]:
    """One difference a file; one for a folder where all of its files are meant."""
    by_experiment: dict[str | None, list[ResultFile]] = {}
    for file in files:
        by_experiment.setdefault(file.experiment, []).append(file)
    for experiment, all_files in by_experiment.items():
        some = [file for file in all_files if file.state == state]
        if experiment is not None and len(some) == len(all_files) > 1:
            yield Difference(
                Weight.FILES, experiment, f"{RESULTS}/{experiment}", f"{len(some)} files are {state}"
            )
        else:
            yield from (Difference(Weight.FILES, experiment, file.path, f"is {state}") for file in some)


def _is_search(file: ResultFile) -> bool:
    return file.experiment is not None and PurePosixPath(file.path).name == FILE_NAME


def _ranked_by(contents: Sequence[bytes]) -> dict[str, str]:
    """Experiment -> the metric that ranks its trials, from each `search.json` that can be read."""
    found = {}
    for content in contents:
        try:
            about = json.loads(content)["search"]
            found[str(about["experiment"])] = str(about["metric"])
        except (ValueError, KeyError, TypeError):
            continue  # told as a file that differs, or never written by us
    return found


def _of_trials(file: ResultFile, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    if PurePosixPath(file.path).name != "leaderboard.csv":
        return
    boards = read_leaderboard(file.before, before), read_leaderboard(file.now, now)
    if boards[0] is None or boards[1] is None:
        return
    for weight, what in ranking_changes(boards[0], boards[1]):
        # How trials ended is news of their own experiment; the leaderboard of all repeats it.
        repeated = file.experiment is None and weight is Weight.ENDINGS
        yield Difference(Weight.VALUES if repeated else weight, file.experiment, file.path, what)


def _of_values(file: ResultFile) -> Difference:
    found = changes(file.before, file.now, file.path)
    if found is None:
        return Difference(Weight.VALUES, file.experiment, file.path, "has other bytes")
    large = [change for change in found if not change.is_small]
    if not large:
        return _of_last_digits(file, found)
    if file.path.endswith("/test/metrics.json"):
        return Difference(Weight.TEST_METRICS, file.experiment, file.path, _metrics(large))
    return Difference(Weight.VALUES, file.experiment, file.path, _values(large))


def _of_last_digits(file: ResultFile, found: Sequence[Change]) -> Difference:
    largest = max(found, key=lambda change: change.relative or 0.0, default=None)
    if largest is None:
        return Difference(
            Weight.LAST_DIGITS, file.experiment, file.path, "has the same values, written otherwise"
        )
    what = f"differs by {largest.relative:.2g} at most, {place_in_words(largest.place)}"
    return Difference(Weight.LAST_DIGITS, file.experiment, file.path, what, largest.relative)


def _metrics(found: Sequence[Change]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(map(_metric, found[:_NAMED])) + more


def _metric(change: Change) -> str:
    before, after = pair_in_words(change.before, change.after)
    told = f"{place_in_words(change.place)} {before} -> {after}"
    return told if change.relative is None else f"{told} ({change.after - change.before:+.2g})"


def _values(found: Sequence[Change]) -> str:
    gone = [change for change in found if change.after is MISSING]
    new = [change for change in found if change.before is MISSING]
    others = [change for change in found if change.after is not MISSING and change.before is not MISSING]
    told = [f"{_counted(others)} not the same, as {_example(others)}"] if others else []
    told += [f"{_counted(some)} {word}" for some, word in ((gone, "gone"), (new, "new")) if some]
    return "; ".join(told)


def _counted(found: Sequence[Change]) -> str:
    return "1 value is" if len(found) == 1 else f"{len(found)} values are"


def _example(found: Sequence[Change]) -> str:
    """The one that differs most; the first one where none is a number."""
    most = max(found, key=lambda change: change.relative or 0.0)
    before, after = pair_in_words(most.before, most.after)
    return f"{place_in_words(most.place)}: {before} -> {after}"
