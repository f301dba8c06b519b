"""Training data, commit and seconds of a run: known, shown where they differ, never a reason to part."""

from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import VALIDATION, Trial, write_search
from tests.leaderboard.windows import window
from toolkit.leaderboard import rank
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.columns import columns_for_people
from toolkit.leaderboard.ranking import Table
from toolkit.runs import JournalWriter, Search, SearchFolder, load_search


def search(
    tmp_path: Path, number: int, training: str | None, commit: str | None, **provenance: Any
) -> Search:
    """One run of two epochs; its number is its budget too."""
    data = {"validation": VALIDATION}
    if training is not None:
        data["training"] = {"sha256": training + "0" * 56}
    return write_search(
        tmp_path / str(number),
        [Trial([0.5, 0.25], config={"trainer": {"num_epochs": number}})],
        id=f"{number:012d}",
        data=data,
        provenance={"commit": commit, **provenance},
    )


def shown(table: Table) -> dict[str, list[str]]:
    return {column.title: list(column.cells) for column in columns_for_people(table, table.ranked)}


@pytest.mark.parametrize(
    ("training", "commit", "provenance", "expected"),
    [
        ("ab12cd34", "1a2b3c4d5e6f", {"dirty": False}, ("ab12cd34", "1a2b3c4", 1.0)),
        ("ab12cd34", "1a2b3c4d5e6f", {"dirty": True}, ("ab12cd34", "1a2b3c4+", 1.0)),
        (None, None, {"dirty": None}, (None, None, 1.0)),
    ],
)
def test_what_a_row_holds(
    tmp_path: Path,
    training: str | None,
    commit: str | None,
    provenance: dict[str, Any],
    expected: tuple[str | None, str | None, float],
) -> None:
    [row] = rank([search(tmp_path, 1, training, commit, **provenance)])[0].rows
    assert (row.training, row.commit, row.seconds) == expected


def test_seconds_are_not_known_where_one_epoch_was_not_timed(tmp_path: Path) -> None:
    with JournalWriter(SearchFolder(tmp_path)) as journal:
        journal.append("search", **write_search(tmp_path / "x", []).header.to_record())
        for trial, seconds in enumerate(([1.5, 0.0], [1.5, None], [])):
            journal.append("trial", trial, params={}, config={}, seed=1)
            for epoch, value in enumerate(seconds):
                metrics = {"validation_loss": 0.5}
                journal.append("point", trial, epoch=epoch, step=1, metrics=metrics, seconds=value)
    [table] = rank([load_search(tmp_path)])
    assert [(row.trial, row.seconds) for row in table.rows] == [(0, 1.5), (1, None), (2, None)]


def test_a_resumed_search_has_runs_of_two_commits(tmp_path: Path) -> None:
    first = write_search(tmp_path, [Trial([0.5])], provenance={"commit": "1" * 40, "dirty": False})
    with JournalWriter(first.folder) as journal:
        journal.append("resume", provenance={"commit": "2" * 40, "dirty": True})
        journal.append("trial", 1, params={}, config={}, seed=1)
        journal.append("point", 1, epoch=0, step=1, metrics={"validation_loss": 0.4}, seconds=1.0)
    [table] = rank([load_search(tmp_path)])
    assert shown(table)["commit"] == ["2222222+", "1111111"]


def test_they_are_columns_where_they_differ_and_never_part_the_runs(tmp_path: Path) -> None:
    same = [search(tmp_path, n, "ab12cd34", "1a2b3c4d5e6f") for n in (1, 2)]
    [table] = rank(same)
    assert not {"training data", "commit"} & shown(table).keys()
    assert shown(table)["trainer.num_epochs"] == ["1", "2"]  # the budget
    [table] = rank([*same, search(tmp_path, 3, "ffffffff", "9" * 12), search(tmp_path, 4, None, None)])
    assert shown(table)["training data"] == ["ab12cd34", "ab12cd34", "ffffffff", "-"]
    assert shown(table)["commit"] == ["1a2b3c4", "1a2b3c4", "9999999", "-"]
    assert "seconds" not in shown(table)
    assert "| training data | commit |" in to_markdown([table])


def test_only_some_having_one_is_no_difference(tmp_path: Path) -> None:
    [table] = rank([search(tmp_path, 1, "ab12cd34", "1" * 12), search(tmp_path, 2, None, None)])
    assert not {"training data", "commit"} & shown(table).keys()


def test_a_narrow_window_drops_them_before_the_search_and_after_training_metrics(tmp_path: Path) -> None:
    tables = rank([search(tmp_path, 1, "ab12cd34", "1" * 12), search(tmp_path, 2, "ffffffff", "2" * 12)])
    texts = {}
    for width in (85, 200):
        shown, lines = window(width)
        print_tables(tables, shown)
        texts[width] = "\n".join(lines)
    assert "ffffffff" in texts[200]
    assert "ffffffff" not in texts[85]
    assert "000000000001" in texts[85]


def test_the_same_search_twice_is_the_same_text_for_programs(tmp_path: Path) -> None:
    one = rank([search(tmp_path / "1", 1, "ab12cd34", "1" * 12)])
    other = rank([search(tmp_path / "2", 1, "ab12cd34", "2" * 12, dirty=True)])
    assert (to_json(one), to_csv(one)) == (to_json(other), to_csv(other))
    for name in ("commit", "seconds", "source"):
        assert f'"{name}"' not in to_json(one)
        assert name not in to_csv(one)
