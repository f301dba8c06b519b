"""`toolkit.compare`: the answers of the command, as a DataFrame."""

import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from toolkit import compare
from toolkit.cli.compare import command
from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard.as_csv import csv_text
from toolkit.testing.toy import toy_header, write_toy_journal

LR = "trainer.optimizer.lr"


@pytest.fixture
def searches(project: Path) -> Path:
    """Two searches of `names`, a baseline, and `elsewhere`, which has other validation data."""
    runs = project / "runs"
    write_search(runs / "names" / ("a" * 12), [Trial([0.9], params={LR: 0.1})], id="a" * 12)
    time.sleep(0.002)  # journals count milliseconds: the second search began later
    trials = [
        Trial([0.5, 0.7], params={LR: 0.2}, status="STOPPED", rung=2),
        Trial([0.3, 0.2, 0.4], params={LR: 0.3, "dims": [32, 64]}),
        Trial([], params={LR: 0.4}, status="FAILED", reason="ValueError: =no"),
    ]
    write_search(runs / "names" / ("b" * 12), trials, id="b" * 12)
    write_search(runs / "rival" / ("d" * 12), [Trial([0.8])], id="d" * 12, experiment="rival", job="baseline")
    other = {"experiment": "elsewhere", "data": {"validation": OTHER_VALIDATION}}
    write_search(runs / "elsewhere" / ("e" * 12), [Trial([0.1]), Trial([0.05])], id="e" * 12, **other)
    return project


def as_csv(frame: pd.DataFrame) -> str:
    """The frame's cells as the command writes them."""

    def plain(value: Any) -> Any:
        return None if pd.api.types.is_scalar(value) and pd.isna(value) else value

    columns = {name: list(map(plain, frame[name].tolist())) for name in frame}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return csv_text(list(columns), rows)


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        (lambda: compare("names", "rival"), ["names", "rival"]),
        (lambda: compare("names", "rival", every=True), ["names", "rival", "--all"]),
        (lambda: compare("names@aaaa", "rival"), ["names@aaaa", "rival"]),
        (lambda: compare(Path("runs/names/bbbbbbbbbbbb")), ["runs/names/bbbbbbbbbbbb"]),
        (lambda: compare("names", "rival", top=1), ["names", "rival", "--top", "1"]),
        (lambda: compare("names", "rival", limit=1), ["names", "rival", "--limit", "1"]),
        (lambda: compare("names", "rival", limit=0), ["names", "rival", "--limit", "0"]),
        (lambda: compare("names", scope="last"), ["names", "--scope", "last"]),
        (lambda: compare("names", mode="max"), ["names", "--mode", "max"]),
        (lambda: compare("names", metric="validation_loss"), ["names", "--metric", "validation_loss"]),
        (lambda: compare("names", where="lr > 0.2"), ["names", "--where", "lr > 0.2"]),
        (lambda: compare("names", sort="-lr"), ["names", "--sort", "-lr"]),
        (lambda: compare("names", sort=["status", "-lr"]), ["names", "--sort", "status", "--sort", "-lr"]),
        (lambda: compare("names", "elsewhere", force=True), ["names", "elsewhere", "--force"]),
        (lambda: compare(projects="."), ["--project", "."]),
    ],
)
def test_it_holds_what_the_csv_holds(
    searches: Path, asked: Callable[[], pd.DataFrame], options: list[str]
) -> None:
    printed = CliRunner().invoke(command, [*options, "--csv"])
    assert printed.exit_code == 0
    assert as_csv(asked().drop(columns="table", errors="ignore")) == printed.stdout


def test_runs_of_two_leaderboards_are_told_apart(searches: Path) -> None:
    frame = compare()
    assert frame.columns[0] == "table"
    assert frame.groupby("table")["rank"].apply(list).tolist() == [[1, 2], [1, 2, 3, pd.NA]]
    one, other = frame.attrs["tables"]
    assert (one["reason"], other["reason"]) == ("", "other validation data")
    assert one["runs"] == {"COMPLETED": 2}
    assert "table" not in compare("names")


def test_types(searches: Path) -> None:
    frame = compare("names", "rival")
    assert frame.dtypes[["rank", "rung", "epoch", "trial", "epochs"]].tolist() == [
        *("Int64", "Int64", "Int64"),
        *("int64", "int64"),
    ]
    assert isinstance(frame.status.dtype, pd.CategoricalDtype)
    assert frame[f"params.{LR}"].dtype == "float64"
    assert frame["params.dims"].dropna().tolist() == [[32, 64]]


def test_odd_values_are_what_they_were(project: Path) -> None:
    write_toy_journal(project / "runs" / "toy names" / "0123456789ab", toy_header())
    frame = compare()
    row = frame.set_index("trial").loc[3]
    assert (frame["metrics.flag"].dtype, frame["metrics.whole"].dtype) == ("boolean", "Int64")
    assert row["metrics.huge"] == 10**400
    assert row["metrics.beyond_floats"] == 2**53 + 1
    assert bool(row["metrics.flag"])
    assert row["metrics.nested"]["ä"] == "🙂"
    assert row["params.trainer.zero"] == 0.0
    assert not row["params.trainer.off"]
    assert row["params.trainer.no_text"] == ""


def test_pandas_goes_on_working(searches: Path, tmp_path: Path) -> None:
    frame = compare("names", "rival")
    stopped = frame[frame.status == "STOPPED"].sort_values("metrics.validation_loss")
    assert type(stopped) is type(frame)
    assert stopped.attrs["tables"] == frame.attrs["tables"]
    assert pickle.loads(pickle.dumps(frame)).equals(frame)
    frame.to_csv(tmp_path / "frame.csv", index=False)
    assert pd.read_csv(tmp_path / "frame.csv")["trial"].tolist() == frame["trial"].tolist()
    assert frame.groupby("status", observed=True)["metrics.validation_loss"].min().to_dict() == {
        "COMPLETED": 0.2,
        "STOPPED": 0.5,
        "FAILED": pytest.approx(float("nan"), nan_ok=True),
    }


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (lambda: compare("nmes"), NotFoundError, "nmes"),
        (lambda: compare("names", where="lr > 9"), NotFoundError, "no run matches where='lr > 9'"),
        (lambda: compare("names", where="lrr > 9"), ConfigurationError, "no column 'lrr'"),
        (lambda: compare(metric="loss"), NotFoundError, "no run reports the metric 'loss'"),
        (lambda: compare(mode="up"), ConfigurationError, "mode must be"),  # type: ignore[arg-type]
        (lambda: compare(scope="all"), ConfigurationError, "scope must be"),  # type: ignore[arg-type]
        (lambda: compare(top=0), ConfigurationError, "top must be at least 1"),
        (lambda: compare(limit=-1), ConfigurationError, "limit must be at least 0"),
        (lambda: compare(journals=False), ConfigurationError, "nothing to rank"),
        (lambda: compare(runs="elsewhere"), NotFoundError, "nothing to compare"),
    ],
)
def test_errors(
    searches: Path, asked: Callable[[], pd.DataFrame], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        asked()


def test_a_journal_that_cannot_be_read_is_told(searches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = searches / "runs" / "broken" / "x"
    broken.mkdir(parents=True)
    (broken / "journal.jsonl").write_text("no journal\n")
    assert len(compare()) == 6
    assert "broken" in capsys.readouterr().err
