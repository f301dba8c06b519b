"""What differs between two versions of a `leaderboard.csv`, told in trials instead of cells."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from toolkit.leaderboard.as_csv import text_of_cell
from toolkit.leaderboard.closeness import pair_in_words
from toolkit.leaderboard.difference import Weight

_COLUMNS = frozenset({"rank", "experiment", "search", "trial", "status", "epochs"})
_NAMED = 3


@dataclass(frozen=True)
class Entry:
    """A line of a leaderboard.

    Attributes:
        rank: empty where the run has none.
        ending: status and number of epochs.
    """

    experiment: str
    trial: str
    rank: str
    search: str
    ending: tuple[str, str]
    metrics: Mapping[str, str] = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.experiment, self.trial


@dataclass(frozen=True)
class Leaderboard:
    """The lines of one version of the file.

    Attributes:
        ranked_by: experiment -> metric, as far as known.
        several: whether runs of several experiments stand in it.
    """

    entries: Sequence[Entry]
    ranked_by: Mapping[str, str]

    @property
    def ranked(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.rank]

    @property
    def several(self) -> bool:
        return len({entry.experiment for entry in self.entries}) > 1

    def name(self, entry: Entry | None) -> str:
        if entry is None:
            return "none"
        return f"trial {entry.experiment}/{entry.trial}" if self.several else f"trial {entry.trial}"

    def metric(self, entry: Entry | None) -> tuple[str, float] | None:
        """The metric that ranks the entry, with its value; None where one of them is not known."""
        name = None if entry is None else self.ranked_by.get(entry.experiment)
        try:
            return None if entry is None or name is None else (name, float(entry.metrics[name]))
        except (KeyError, ValueError):
            return None


def read_leaderboard(content: bytes, ranked_by: Mapping[str, str]) -> Leaderboard | None:
    """The leaderboard in the file; None where it is not one that `to_csv` wrote."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    except (ValueError, csv.Error):
        return None
    if not rows or not all(row.keys() >= _COLUMNS and None not in row.values() for row in rows):
        return None
    return Leaderboard([_entry(row) for row in rows], ranked_by)


def _entry(row: Mapping[str, str]) -> Entry:
    metrics = {name.removeprefix("metrics."): cell for name, cell in row.items() if name is not None}
    ending = row["status"], row["epochs"]
    experiment = text_of_cell(row["experiment"])
    return Entry(experiment, row["trial"], row["rank"], row["search"], ending, metrics)


def ranking_changes(before: Leaderboard, now: Leaderboard) -> Iterator[tuple[Weight, str]]:
    """Lines on what became of searches, winner, order and trials; none where all of that is the same."""
    yield from _other_search(before, now)
    yield from _other_order(before, now)
    yield from _other_endings(before, now)
    yield from _other_trials(before, now)


def _other_search(before: Leaderboard, now: Leaderboard) -> Iterator[tuple[Weight, str]]:
    """The id of a search holds its data, configuration and code; in the leaderboard of all it is no news."""
    ids = [sorted({entry.search for entry in board.entries}) for board in (before, now)]
    if ids[0] != ids[1] and not (before.several or now.several):
        told = " -> ".join(", ".join(searches) for searches in ids)
        yield Weight.INPUTS, f"another search, {told}: its data, configuration or code changed"


def _other_order(before: Leaderboard, now: Leaderboard) -> Iterator[tuple[Weight, str]]:
    """The first rank at which another trial stands; equals are counted through, as they stand there."""
    for place, (one, other) in enumerate(zip_longest(before.ranked, now.ranked), start=1):
        if one is None or other is None or one.key != other.key:
            told = _pair(before, one, now, other)
            winner = Weight.WINNER, f"the winner changed, {told}"
            yield winner if place == 1 else (Weight.ORDER, f"the order differs from rank {place} on, {told}")
            return


def _pair(before: Leaderboard, one: Entry | None, now: Leaderboard, other: Entry | None) -> str:
    """`trial 2 (validation_loss 0.2591) -> trial 0 (validation_loss 0.2623)`."""
    names, metrics = (before.name(one), now.name(other)), (before.metric(one), now.metric(other))
    values = pair_in_words(*(None if metric is None else metric[1] for metric in metrics))
    return " -> ".join(
        name if metric is None else f"{name} ({metric[0]} {value})"
        for name, metric, value in zip(names, metrics, values, strict=True)
    )


def _other_endings(before: Leaderboard, now: Leaderboard) -> Iterator[tuple[Weight, str]]:
    """How many trials have another status or number of epochs, and the first of them."""
    later = {entry.key: entry for entry in now.entries}
    common = [(one, later[one.key]) for one in before.entries if one.key in later]
    changed = [(one, other) for one, other in common if one.ending != other.ending]
    if changed:
        one, other = changed[0]
        example = f"{before.name(one)} {_ending(one)} -> {_ending(other)}"
        yield Weight.ENDINGS, f"{len(changed)} of {len(common)} trials ended otherwise, as {example}"


def _ending(entry: Entry) -> str:
    status, epochs = entry.ending
    return f"{status} after {epochs} epoch{'' if epochs == '1' else 's'}"


def _other_trials(before: Leaderboard, now: Leaderboard) -> Iterator[tuple[Weight, str]]:
    earlier, later = ({entry.key for entry in board.entries} for board in (before, now))
    for board, keys, word in ((before, earlier - later, "gone"), (now, later - earlier, "new")):
        names = [board.name(entry) for entry in board.entries if entry.key in keys]
        if names:
            named = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
            yield (
                Weight.ENDINGS,
                f"{len(names)} {'trial is' if len(names) == 1 else 'trials are'} {word}: {named}",
            )
