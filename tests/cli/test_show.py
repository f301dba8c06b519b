"""`toolkit show` on journals whose runs a person knows."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.leaderboard.journals import VALIDATION, Trial, write_search
from toolkit.cli.show import command
from toolkit.errors import NotFoundError
from toolkit.leaderboard.showing.sparkline import sparkline
from toolkit.runs import JournalWriter, SearchFolder
from toolkit.trackers.cursor import Cursor, Cursors, write_cursors

LR, POOLER = "trainer.optimizer.lr", "pipeline.head.pooler.type"
ORIGIN = {
    "commit": "7df8cd0339f98225d315b801398384bff65931a6",
    "branch": "main",
    "dirty": True,
    "diff": {"path": "changes-0123456789ab.diff", "sha256": "0" * 64, "cut": False},
    "versions": {"torch": "2.13.0+cpu"},
    "python": "3.11.7",
    "host": "a-host",
}
SPEC = {
    "pipeline": {"head": {"pooler": {"type": {"choice": ["gru", "lstm"]}}}},
    "trainer": {"optimizer": {"lr": {"loguniform": [0.001, 0.01]}}, "num_epochs": 3},
    "scheduler": {"type": "asha", "grace_period": 1},
}


@pytest.fixture
def folder(project: Path) -> Path:
    """A search of four trials: the best one, a stopped one, a failed one and one that is NaN."""
    trials = [
        Trial([0.5, 0.25, 0.3], params={LR: 0.1 + 0.2, POOLER: "gru"}, config={"trainer": {"num_epochs": 3}}),
        Trial([0.6], "STOPPED", rung=1, reason="ASHA stopped it", params={LR: 0.001, POOLER: "lstm"}),
        Trial([0.7], "FAILED", error="Traceback:\n  somewhere\nValueError: \x1b[31mno", params={LR: 1.0}),
        Trial([math.nan]),
    ]
    path = project / "runs" / "names" / ("a" * 12)
    write_search(
        path,
        trials,
        id="a" * 12,
        num_trials=4,
        provenance=ORIGIN,
        spec=SPEC,
        data={"training": {"path": "train.csv", "sha256": "1" * 64, "rows": 8000}, "validation": VALIDATION},
        tracking={"mlflow": {}, "tensorboard": {}},
    )
    return path


def show(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, env={"COLUMNS": "100"})


def lines(*arguments: str) -> list[str]:
    done = show(*arguments)
    assert done.exit_code == 0, done.output
    return [line.rstrip() for line in done.stdout.splitlines()]


def test_a_run(folder: Path) -> None:
    told = lines("names/0")
    assert told[:4] == [
        "names/0  COMPLETED",
        "  run    aaaaaaaaaaaa-00000, tune, seed 0",
        "  best   validation_loss 0.2500 at epoch 1 (lower is better)",
        "  rank   1 of 2 in names@aaaaaaaaaaaa",
    ]
    assert "  validation_loss  █▁▂  0.5000 to 0.3000" in told
    assert [line.split() for line in told if "best  " in line][1] == ["1", "best", "0.2500", "0.50", "20"]
    assert f"  {LR}       0.30000000000000004" in told  # in full: what is looked up is not rounded
    assert "  validation  data/valid.csv, 2000 rows, sha256 3fa9c1d20000" in told
    assert "  commit    7df8cd0339f9 on main, with changes that are not committed" in told
    assert "  versions  python 3.11.7, torch 2.13.0+cpu" in told
    assert "  model    not there: runs/names/aaaaaaaaaaaa/trials/00000/training/model.tar.gz" in told
    assert "  changes  not there: runs/names/aaaaaaaaaaaa/changes-0123456789ab.diff" in told
    assert not any("num_epochs" in line for line in told)
    assert "  trainer.num_epochs  3" in lines("names/0", "--config")


def test_a_stopped_run_and_a_failed_one(folder: Path) -> None:
    assert "  stopped  by the scheduler at rung 1, after so many epochs" in lines("names/1")
    assert "  reason   ASHA stopped it" in lines("names/1")
    told = lines("names/2")
    assert r"  rank   none: ValueError: \x1b[31mno" in told  # nothing that a terminal would obey
    assert r"  error  ValueError: \x1b[31mno (3 lines: --error shows them)" in told
    assert "    somewhere" in lines("names/2", "--error")
    assert "  rank   none: validation_loss is never a finite number" in lines("names/3")


def test_files_and_what_became_of_the_model(folder: Path) -> None:
    with JournalWriter(SearchFolder(folder)) as journal:
        journal.append("drop", 0, name="model", reason="keep_models: 1")
    state = folder / "trials" / "00000" / "state"
    state.mkdir(parents=True)
    (state / "one").write_bytes(b"12345")
    told = lines("names/0")
    assert "  model    dropped: keep_models: 1" in told
    assert "  state    5 B, runs/names/aaaaaaaaaaaa/trials/00000/state" in told


def test_what_the_trackers_lack(folder: Path) -> None:
    search = SearchFolder(folder)
    write_cursors(
        search, "mlflow", Cursors(Cursor(folder.joinpath("journal.jsonl").stat().st_size, "sqlite:///x"))
    )
    beginning = folder.joinpath("journal.jsonl").read_bytes()
    second_point = beginning.index(b'"epoch":1')
    write_cursors(
        search, "tensorboard", Cursors(Cursor(beginning.rindex(b"\n", 0, second_point) + 1, "tensorboard"))
    )
    assert lines("names/0")[-2:] == [
        "  mlflow       has every epoch, sqlite:///x",
        "  tensorboard  lacks 2 epochs, tensorboard",
    ]
    assert json.loads(show("names", "--json").stdout)["trackers"] == [
        {"tracker": "mlflow", "store": "sqlite:///x", "unsent": 0},
        {"tracker": "tensorboard", "store": "tensorboard", "unsent": 5},
    ]


def test_a_run_as_json(folder: Path) -> None:
    found = json.loads(show("aaaaaaaaaaaa-00002", "--json").stdout)
    assert found["error"] == "Traceback:\n  somewhere\nValueError: \x1b[31mno"
    assert found["unranked"] == "ValueError: \x1b[31mno"
    assert found["epochs"] == [
        {
            "epoch": 0,
            "step": 10,
            "t": found["epochs"][0]["t"],
            "seconds": 0.5,
            "provisional": False,
            "metrics": {"validation_loss": 0.7},
        }
    ]
    assert json.loads(show("names/3", "--json").stdout)["epochs"][0]["metrics"] == {"validation_loss": None}


def test_a_search(folder: Path) -> None:
    told = lines("names")
    assert told[0] == "names@aaaaaaaaaaaa  COMPLETED"
    assert "  trials     4 of 4 planned: 2 COMPLETED, 1 FAILED, 1 STOPPED" in told
    assert "  best       names/0, 0.2500 at epoch 1" in told
    assert f"  {POOLER}  choice of gru, lstm" in told
    assert f"  {LR}       loguniform 0.001 to 0.01" in told
    assert "  scheduler  asha, grace_period 1" in told
    assert r"  names/2 FAILED: ValueError: \x1b[31mno" in told
    assert lines("aaaa") == told == lines("names@aa") == lines(str(folder))
    assert json.loads(show("names", "--json").stdout)["space"][POOLER] == {"choice": ["gru", "lstm"]}


def test_a_long_run_shows_both_ends_and_its_best_epoch(project: Path) -> None:
    losses = [1 + abs(epoch - 50) for epoch in range(100)]
    write_search(
        project / "runs" / "names" / ("a" * 12), [Trial([float(loss) for loss in losses])], id="a" * 12
    )
    told = lines("names/0")
    start = next(number for number, line in enumerate(told) if line.startswith("───"))
    epochs = [line.split()[0] for line in told[start + 1 : start + 22]]
    assert epochs == [str(epoch) for epoch in (*range(10), 50, *range(90, 100))]
    assert "79 epochs between them are not shown: --json has them all" in told


def test_an_epoch_that_does_not_count_yet_is_marked(project: Path) -> None:
    path = project / "runs" / "names" / ("a" * 12)
    write_search(path, [Trial([0.5], status=None)], id="a" * 12, ended=False)
    with JournalWriter(SearchFolder(path)) as journal:
        journal.append("provisional", 0, epoch=1, step=20, metrics={"validation_loss": 0.1}, seconds=0.5)
    told = lines("names/0")
    assert any(line.split()[:3] == ["1", "provisional", "0.1000"] for line in told)
    assert "  best   validation_loss 0.5000 at epoch 0 (lower is better)" in told


def test_hyperparameters_that_changed_on_the_way(project: Path) -> None:
    path = project / "runs" / "names" / ("a" * 12)
    params = {LR: 0.1, "trainer.optimizer": {"betas": [0.9, 0.30000000000000004]}, "name": "\ud800"}
    write_search(path, [Trial([0.5], status=None, params=params)], id="a" * 12, ended=False)
    with JournalWriter(SearchFolder(path)) as journal:
        journal.append("params", 0, epoch=1, params={LR: 0.05, POOLER: "gru"})
    told = lines("names/0")
    assert f"  from epoch 1          {LR} = 0.05, {POOLER} = gru" in told
    assert "  trainer.optimizer     {betas: [0.9, 0.30000000000000004]}" in told
    assert json.loads(show("names/0", "--json").stdout)["changes"] == [
        {"epoch": 1, "params": {LR: 0.05, POOLER: "gru"}}
    ]


def test_a_folder_of_two_searches_names_neither(folder: Path) -> None:
    write_search(folder.parent / ("b" * 12), [Trial([0.5])], id="b" * 12)
    with pytest.raises(NotFoundError, match="names 2 searches: write name@id-prefix"):
        CliRunner().invoke(command, [str(folder.parent)], catch_exceptions=False)


@pytest.mark.parametrize("address", ["nothing", "names/9", "aaaaaaaaaaaa-0000", "", "ffff"])
def test_an_address_that_names_nothing(folder: Path, address: str) -> None:
    with pytest.raises(NotFoundError):
        CliRunner().invoke(command, [address], catch_exceptions=False)


def test_nothing_heavy_is_imported(folder: Path) -> None:
    heavy = ("torch", "ray", "mlflow", "wandb", "pandas", "sklearn")
    code = (
        "import sys; from toolkit.cli import group; group(['show', sys.argv[1]], standalone_mode=False);"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    for address in ("names/0", "names"):
        done = subprocess.run(
            [sys.executable, "-c", code, address], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_gets_colours_unless_it_wants_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32m  COMPLETED" in show("names/0").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "32m" not in show("names/0").stdout


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([0, 1], "▁█"),
        ([3, 2, 1, 0], "█▆▃▁"),
        ([1, math.nan, "x", None, math.inf, 2], "▁····█"),
        ([5, 5], "▁▁"),
        ([], ""),
        ([-1e308, 1e308], "▁█"),
        ([True, 1, 2], "·▁█"),
    ],
)
def test_sparklines(values: list[object], line: str) -> None:
    assert sparkline(values) == line


def test_two_curves_can_share_a_scale() -> None:
    assert sparkline([0, 1], scale=[0, 1, 2, object(), math.nan]) == "▁▅"


def test_a_sparkline_of_many_values_keeps_its_ends() -> None:
    drawn = sparkline([9, *[5] * 500, 1], width=20)
    assert len(drawn) == 20
    assert drawn[0] == "█" and drawn[-1] == "▁"
