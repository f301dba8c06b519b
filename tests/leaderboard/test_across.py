"""Across data sets, and forced into one table: answers that were worked out by hand."""

from pathlib import Path

import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from tests.leaderboard.windows import window
from toolkit.leaderboard import rank
from toolkit.leaderboard.across import above_chance, across
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.index import answer
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.wording import headline, remarks
from toolkit.runs import Search


def points(*pairs: tuple[float, float]) -> Trial:
    return Trial([{"validation_loss": loss, "validation_accuracy": accuracy} for loss, accuracy in pairs])


@pytest.fixture
def searches(tmp_path: Path) -> list[Search]:
    """`two` and `rival` over two labels of one data set, `four` over four of another one."""
    trials = [points((0.5, 0.5)), points((0.25, 0.75), (0.5, 1.0)), Trial([], status="FAILED")]
    two = write_search(tmp_path / "two", trials, experiment="two", id="1" * 12)
    rival = write_search(tmp_path / "rival", [Trial([0.3])], experiment="rival", id="2" * 12)
    four = write_search(
        tmp_path / "four",
        [points((0.9, 0.70)), points((0.8, 0.85))],
        experiment="four",
        id="3" * 12,
        data={"validation": OTHER_VALIDATION},
        labels=["a", "b", "c", "d"],
    )
    return [two, rival, four]


@pytest.mark.parametrize(
    ("accuracy", "labels", "expected"),
    [
        (0.75, 2, 0.5),
        (0.5, 2, 0.0),
        (1.0, 22, 1.0),
        (0.25, 4, 0.0),
        (0.85, 4, 0.8),
        (0.0, 2, -1.0),
        (0.9, 1, None),
        (0.9, 0, None),
    ],
)
def test_accuracy_above_chance(accuracy: float, labels: int, expected: float | None) -> None:
    assert above_chance(accuracy, labels) == pytest.approx(expected)


def test_the_best_run_of_each_experiment_by_its_place_and_its_accuracy_above_chance(
    searches: list[Search],
) -> None:
    found = across(rank(searches))
    assert [(one.best.experiment, one.best.run_id, one.place, one.labels, one.accuracy) for one in found] == [
        ("four", "333333333333-00001", "1 of 2", 4, 0.85),
        ("two", "111111111111-00001", "1 of 3", 2, 0.75),  # at its best epoch, not the 1.0 of its last
        ("rival", "222222222222-00000", "2 of 3", 2, None),
    ]
    assert [one.corrected for one in found] == [pytest.approx(0.8), 0.5, None]


def test_one_data_set_has_no_such_table(searches: list[Search]) -> None:
    assert across(rank(searches[:2])) == []


def test_a_data_set_on_which_nothing_has_a_rank_is_none(searches: list[Search], tmp_path: Path) -> None:
    failed = write_search(tmp_path / "x", [Trial([])], id="4" * 12, data={"validation": OTHER_VALIDATION})
    assert across(rank([searches[0], failed])) == []


def test_it_stands_below_the_tables_for_people(searches: list[Search]) -> None:
    tables = rank(searches)
    markdown = to_markdown(tables, across(tables))
    assert markdown.split("**Across data sets**\n\n")[1] == (
        "| experiment | run | rank | validation data | labels | validation_accuracy | above_chance |\n"
        "| --- | --- | ---: | --- | ---: | ---: | ---: |\n"
        "| four | 333333333333-00001 | 1 of 2 | 9bb01e77 | 4 | 0.8500 | 0.8000 |\n"
        "| two | 111111111111-00001 | 1 of 3 | 3fa9c1d2 | 2 | 0.7500 | 0.5000 |\n"
        "| rival | 222222222222-00000 | 2 of 3 | 3fa9c1d2 | 2 | - | - |\n"
    )
    shown, lines = window(60)
    print_tables(tables, shown, across(tables))
    lines = lines[lines.index("Across data sets") :]
    assert [line.split() for line in lines[-3:]] == [
        ["four", "333333333333-00001", "1", "of", "2", "0.8500", "0.8000"],
        ["two", "111111111111-00001", "1", "of", "3", "0.7500", "0.5000"],
        ["rival", "222222222222-00000", "2", "of", "3", "-", "-"],
    ]


def places(table: Table) -> list[tuple[int | None, str, int]]:
    return [(row.rank, row.experiment, row.trial) for row in table.rows]


def test_forced_into_one_table_with_what_differs(searches: list[Search]) -> None:
    [table] = answer(searches, Question(force=True))
    assert places(table) == [
        (1, "two", 1),
        (2, "rival", 0),
        (3, "two", 0),
        (4, "four", 1),
        (5, "four", 0),
        (None, "two", 2),
    ]
    assert table.forced == ("four@333333333333: other validation data, other labels (+a, +b, +c, ...)",)
    assert headline(table) == (
        "validation_loss, lowest first | not the same validation data or labels | "
        "6 runs: 5 COMPLETED, 1 FAILED"
    )
    assert list(remarks(table)) == [
        "Forced into one table, though its numbers do not measure the same: "
        "four@333333333333: other validation data, other labels (+a, +b, +c, ...)."
    ]
    assert across([table]) == []


def test_a_search_without_recorded_data_is_forced_in_too(searches: list[Search], tmp_path: Path) -> None:
    unknown = write_search(tmp_path / "x", [Trial([0.1])], experiment="x", id="5" * 12, data={})
    [table] = answer([searches[0], unknown], Question(force=True))
    assert places(table)[0] == (1, "x", 0)
    assert table.forced == ("x@555555555555: the validation data are not recorded",)


def test_other_metrics_cannot_be_forced(searches: list[Search], tmp_path: Path) -> None:
    highest = write_search(
        tmp_path / "x", [points((0.5, 0.5))], id="6" * 12, metric="validation_accuracy", mode="max"
    )
    tables = answer([*searches, highest], Question(force=True))
    assert [table.yardstick.metric for table in tables] == ["validation_loss", "validation_accuracy"]
    assert tables[1].reason == "ranked by validation_accuracy (max), not by validation_loss (min)"
    [table] = answer([*searches, highest], Question("validation_accuracy", force=True))
    assert places(table)[:2] == [(1, "two", 1), (2, "four", 1)]


def test_nothing_is_said_where_force_changes_nothing(searches: list[Search]) -> None:
    assert answer(searches[:2], Question(force=True)) == rank(searches[:2])
    assert to_csv(answer(searches, Question(force=True))).count("\n") == to_csv(rank(searches)).count("\n")
