"""Which columns are shown: the same choice in every format, compared with what a person wrote down."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from tests.leaderboard.windows import window
from toolkit.cli.compare import command
from toolkit.errors import ConfigurationError
from toolkit.leaderboard import Table, rank
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.as_latex import escape, to_latex
from toolkit.leaderboard.as_markdown import to_markdown
from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.choosing import choose, split_names
from toolkit.leaderboard.index import answer
from toolkit.leaderboard.question import Question

LR, POOLER, LAYERS = "trainer.optimizer.lr", "pipeline.head.pooler.type", "pipeline.head.pooler.num_layers"


@pytest.fixture
def tables(tmp_path: Path) -> list[Table]:
    points = (
        [{"validation_loss": 0.5, "training_loss": 0.4}],
        [{"validation_loss": 0.25, "training_loss": -1.0}],
    )
    trials = [
        Trial(points[0], params={LR: 0.01, POOLER: "gru", LAYERS: 1}),
        Trial(points[1], params={LR: 0.0000123, POOLER: "gru", LAYERS: True}),
    ]
    return rank([write_search(tmp_path / "names", trials)])


def test_columns_stand_exactly_as_asked_for(tables: list[Table]) -> None:
    chosen = choose(tables, ["lr", "training_loss", "rank", "job"])
    assert to_csv(chosen) == (
        "params.trainer.optimizer.lr,metrics.training_loss,rank,job\n1.23e-05,-1.0,1,tune\n0.01,0.4,2,tune\n"
    )
    assert to_markdown(chosen).splitlines()[2:] == [
        "| optimizer.lr | training_loss | rank | job |",
        "| ---: | ---: | ---: | --- |",
        "| 1.23e-05 | -1.0000 | 1 | tune |",
        "| 0.01 | 0.4000 | 2 | tune |",
    ]
    assert to_latex(chosen).splitlines()[1:] == [
        r"\begin{tabular}{rrrl}",
        r"\toprule",
        r"optimizer.lr & training\_loss & rank & job \\",
        r"\midrule",
        r"$1.23 \times 10^{-5}$ & $-$1.0000 & 1 & tune \\",
        r"0.01 & 0.4000 & 2 & tune \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]
    assert json.loads(to_json(chosen))[0] == {
        "rank": 1,
        "job": "tune",
        "metrics": {"training_loss": -1.0},
        "params": {LR: 1.23e-05},
    }


def test_a_chosen_column_is_shown_however_narrow_the_window(tables: list[Table]) -> None:
    shown, lines = window(20)
    print_tables(choose(tables, ["search", "pooler.type", "lr"]), shown)
    assert [line.split() for line in lines if "aaaa" in line] == [
        ["aaaa00000000", "gru", "1.23e-05"],
        ["aaaa00000000", "gru", "0.01"],
    ]


def test_drop(tables: list[Table]) -> None:
    chosen = choose(tables, drop=["run_id", "training_loss", "pooler.type"])
    assert to_csv(chosen).splitlines()[0] == (
        "rank,experiment,search,trial,status,rung,epoch,epochs,metrics.validation_loss,params.trainer.optimizer.lr,"
        "params.pipeline.head.pooler.num_layers"
    )
    assert "training_loss" not in to_markdown(chosen) and "optimizer.lr" in to_markdown(chosen)
    assert json.loads(to_json(chosen))[0]["metrics"] == {"validation_loss": 0.25}
    assert (
        to_csv(choose(tables, ["lr", "rank"], drop=["rank"])).splitlines()[0] == "params.trainer.optimizer.lr"
    )


def test_drop_a_commit_that_differs(tmp_path: Path) -> None:
    one = write_search(tmp_path / "1", [Trial([0.5])])
    other = write_search(tmp_path / "2", [Trial([0.5])], id="b" * 12, provenance={"commit": "def"})
    assert "| commit |" in to_markdown(rank([one, other]))
    assert "commit" not in to_markdown(choose(rank([one, other]), drop=["commit"]))


def test_only_changed_leaves_what_tells_runs_apart(tables: list[Table]) -> None:
    chosen = choose(tables, only_changed=True)
    assert to_csv(chosen).splitlines()[0] == (
        "rank,trial,run_id,metrics.validation_loss,metrics.training_loss,params.trainer.optimizer.lr,"
        "params.pipeline.head.pooler.num_layers"  # 1 and True are not the same
    )
    assert "| rank | trial | validation_loss | optimizer.lr |" in to_markdown(
        choose(tables, None, ["num_layers"], True)
    )


def test_what_only_one_table_has_tells_tables_apart(tables: list[Table], tmp_path: Path) -> None:
    other = write_search(tmp_path / "o", [Trial([0.1])], id="b" * 12, data={"validation": OTHER_VALIDATION})
    both = [*tables, *rank([other])]
    assert "search" not in to_csv(choose(tables, only_changed=True))
    assert (
        to_csv(choose(both, only_changed=True))
        .splitlines()[0]
        .startswith("rank,search,trial,run_id,metrics.")
    )
    assert to_csv(choose(both, ["lr", "rank"])).splitlines()[-1] == ",1"


def test_names_that_are_wrong(tables: list[Table]) -> None:
    with pytest.raises(ConfigurationError, match=r"--columns: no column 'pooler.typ', did you mean"):
        choose(tables, ["pooler.typ"])
    with pytest.raises(ConfigurationError, match="--drop: no column 'x'"):
        choose(tables, drop=["x"])
    with pytest.raises(ConfigurationError, match="no column is left"):
        choose(tables, ["rank"], drop=["rank"])


def test_names_are_split_at_commas() -> None:
    assert split_names("lr, optimizer.lr ,`a,b c`,") == ["lr", "optimizer.lr", "a,b c"]
    assert split_names(None) is None


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% of a_b & c#1 $x", r"50\% of a\_b \& c\#1 \$x"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ("a\nb", "a b"),
        ("[1, 2]*", "{[}1, 2]{*}"),
        ("a---b", "a-{}-{}-b"),
        ("Bäckereien ~^", r"Bäckereien \textasciitilde{}\textasciicircum{}"),
    ],
)
def test_latex_prints_what_was_there(text: str, latex: str) -> None:
    assert escape(text) == latex


def test_a_hyperparameter_that_all_runs_share_is_shown_where_it_is_asked_for(project: Path) -> None:
    config = {
        "trainer": {"num_epochs": 3, "optimizer": {"lr": 0.1, "type": "adam"}},
        "a": {"type": "b", "lr": 5},
    }
    path = project / "runs" / "names" / ("a" * 12)
    write_search(
        path, [Trial([0.5], params={LR: 0.1}, config=config), Trial([0.4], params={LR: 1}, config=config)]
    )

    def compare(*arguments: str) -> str:
        return CliRunner().invoke(command, [*arguments, "--csv"], catch_exceptions=False).stdout

    shared = "trial,params.trainer.num_epochs,params.trainer.optimizer.type\n1,3,adam\n0,3,adam\n"
    assert compare("--columns", "trial,num_epochs,optimizer.type") == shared
    assert "num_epochs" not in compare()
    assert compare("--group-by", "num_epochs").splitlines()[1].startswith("3,2,0,0.45,")
    assert compare("--columns", "lr") == "params.trainer.optimizer.lr\n1\n0.1\n"  # two end so, one is shown
    assert compare("--columns", "a.lr") == "params.a.lr\n5\n5\n"
    with pytest.raises(ConfigurationError, match="--columns: no column 'type'"):
        compare("--columns", "type")  # two paths end so, and neither is shown


def test_what_is_shown_anyway_is_not_shown_twice(tmp_path: Path) -> None:
    search = write_search(tmp_path, [Trial([0.5], params={LR: 0.1}), Trial([0.4], params={LR: 1})])
    [table] = answer([search], Question(columns=["lr", "optimizer.lr", "status", "nothing"]))
    assert table.params == [LR]


def test_the_command_line(project: Path) -> None:
    write_search(
        project / "runs" / "names" / ("a" * 12),
        [Trial([0.5], params={LR: 0.1}), Trial([0.4], params={LR: 1})],
    )
    done = CliRunner().invoke(command, ["--columns", "trial,lr,epochs", "--drop", "epochs", "--csv"])
    assert done.stdout == "trial,params.trainer.optimizer.lr\n1,1\n0,0.1\n"
    done = CliRunner().invoke(command, ["--only-changed", "--latex"])
    assert r"rank & trial & validation\_loss & optimizer.lr \\" in done.stdout
