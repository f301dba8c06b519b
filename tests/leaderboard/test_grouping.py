"""Groups of runs against numbers that a person worked out."""

import json
import math
from pathlib import Path

import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from tests.leaderboard.windows import window
from toolkit.errors import ConfigurationError
from toolkit.leaderboard import rank
from toolkit.leaderboard.as_groups import (
    groups_to_csv,
    groups_to_json,
    groups_to_latex,
    groups_to_markdown,
    print_groups,
)
from toolkit.leaderboard.grouping import Entry, Group, GroupedTable, group, group_tables

POOLER, BIDIRECTIONAL = "pipeline.head.pooler.type", "pipeline.head.pooler.bidirectional"


def test_mean_spread_and_best() -> None:
    # gru: mean (1 + 2 + 6) / 3 = 3, deviations -2, -1, 3, their squares 14, 14 / 2 = 7.
    entries = [
        Entry(("gru",), 2.0, "r0"),
        Entry(("lstm",), 5.0, "r1"),
        Entry(("gru",), 6.0, "r2"),
        Entry(("gru",), 1.0, "r3"),
        Entry(("gru",), math.nan, "r5"),
        Entry((None,), None, "r6"),
    ]
    gru = Group(("gru",), 3, 1, 3.0, math.sqrt(7), 1.0, "r3")
    lstm = Group(("lstm",), 1, 0, 5.0, None, 5.0, "r1")
    nothing = Group((None,), 0, 1, None, None, None, None)
    assert group(entries, "min") == [gru, lstm, nothing]
    highest = Group(("gru",), 3, 1, 3.0, math.sqrt(7), 6.0, "r2")
    assert group(entries, "max") == [lstm, highest, nothing]


def test_the_first_of_equal_runs_is_the_best_one_and_equal_groups_keep_their_order() -> None:
    entries = [Entry(("b",), 1.0, "r0"), Entry(("a",), 1.0, "r1"), Entry(("b",), 1.0, "r2")]
    assert [(g.key, g.run, g.std) for g in group(entries, "min")] == [
        (("b",), "r0", 0.0),
        (("a",), "r1", None),
    ]
    assert [g.run for g in group(entries, "max")] == ["r0", "r1"]


def test_what_makes_a_group_one() -> None:
    keys = [(1,), (True,), (1.0,), ("1",), ([1],), ([1],), (None,), (math.nan,), (math.nan,)]
    groups = group([Entry(key, 0.5, str(n)) for n, key in enumerate(keys)], "min")
    assert [(g.run, g.count) for g in groups] == [("0", 2), ("1", 1), ("3", 1), ("4", 2), ("6", 1), ("7", 2)]


def test_a_small_spread_around_a_large_mean_is_not_lost() -> None:
    [found] = group([Entry((), 1e9 + n, str(n)) for n in (4, 7, 13, 16)], "min")
    assert found.mean == 1e9 + 10
    assert found.std == pytest.approx(math.sqrt(30), rel=1e-12)


@pytest.fixture
def grouped(tmp_path: Path) -> list[GroupedTable]:
    trials = [
        Trial([0.2], params={POOLER: "lstm", BIDIRECTIONAL: True}),
        Trial([0.5], params={POOLER: "gru", BIDIRECTIONAL: True}),
        Trial([0.4], params={POOLER: "lstm", BIDIRECTIONAL: True}),
        Trial([0.1], "FAILED", params={POOLER: "gru", BIDIRECTIONAL: True}, error="Bang"),
        Trial([0.6], params={BIDIRECTIONAL: False}),
    ]
    first = write_search(tmp_path / "1", trials)
    other = write_search(
        tmp_path / "2", [Trial([0.9])], id="b" * 12, data={"validation": OTHER_VALIDATION}, experiment="other"
    )
    return group_tables(rank([first, other]), ["pooler.type", "bidirectional"])


def test_a_table(grouped: list[GroupedTable]) -> None:
    shown, lines = window(40)
    print_groups(grouped, shown)
    assert lines == [
        "validation_loss, lowest first | data/valid.csv (3fa9c1d2) | 5 runs: 4 COMPLETED, 1 FAILED",
        "                                            mean",
        "pooler  pooler               without  validation",
        "type    bidirectional  runs     rank        loss     std    best  run",
        84 * "─",
        "lstm    true              2        0      0.3000  0.1414  0.2000  aaaa00000000-00000",
        "gru     true              1        1      0.5000       -  0.5000  aaaa00000000-00001",
        "-       false             1        0      0.6000       -  0.6000  aaaa00000000-00004",
        "",
        "validation_loss, lowest first | data/other.csv (9bb01e77) | 1 run: 1 COMPLETED",
        "A table of its own: other validation data.",
        "                                   mean",
        "pooler  pooler               validation",
        "type    bidirectional  runs        loss  std    best  run",
        72 * "─",
        "-       -                 1      0.9000    -  0.9000  bbbbbbbbbbbb-00000",
    ]


def test_json(grouped: list[GroupedTable]) -> None:
    found = json.loads(groups_to_json(grouped))
    names = [f"params.{POOLER}", f"params.{BIDIRECTIONAL}"]
    assert [[*(record["group"][name] for name in names), record["runs"]] for record in found] == [
        ["lstm", True, 2],
        ["gru", True, 1],
        [None, False, 1],
        [None, None, 1],
    ]
    assert found[0] == {
        "group": {names[0]: "lstm", names[1]: True},
        "runs": 2,
        "unranked": 0,
        "mean": pytest.approx(0.3),
        "std": pytest.approx(math.sqrt(0.02)),
        "best": 0.2,
        "run_id": "aaaa00000000-00000",
        "metric": "validation_loss",
        "validation": "3fa9c1d2" + "0" * 56,
    }
    assert found[1]["unranked"] == 1


def test_csv(grouped: list[GroupedTable]) -> None:
    head, _, gru, *_ = groups_to_csv(grouped).splitlines()
    assert (
        head == f"params.{POOLER},params.{BIDIRECTIONAL},runs,unranked,mean,std,best,run_id,metric,validation"
    )
    assert gru == f"gru,true,1,1,0.5,,0.5,aaaa00000000-00001,validation_loss,3fa9c1d2{'0' * 56}"


def test_markdown_and_latex(grouped: list[GroupedTable]) -> None:
    assert groups_to_markdown(grouped[:1]).splitlines()[2:] == [
        "| pooler.type | pooler.bidirectional | runs | without rank | mean validation_loss "
        "| std | best | run |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
        "| lstm | true | 2 | 0 | 0.3000 | 0.1414 | 0.2000 | aaaa00000000-00000 |",
        "| gru | true | 1 | 1 | 0.5000 | - | 0.5000 | aaaa00000000-00001 |",
        "| - | false | 1 | 0 | 0.6000 | - | 0.6000 | aaaa00000000-00004 |",
    ]
    assert r"gru & true & 1 & 1 & 0.5000 & -- & 0.5000 & aaaa00000000-00001 \\" in groups_to_latex(grouped)


def test_a_name_that_is_wrong(tmp_path: Path) -> None:
    tables = rank([write_search(tmp_path, [Trial([0.2])])])
    with pytest.raises(ConfigurationError, match="--group-by: no column 'nothing'"):
        group_tables(tables, ["nothing"])
    [by_status] = group_tables(tables, ["status"])
    assert by_status.groups[0].key == ("COMPLETED",)
