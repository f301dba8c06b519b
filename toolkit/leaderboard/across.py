"""Across data sets: what may be said of experiments whose numbers were measured on different rows.

Not the numbers themselves: an accuracy of 0.9 is much among 22 labels and little among two. What can be
set side by side is the place among the rivals on the same data, and how far the accuracy is above chance.

`corrected = (accuracy - chance) / (1 - chance)` is the form of Cohen's kappa (J. Cohen, "A coefficient of
agreement for nominal scales", Educational and Psychological Measurement 20(1), 1960), with a chance of one
by the number of labels instead of one by their frequencies; with that chance it is the S of Bennett, Alpert
and Goldstein ("Communications through limited response questioning", Public Opinion Quarterly 18(3), 1954).
0 is guessing, 1 is no error, below 0 is worse than guessing. A data set whose labels are not equally frequent
can be guessed better than that: always the most frequent one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolkit.leaderboard.columns import MISSING, Column, metric_in_words
from toolkit.leaderboard.ranking import Row, Table, is_usable

TITLE = "Across data sets"
ACCURACY = "validation_accuracy"


@dataclass(frozen=True)
class Standing:
    """The best run of an experiment on one data set.

    Attributes:
        best: its row, with the rank in its own table.
        ranked: how many runs have a rank in that table.
        validation: SHA-256 of the validation data; None where it is not recorded.
        labels: how many there are.
        accuracy: on the validation data, at the run's best epoch; None where it was not reported.
        corrected: the accuracy less chance, as the head of this file says; None without an accuracy, or with
            fewer than two labels.
    """

    best: Row
    ranked: int
    validation: str | None
    labels: int
    accuracy: float | None
    corrected: float | None

    @property
    def place(self) -> str:
        return f"{self.best.rank} of {self.ranked}"


def across(tables: Sequence[Table]) -> list[Standing]:
    """The best run of each experiment in each table, the most above chance first; none for one data set."""
    if len({table.yardstick.validation for table in tables if table.bests}) < 2:
        return []
    found = [standing for table in tables for standing in _of(table)]
    return sorted(found, key=lambda one: (one.corrected is None, -(one.corrected or 0.0)))


def _of(table: Table) -> Iterable[Standing]:
    for row in table.bests:
        value, labels = row.metrics.get(ACCURACY), len(table.yardstick.labels)
        accuracy = float(value) if is_usable(value) else None
        yield Standing(
            best=row,
            ranked=len(table.ranked) + table.more_ranked,
            validation=table.yardstick.validation,
            labels=labels,
            accuracy=accuracy,
            corrected=None if accuracy is None else above_chance(accuracy, labels),
        )


def above_chance(accuracy: float, labels: int) -> float | None:
    """How much of the way from guessing to no error: 0 is guessing, 1 is no error; None below two labels."""
    if labels < 2:
        return None
    chance = 1 / labels
    return (accuracy - chance) / (1 - chance)


def columns_across(found: Sequence[Standing]) -> list[Column]:
    """What people are shown of the standings."""
    validation = [MISSING if one.validation is None else one.validation[:8] for one in found]
    labels = [str(one.labels) if one.labels else MISSING for one in found]
    return [
        Column("experiment", [one.best.experiment for one in found]),
        Column("run", [one.best.run_id for one in found], weight=1),
        Column("rank", [one.place for one in found], is_number=True),
        Column("validation data", validation, weight=2),
        Column("labels", labels, weight=3, is_number=True),
        Column(ACCURACY, [metric_in_words(one.accuracy) for one in found], is_number=True),
        Column("above_chance", [metric_in_words(one.corrected) for one in found], is_number=True),
    ]
