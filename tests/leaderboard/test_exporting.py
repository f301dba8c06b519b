import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.leaderboard.journals import Trial, write_search
from toolkit.errors import NotFoundError, SearchError
from toolkit.leaderboard import export, find_results, rank
from toolkit.leaderboard.results import read_results
from toolkit.runs import Search


def config(lr: float) -> dict[str, Any]:
    return {
        "pipeline": {"name": "names", "head": {"labels": ["Bäckereien", "Hotels"], "dropout": [0.0]}},
        "trainer": {"optimizer": {"type": "adam", "lr": lr}, "num_epochs": 3},
    }


def trial(lr: float, points: list[Any], **ending: Any) -> Trial:
    return Trial(points, params={"trainer.optimizer.lr": lr}, config=config(lr), **ending)


def write_example(folder: Path, search_id: str = "aaaa00000000", order: int = 1) -> Search:
    best = [
        {"validation_loss": 0.1 + 0.2, "validation_accuracy": 0.9, "validation_fscore__Hotels": 0.8},
        {"validation_loss": math.nan, "validation_accuracy": 0.2},
    ]
    trials = [
        trial(1e-05, [0.5, 0.4]),
        trial(0.01, best),
        trial(0.002, [0.9], status="STOPPED", rung=1, reason="stopped at rung 1"),
        trial(0.003, [], status="FAILED", reason="out of memory"),
    ]
    return write_search(folder, trials, id=search_id)


def test_the_files_and_what_they_hold(tmp_path: Path) -> None:
    search = write_example(tmp_path / "run")
    model = search.model(1)
    model.parent.mkdir(parents=True)
    model.write_bytes(b"an archive")
    results = tmp_path / "results" / "names"

    written = export(search, results)

    assert {name: path.name for name, path in written.items()} == {
        "leaderboard": "leaderboard.csv",
        "metrics": "metrics.json",
        "best_config": "best_config.yaml",
        "learning_curves": "learning_curves.csv",
        "search": "search.json",
        "timings": "timings.csv",
        "model": "model.tar.gz",
    }
    assert sorted(path.name for path in results.iterdir()) == sorted(path.name for path in written.values())
    assert written["model"].read_bytes() == b"an archive"
    assert written["leaderboard"].read_bytes().decode() == (
        "rank,experiment,search,trial,run_id,status,rung,epoch,epochs,reason,"
        "metrics.validation_loss,metrics.validation_accuracy,metrics.validation_fscore__Hotels,"
        "params.trainer.optimizer.lr\n"
        "1,names,aaaa00000000,1,aaaa00000000-00001,COMPLETED,,0,2,,0.30000000000000004,0.9,0.8,0.01\n"
        "2,names,aaaa00000000,0,aaaa00000000-00000,COMPLETED,,1,2,,0.4,,,1e-05\n"
        "3,names,aaaa00000000,2,aaaa00000000-00002,STOPPED,1,0,1,,0.9,,,0.002\n"
        ",names,aaaa00000000,3,aaaa00000000-00003,FAILED,,,0,out of memory,,,,0.003\n"
    )
    assert written["learning_curves"].read_text() == (
        "trial,epoch,validation_loss,validation_accuracy\n"
        "0,0,0.5,\n0,1,0.4,\n1,0,0.30000000000000004,0.9\n1,1,nan,0.2\n2,0,0.9,\n"
    )
    assert json.loads(written["metrics"].read_text()) == {
        "trial": 1,
        "epoch": 0,
        "validation_loss": 0.1 + 0.2,
        "validation_accuracy": 0.9,
        "runs": {"COMPLETED": 2, "FAILED": 1, "STOPPED": 1},
    }
    assert written["timings"].read_text().splitlines()[:2] == ["trial,epoch,seconds", "0,0,0.5"]


def test_the_best_configuration_reads_back_as_yaml(tmp_path: Path) -> None:
    search = write_search(tmp_path / "run", [trial(1e-05, [0.5])])
    text = export(search, tmp_path / "results")["best_config"].read_text(encoding="utf-8")
    assert YAML(typ="safe", pure=True).load(text) == config(1e-05)
    assert text.startswith("pipeline:\n  name: names\n  head:\n    labels:\n    - Bäckereien\n")


def test_the_model_is_taken_from_where_the_trials_were_kept(tmp_path: Path) -> None:
    search = write_example(tmp_path / "run")
    assert "model" not in export(search, tmp_path / "other")
    elsewhere = replace(search.header, trials=str(tmp_path / "elsewhere"))
    search.header = elsewhere
    best = search.model(1)
    best.parent.mkdir(parents=True)
    best.write_bytes(b"an archive")
    assert export(search, tmp_path / "results")["model"].read_bytes() == b"an archive"


