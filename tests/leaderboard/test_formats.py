"""One leaderboard in all its formats, compared with what a person wrote down."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, VALIDATION, Trial, write_search
from tests.leaderboard.windows import window
from toolkit.leaderboard import Table, rank
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.columns import in_words, metric_in_words
from toolkit.leaderboard.wording import headline


def point(loss: float, accuracy: float) -> dict[str, float]:
    return {
        "training_loss": 2 * loss,
        "validation_loss": loss,
        "validation_accuracy": accuracy,
        "validation_fscore__Hotels": accuracy,
    }


def params(lr: float, pooler: str, bidirectional: bool = True) -> dict[str, Any]:
    return {
        "trainer.optimizer.lr": lr,
        "pipeline.head.pooler.type": pooler,
        "pipeline.head.pooler.bidirectional": bidirectional,
    }


@pytest.fixture
def tables(tmp_path: Path) -> list[Table]:
    searched = [
        Trial([point(0.5, 0.8), point(0.31234, 0.9)], params=params(0.00123, "gru")),
        Trial([point(0.6, 0.75)], status="STOPPED", rung=1, params=params(0.01, "lstm")),
        Trial([point(math.nan, 0.1)], params=params(0.5, "lstm")),
    ]
    rival = [Trial([point(0.4, 0.85)])]
    elsewhere = [Trial([{"validation_loss": 0.1}], status=None)]
    return rank(
        [
            write_search(tmp_path / "1", searched),
            write_search(tmp_path / "2", rival, experiment="names-baseline", id="b" * 12, job="baseline"),
            write_search(
                tmp_path / "3",
                elsewhere,
                ended=False,
                experiment="other",
                id="c" * 12,
                data={"validation": OTHER_VALIDATION},
            ),
        ]
    )


def as_text(tables: list[Table], width: int) -> list[str]:
    shown, lines = window(width)
    print_tables(tables, shown)
    return lines


def test_json(tables: list[Table]) -> None:
    rows = json.loads(to_json(tables))
    assert rows[0] == {
        "rank": 1,
        "experiment": "names",
        "search": "aaaa00000000",
        "trial": 0,
        "run_id": "aaaa00000000-00000",
        "status": "COMPLETED",
        "rung": None,
        "epoch": 1,
        "epochs": 2,
        "metrics": point(0.31234, 0.9),
        "params": params(0.00123, "gru"),
    }
    assert [(row["rank"], row["experiment"], row["rung"]) for row in rows] == [
        (1, "names", None),
        (2, "names-baseline", None),
        (3, "names", 1),
        (None, "names", None),
        (1, "other", None),
    ]
    assert rows[3]["reason"] == "validation_loss is never a finite number"


def test_json_has_null_for_nan(tmp_path: Path) -> None:
    trial = Trial([{"validation_loss": 0.5, "grad_norm": math.inf, "other": math.nan}])
    text = to_json(rank([write_search(tmp_path, [trial])]))
    assert json.loads(text)[0]["metrics"] == {"validation_loss": 0.5, "grad_norm": None, "other": None}
    assert json.loads(to_json([])) == []


def test_csv(tables: list[Table]) -> None:
    assert to_csv([top(table) for table in tables]) == (
        "rank,experiment,search,trial,run_id,status,rung,epoch,epochs,metrics.training_loss,"
        "metrics.validation_loss,metrics.validation_accuracy,metrics.validation_fscore__Hotels,"
        "params.trainer.optimizer.lr,params.pipeline.head.pooler.type,"
        "params.pipeline.head.pooler.bidirectional\n"
        "1,names,aaaa00000000,0,aaaa00000000-00000,COMPLETED,,1,2,0.62468,0.31234,0.9,0.9,"
        "0.00123,gru,true\n"
        "2,names-baseline,bbbbbbbbbbbb,0,bbbbbbbbbbbb-00000,COMPLETED,,0,1,0.8,0.4,0.85,0.85,,,\n"
        "1,other,cccccccccccc,0,cccccccccccc-00000,RUNNING,,0,1,,0.1,,,,,\n"
    )


def test_markdown(tables: list[Table]) -> None:
    assert to_markdown(tables[:1]) == (
        "**validation_loss, lowest first \\| data/valid.csv (3fa9c1d2) \\| 4 runs: 3 COMPLETED, 1 STOPPED**\n"
        "\n"
        "| rank | experiment | search | trial | status | epoch | epochs | validation_loss "
        "| validation_accuracy | optimizer.lr | pooler.type | training_loss |\n"
        "| ---: | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |\n"
        "| 1 | names | aaaa00000000 | 0 | COMPLETED | 1 | 2 | 0.3123 | 0.9000 | 0.00123 | gru | 0.6247 |\n"
        "| 2 | names-baseline | bbbbbbbbbbbb | 0 | COMPLETED | 0 | 1 | 0.4000 | 0.8500 | - | - | 0.8000 |\n"
        "| 3 | names | aaaa00000000 | 1 | STOPPED | 0 | 1 | 0.6000 | 0.7500 | 0.01 | lstm | 1.2000 |\n"
        "\n"
        "Without a rank:\n"
        "\n"
        "- names/2 COMPLETED: validation_loss is never a finite number\n"
    )


def test_table(tables: list[Table]) -> None:
    assert as_text(tables, 76) == [
        "validation_loss, lowest first | data/valid.csv (3fa9c1d2) | 4 runs: 3 COMPLETED, 1 STOPPED",
        "                                                validation  validation",
        "rank  experiment      trial  status     epochs        loss    accuracy",
        70 * "─",
        "   1  names               0  COMPLETED       2      0.3123      0.9000",
        "   2  names-baseline      0  COMPLETED       1      0.4000      0.8500",
        "   3  names               1  STOPPED         1      0.6000      0.7500",
        "No room for 5 columns (search, epoch, optimizer.lr, pooler.type, ...): "
        "widen the window, or use --md, --csv, --json.",
        "Without a rank:",
        "  names/2 COMPLETED: validation_loss is never a finite number",
        "",
        "validation_loss, lowest first | data/other.csv (9bb01e77) | 1 run: 1 RUNNING",
        "A table of its own: other validation data.",
        "Still running: other@cccccccccccc.",
        "                                                               validation",
        "rank  experiment  search        trial  status   epoch  epochs        loss",
        73 * "─",
        "   1  other       cccccccccccc      0  RUNNING      0       1      0.1000",
    ]


def test_a_wide_window_shows_every_column(tables: list[Table]) -> None:
    assert as_text(tables[:1], 120)[1:5] == [
        "                                                                     validation  validation"
        "  optimizer  pooler  training",
        "rank  experiment      search        trial  status     epoch  epochs        loss    accuracy"
        "         lr  type        loss",
        120 * "─",
        "   1  names           aaaa00000000      0  COMPLETED      1       2      0.3123      0.9000"
        "    0.00123  gru       0.6247",
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_rows_are_never_wrapped_nor_cut(tables: list[Table], width: int) -> None:
    lines = as_text(tables, width)
    for experiment in ("names", "names-baseline", "other"):
        assert any(f"  {experiment}  " in line for line in lines)
    assert not any("…" in line for line in lines)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("{root}/data/valid.csv", "data/valid.csv (3fa9c1d2)"),
        ("/elsewhere/valid.csv", "/elsewhere/valid.csv (3fa9c1d2)"),
        (None, "validation data (3fa9c1d2)"),
    ],
)
def test_the_headline_names_the_data_as_seen_from_here(project: Path, path: str | None, shown: str) -> None:
    data = {"validation": {**VALIDATION, "path": path and path.format(root=project)}}
    [table] = rank([write_search(project / "run", [Trial([0.5])], data=data)])
    assert headline(table) == f"validation_loss, lowest first | {shown} | 1 run: 1 COMPLETED"


def test_brackets_are_no_markup(tmp_path: Path) -> None:
    search = write_search(tmp_path, [Trial([0.5]), Trial([0.6])], experiment="[bold]names[/bold]")
    assert any("[bold]names[/bold]" in line for line in as_text(rank([search]), 100))
    assert "\\[bold]names\\[/bold]" in to_markdown(rank([search]))


def test_the_baseline_below_the_top_stands_apart(tables: list[Table]) -> None:
    lines = as_text([top(rank_of_three(tables[0]))], 100)
    ranks = [line.split()[0] if line else "" for line in lines]
    start = ranks.index("1")
    assert ranks[start : start + 3] == ["1", "", "3"]


def top(table: Table) -> Table:
    """The first run, and the baseline."""
    first, *others = table.ranked
    return replace(table, rows=[first, *(row for row in others if row.job == "baseline")])


def rank_of_three(table: Table) -> Table:
    """The table with its baseline moved to the last place."""
    first, rival, last = table.ranked
    return replace(table, rows=[first, replace(last, rank=2), replace(rival, rank=3)])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "-"),
        (0, "0"),
        (False, "false"),
        (0.0, "0"),
        (1234567, "1234567"),
        (0.00123456, "0.001235"),
        ("gru", "gru"),
        ([32, 0.5], "[32, 0.5]"),
        ({"type": "gru"}, "{type: gru}"),
        (math.nan, "nan"),
    ],
)
def test_values_in_words(value: Any, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5, "0.5000"),
        (-0.5, "-0.5000"),
        (1e-7, "1.000e-07"),
        (1e9, "1.000e+09"),
        (3, "3"),
        (math.inf, "inf"),
    ],
)
def test_metrics_in_words(value: Any, words: str) -> None:
    assert metric_in_words(value) == words
