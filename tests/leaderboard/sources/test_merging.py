"""The same run seen through two sources, with answers that were worked out by hand."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.leaderboard import rank
from toolkit.leaderboard.results import results_of_text, to_results, without_repetition
from toolkit.leaderboard.sources import Merged, Source, merged
from toolkit.runs import Search

A, B = "aaaa00000000", "bbbb00000000"


@pytest.fixture
def search(tmp_path: Path) -> Search:
    """Three trials of three, two and one epochs."""
    return write_search(tmp_path / A, [Trial([0.5, 0.25, 0.75]), Trial([0.6, 0.3]), Trial([0.9])])


def without_points(search: Search, *, last_of: Iterable[int] = (), trials: Iterable[int] = ()) -> Search:
    """The search as a source has it that lacks the last point of these trials, and those trials."""
    cut = set(last_of)
    kept = {number: run for number, run in search.runs.items() if number not in set(trials)}
    runs = {n: replace(run, points=run.points[:-1]) if n in cut else run for n, run in kept.items()}
    return replace(search, runs=runs)


def from_git(search: Search) -> Search:
    return results_of_text(to_results(without_repetition(search)), "search.json", search.folder.path)


def places(found: Merged) -> list[tuple[Any, ...]]:
    """(rank, search, trial, epochs, source) of every row."""
    tables = found.named(rank(found.searches))
    return [(r.rank, r.search[:4], r.trial, r.epochs, r.source) for table in tables for r in table.rows]


def test_one_source_is_not_named(search: Search) -> None:
    found = merged([Source("journals", [search])])
    assert places(found) == [(1, "aaaa", 0, 3, ""), (2, "aaaa", 1, 2, ""), (3, "aaaa", 2, 1, "")]
    assert (found.labels, found.remarks) == ({}, ())


def test_the_same_run_stands_once_and_the_first_source_tells_it(search: Search) -> None:
    poorer = without_points(search, last_of=[0, 1])
    found = merged([Source("journals", [search]), Source("wandb x", [poorer])])
    assert places(found) == [
        (1, "aaaa", 0, 3, "journals"),
        (2, "aaaa", 1, 2, "journals"),
        (3, "aaaa", 2, 1, "journals"),
    ]
    assert found.remarks == ["wandb x: lacks 2 points of 2 runs of names@aaaa00000000"]


def test_the_order_of_the_sources_decides_and_what_the_first_one_lacks_is_told(search: Search) -> None:
    poorer = without_points(search, last_of=[1])
    found = merged([Source("wandb x", [poorer]), Source("journals", [search])])
    assert [place[:4] for place in places(found)] == [
        (1, "aaaa", 0, 3),
        (2, "aaaa", 1, 1),
        (3, "aaaa", 2, 1),
    ]
    assert {place[4] for place in places(found)} == {"wandb x"}
    assert found.remarks == ["wandb x: lacks 1 point of 1 run of names@aaaa00000000"]


def test_whole_runs_that_one_lacks_come_from_the_other(search: Search) -> None:
    one, other = without_points(search, trials=[0]), without_points(search, trials=[1, 2], last_of=[0])
    found = merged([Source("one", [one]), Source("other", [other])])
    assert places(found) == [
        (1, "aaaa", 0, 2, "other"),
        (2, "aaaa", 1, 2, "one"),
        (3, "aaaa", 2, 1, "one"),
    ]
    assert found.remarks == [
        "one: lacks 1 whole run of names@aaaa00000000",
        "other: lacks 2 whole runs of names@aaaa00000000",
    ]


def test_points_and_whole_runs_are_told_in_one_line(search: Search) -> None:
    poorer = without_points(search, trials=[2], last_of=[0])
    found = merged([Source("journals", [search]), Source("wandb x", [poorer])])
    assert found.remarks == ["wandb x: lacks 1 point of 1 run and 1 whole run of names@aaaa00000000"]


def test_different_searches_of_one_experiment_stay_two(search: Search, tmp_path: Path) -> None:
    other = write_search(tmp_path / B, [Trial([0.4])], id=B)
    found = merged([Source("rev 1", [search], plain_ids=True), Source("rev 2", [other], plain_ids=True)])
    assert places(found) == [
        (1, "aaaa", 0, 3, "rev 1"),
        (2, "aaaa", 1, 2, "rev 1"),
        (3, "bbbb", 0, 1, "rev 2"),
        (4, "aaaa", 2, 1, "rev 1"),
    ]
    assert found.remarks == []


def test_the_same_search_of_two_experiments_stays_two(search: Search, tmp_path: Path) -> None:
    other = write_search(tmp_path / "other", [Trial([0.4])], experiment="other")
    found = merged([Source("one", [search]), Source("two", [other])])
    assert len(found.searches) == 2
    assert found.remarks == []


def test_other_numbers_of_the_same_run_are_told(search: Search, tmp_path: Path) -> None:
    other = write_search(tmp_path / "x", [Trial([0.5, 0.125, 0.75]), Trial([0.6, 0.31]), Trial([0.9])])
    found = merged([Source("journals", [search]), Source("project x", [other])])
    assert [place[4] for place in places(found)] == ["journals"] * 3
    assert found.remarks == [
        "project x: has other numbers at 2 points of names@aaaa00000000, and is not followed"
    ]


@pytest.mark.parametrize("odd", [math.nan, math.inf, None, "0.5", True, 10**400])
def test_only_finite_numbers_are_held_against_each_other(tmp_path: Path, odd: Any) -> None:
    one = write_search(tmp_path / "1", [Trial([{"validation_loss": 0.5, "odd": odd}])])
    other = write_search(tmp_path / "2", [Trial([{"validation_loss": 0.5, "odd": 7.0}])])
    assert merged([Source("one", [one]), Source("two", [other])]).remarks == []


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_results_in_git_are_the_recording_with_their_numbers(
    search: Search, tmp_path: Path, order: list[int]
) -> None:
    """Journals have the search and its repetition; git has the repetition under the plain id."""
    again = write_search(tmp_path / "r2", [Trial([0.5, 0.125]), Trial([0.6]), Trial([0.9])], id=f"{A}r2")
    sources = [
        Source("journals", [search, again]),
        Source("rev 1", [from_git(again)], plain_ids=True),
    ]
    found = merged([sources[number] for number in order])
    assert [found.searches[0].id, found.searches[1].id] == [A, f"{A}r2"]
    assert len(found.searches) == 2
    assert {place[4] for place in places(found)} == {"journals"}
    assert found.remarks == []


@pytest.mark.parametrize(
    ("recorded", "expected"), [(["r2", ""], ""), (["r2", "r10", "r3"], "r10"), (["", "r2"], "")]
)
def test_of_recordings_with_the_same_numbers_the_plain_one_is_meant_else_the_newest(
    search: Search, recorded: list[str], expected: str
) -> None:
    journals = [replace(search, header=replace(search.header, id=f"{A}{which}")) for which in recorded]
    poorer = without_points(from_git(search), trials=[2])
    found = merged([Source("journals", journals), Source("rev 1", [poorer], plain_ids=True)])
    assert found.remarks == [f"rev 1: lacks 1 whole run of names@{A}{expected}"]


def test_a_repetition_alone_is_what_git_calls_by_the_plain_id(search: Search) -> None:
    again = replace(search, header=replace(search.header, id=f"{A}r3"))
    found = merged([Source("journals", [again]), Source("rev 1", [from_git(again)], plain_ids=True)])
    assert [one.id for one in found.searches] == [f"{A}r3"]


def test_a_repetition_with_other_numbers_is_another_one(search: Search, tmp_path: Path) -> None:
    again = write_search(tmp_path / "r2", [Trial([0.5, 0.125])], id=f"{A}r2")
    found = merged([Source("journals", [again]), Source("rev 1", [from_git(search)], plain_ids=True)])
    assert [one.id for one in found.searches] == [f"{A}r2", A]
    assert found.remarks == []


def test_what_git_does_not_keep_is_no_difference(search: Search, tmp_path: Path) -> None:
    points = [{"validation_loss": 0.5, "validation_fscore__Hotels": 0.25}]
    labelled = write_search(tmp_path / "labelled", [Trial(points)])
    found = merged([Source("journals", [labelled]), Source("rev 1", [from_git(labelled)], plain_ids=True)])
    assert found.remarks == []
    assert found.searches[0].runs[0].points[0].metrics == points[0]