def test_the_same_search_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Another folder, another time, a repetition under `r2`, trials that began in another order."""
    first, again = tmp_path / "first", tmp_path / "again"
    written = export(write_example(tmp_path / "a"), first)
    repeated = write_example(tmp_path / "b", search_id="aaaa00000000r2")
    repeated.runs = dict(reversed(repeated.runs.items()))
    export(repeated, again)
    for name in written.keys() - {"timings"}:
        file = written[name].name
        assert (first / file).read_bytes() == (again / file).read_bytes(), file
    assert b"a-host" not in b"".join(path.read_bytes() for path in written.values())


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("{root}/data/valid.csv", "data/valid.csv"),
        ("/elsewhere/v.csv", "v.csv"),
        ("v.csv", "v.csv"),
        (None, None),
    ],
)
def test_no_path_of_this_machine(project: Path, path: str | None, kept: str | None) -> None:
    """A path below the root is relative to it, any other one only a name."""
    data = {"validation": {"path": path and path.format(root=project), "sha256": "ab"}}
    written = export(write_search(project / "run", [trial(0.1, [0.5])], data=data), project / "results")
    assert read_results(written["search"]).header.data == {"validation": {"path": kept, "sha256": "ab"}}


def test_a_search_without_a_result_says_why_and_writes_nothing(tmp_path: Path) -> None:
    trials = [trial(0.1, [], status="FAILED", reason="out of memory")] * 2 + [trial(0.1, [math.nan])]
    search = write_search(tmp_path / "run", trials)
    with pytest.raises(SearchError) as error:
        export(search, tmp_path / "results")
    assert str(error.value) == (
        "no run of names@aaaa00000000 can be ranked (2 x FAILED: out of memory; "
        "1 x COMPLETED: validation_loss is never a finite number)"
    )
    assert not (tmp_path / "results").exists()
    with pytest.raises(SearchError, match="has no trial"):
        export(write_search(tmp_path / "empty", []), tmp_path / "results")


def test_results_rank_as_their_journal_does(tmp_path: Path) -> None:
    search = write_example(tmp_path / "run")
    path = export(search, tmp_path / "results" / "names")["search"]
    [from_journal], [from_results] = rank([search]), rank(find_results(tmp_path / "results"))
    assert read_results(path).header.labels == ["Bäckereien", "Hotels"]
    assert (from_results.params, from_results.yardstick) == (from_journal.params, from_journal.yardstick)
    for mine, other in zip(from_results.rows, from_journal.rows, strict=True):
        overall = {name: value for name, value in other.metrics.items() if "__" not in name}
        assert (mine.rank, mine.run_id, mine.status, mine.rung, mine.epoch, mine.epochs, mine.reason) == (
            (other.rank, other.run_id, other.status, other.rung, other.epoch, other.epochs, other.reason)
        )
        assert (mine.metrics, mine.params) == (overall, other.params)


def test_values_that_differ_without_being_sampled_are_kept(tmp_path: Path) -> None:
    search = write_search(tmp_path / "run", [Trial([0.5], config=config(lr)) for lr in (0.1, 0.2)])
    export(search, tmp_path / "results" / "names")
    [table] = rank(find_results(tmp_path / "results"))
    assert [dict(row.params) for row in table.rows] == [
        {"trainer.optimizer.lr": 0.1},
        {"trainer.optimizer.lr": 0.2},
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 9}', '{"format": 1, "search": {}, "config": {}, "runs": []}']
)
def test_a_file_that_is_no_result(tmp_path: Path, text: str) -> None:
    (tmp_path / "search.json").write_text(text)
    with pytest.raises(SearchError, match=r"search\.json"):
        read_results(tmp_path / "search.json")


def test_no_results_at_all(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="toolkit tune"):
        find_results(tmp_path)


def test_spreadsheets_get_no_formula(tmp_path: Path) -> None:
    trials = [Trial([-1.5], params={"a.note": "=HYPERLINK(1)"}), Trial([2], params={"a.note": "-x, y"})]
    search = write_search(tmp_path / "run", trials, experiment="@names")
    text = export(search, tmp_path / "results")["leaderboard"].read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["params.a.note"] for row in rows] == ["'=HYPERLINK(1)", "'-x, y"]
    assert [row["experiment"] for row in rows] == ["'@names"] * 2
    assert [row["metrics.validation_loss"] for row in rows] == ["-1.5", "2"]
