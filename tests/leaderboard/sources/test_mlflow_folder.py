"""A folder of files that MLflow itself wrote, told to allow it."""

import math
from pathlib import Path

import pytest

from tests.leaderboard.sources.mlflow_mirrored import ship, whole, write_searches
from tests.leaderboard.sources.test_mlflow_foreign import Store
from toolkit.errors import ConfigurationError
from toolkit.leaderboard.index import rank
from toolkit.leaderboard.sources.mlflow import MlflowSource
from toolkit.runs import Project


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")


@pytest.mark.slow
def test_the_same_leaderboard_as_from_the_journals(tmp_path: Path) -> None:
    project = Project(tmp_path, home=tmp_path)
    searches = write_searches(project)
    ship(searches, project, uri=(tmp_path / "mlruns").as_uri())
    for address in (str(tmp_path / "mlruns"), (tmp_path / "mlruns").as_uri()):
        assert whole(rank(MlflowSource(address).searches())) == whole(rank(searches))
    top = whole(MlflowSource(address).top(1))
    assert [len(table["rows"]) for table in top] == [2, 1, 1, 1]  # the baseline stays in view


def test_runs_that_toolkit_never_wrote(tmp_path: Path) -> None:
    store = Store((tmp_path / "mlruns").as_uri())
    bracket = store.run(metric="a/b", experiment="1e3")
    best = store.run(
        [0.5, math.nan, (0.7, 2, 3)], data=("validation", "aaaa"), params={"lr": 0.1}, parent=bracket
    )
    store.client.log_metric(best, "nested/loss", math.inf, step=1)
    store.client.delete_run(store.run([0.9]))
    spoilt = store.run([(0.9, 0, 1), (0.6, 0, 2)], "FAILED", data=("validation", "aaaa"))
    with pytest.raises(ConfigurationError, match="there are: nested/loss, val_f1"):
        list(MlflowSource(store.uri).searches())
    (search,) = [found for found in store.searches() if found.experiment == "theirs"]
    assert [run.run_id for run in search.runs.values()] == [best, spoilt]
    assert search.runs[0].params == {"lr": 0.1}
    assert search.runs[0].points[1].metrics["nested/loss"] == math.inf
    assert search.runs[1].points[0].metrics == {"val_f1": 0.6}
    assert search.header.data == {"validation": {"sha256": "aaaa"}}
    tables = MlflowSource(store.uri).top(3, "val_f1")
    assert [(row.run_id, row.epoch) for table in tables for row in table.rows] == [(best, 2)]
