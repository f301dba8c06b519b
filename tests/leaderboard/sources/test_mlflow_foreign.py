"""Runs in MLflow that toolkit never wrote, made by MLflow's own client."""

import itertools
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import mlflow
import pytest
from click.testing import CliRunner
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric

from toolkit.cli.compare import command
from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.leaderboard.index import answer, rank
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.sources.mlflow import MlflowSource, database
from toolkit.runs import Search


class Store:
    """An MLflow store, written as other people's code writes it."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.client = mlflow.MlflowClient(tracking_uri=uri)

    def experiment(self, name: str) -> str:
        found = self.client.get_experiment_by_name(name)
        return found.experiment_id if found else self.client.create_experiment(name)

    def run(
        self,
        values: Sequence[float | tuple[float, int, int]] = (),
        status: str | None = "FINISHED",
        params: Mapping[str, Any] | None = None,
        data: tuple[str, str] | None = None,
        parent: str | None = None,
        experiment: str = "theirs",
        metric: str = "val_f1",
    ) -> str:
        """A run with values of one metric: bare, at steps from 0; else value, step, timestamp."""
        tags = None if parent is None else {"mlflow.parentRunId": parent}
        run = self.client.create_run(self.experiment(experiment), tags=tags).info.run_id
        triples = [v if isinstance(v, tuple) else (v, step, step) for step, v in enumerate(values)]
        self.client.log_batch(run, [Metric(metric, value, time, step) for value, step, time in triples])
        for name, value in (params or {}).items():
            self.client.log_param(run, name, value)
        if data is not None:
            context, digest = data
            told = Dataset(name="valid.csv", digest=digest, source_type="local", source="{}")
            self.client.log_inputs(run, [DatasetInput(told, [InputTag("mlflow.data.context", context)])])
        if status is not None:
            self.client.set_terminated(run, status)
        return run

    def tables(self, metric: str | None = "val_f1", **asked: Any) -> list[Table]:
        """The leaderboards of everything; those of the top are held against them.

        However few values the way to the top reads at first, and in whichever way it asks for the data.
        """
        searches = self.searches(metric, **asked)
        found = rank(searches, metric, **asked)
        for count, few in itertools.product((1, 2, 50), (1, 2, 20_000)):
            with patch.multiple(database, _MOST_LEADERS=few, _MANY=few):
                top = MlflowSource(self.uri).top(count, metric, **asked)
            first = answer(searches, Question(metric, asked.get("mode"), top=count, unranked=0))
            for mine, cut in zip(top, first, strict=True):
                assert [(row.rank, row.run_id, row.epoch, row.metrics) for row in mine.rows] == [
                    (row.rank, row.run_id, row.epoch, row.metrics) for row in cut.rows
                ]
                assert (mine.counts, mine.running, mine.reason) == (cut.counts, cut.running, cut.reason)
        return found

    def searches(self, metric: str | None = "val_f1", **asked: Any) -> list[Search]:
        return list(MlflowSource(self.uri).searches(metric, **asked))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow makes folders for the runs' files below the working directory."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Store:
    shutil.copyfile(empty_store, tmp_path / "mlflow.db")
    return Store(f"sqlite:///{tmp_path / 'mlflow.db'}")


def test_an_experiment_is_a_search_and_a_step_an_epoch(store: Store) -> None:
    first = store.run(
        [0.5, 0.8, 0.7], params={"lr": 0.01, "layers": 2, "deep": True, "kind": "gru", "none": None}
    )
    second = store.run([0.9], "KILLED")
    failed = store.run([0.99], "FAILED")
    going = store.run([0.6], None)
    silent = store.run()
    (table,) = store.tables()
    assert [(row.rank, row.run_id, row.trial, row.status, row.epoch, row.epochs) for row in table.rows] == [
        (1, second, 1, "STOPPED", 0, 1),
        (2, first, 0, "COMPLETED", 1, 3),
        (3, going, 3, "RUNNING", 0, 1),
        (None, failed, 2, "FAILED", 0, 1),
        (None, silent, 4, "COMPLETED", None, 0),
    ]
    assert table.ranked[1].params == {"lr": 0.01, "layers": 2, "deep": True, "kind": "gru", "none": None}
    assert (table.yardstick.mode, table.yardstick.validation) == ("max", None)
    assert [row.reason for row in table.unranked] == [
        "MLflow does not say why it failed",
        "it ended before its first epoch",
    ]


def test_the_latest_of_several_values_at_a_step_counts(store: Store) -> None:
    """Logged without a step they all have step 0; so the first one, though the best, is nothing."""
    spoilt = store.run([(0.9, 0, 1), (0.4, 0, 2)])
    even = store.run([(0.5, 0, 7), (0.6, 0, 7)])
    lost = store.run([(0.95, 0, 1), (math.nan, 0, 2), (0.1, 1, 3)])
    (table,) = store.tables()
    assert [(row.run_id, row.metrics["val_f1"]) for row in table.ranked] == [
        (even, 0.6),
        (spoilt, 0.4),
        (lost, 0.1),
    ]


def test_nan_and_infinity_never_win(store: Store) -> None:
    store.run([math.nan, math.inf])
    good = store.run([math.inf, 0.2, math.nan])
    low = store.run([-math.inf, 0.1])
    (table,) = store.tables()
    assert [row.run_id for row in table.ranked] == [good, low]
    assert [row.reason for row in table.unranked] == ["val_f1 is never a finite number"]
    (search,) = store.searches()
    assert search.runs[1].points[0].metrics == {"val_f1": math.inf}
    assert math.isnan(search.runs[1].points[2].metrics["val_f1"])
    (upside_down,) = store.tables(mode="min")
    assert [row.run_id for row in upside_down.ranked] == [low, good]


def test_runs_on_different_data_are_told_apart(store: Store) -> None:
    one = store.run([0.5], data=("validation", "aaaa"))
    other = store.run([0.9], data=("eval", "bbbb"))
    elsewhere = store.run([0.7], data=("val", "aaaa"), experiment="others")
    trained = store.run([0.1], data=("training", "aaaa"))
    found = {table.yardstick.validation: [row.run_id for row in table.ranked] for table in store.tables()}
    assert found == {"aaaa": [elsewhere, one], "bbbb": [other], None: [trained]}


def test_experiments_whose_data_are_not_recorded_stand_alone(store: Store) -> None:
    store.run([0.5])
    store.run([0.9], experiment="others")
    tables = store.tables()
    assert [len(table.rows) for table in tables] == [1, 1]
    assert tables[1].reason == "the validation data are not recorded"


def test_a_run_around_others_counts_where_it_was_measured(store: Store) -> None:
    bracket = store.run()
    store.run([0.5], parent=bracket)
    measured = store.run([0.7])
    store.run([0.6], parent=measured)
    store.client.delete_run(store.run([0.99]))
    (table,) = store.tables()
    assert [row.metrics["val_f1"] for row in table.ranked] == [0.7, 0.6, 0.5]
    assert sum(table.counts.values()) == 3


def test_ties_share_a_rank_over_the_edge_of_the_top(store: Store) -> None:
    for _ in range(4):
        store.run([0.5])
    store.run([0.6])
    (table,) = store.tables()
    assert [(row.rank, row.trial) for row in table.rows] == [(1, 4), (2, 0), (2, 1), (2, 2), (2, 3)]


def test_a_store_in_which_nothing_competes(store: Store) -> None:
    nothing = CliRunner().invoke(command, ["--mlflow", store.uri, "--metric", "val_f1"])
    assert isinstance(nothing.exception, NotFoundError)
    store.run([0.5], "FAILED")
    store.run([math.nan])
    for arguments in ([], ["--top", "3"]):
        result = CliRunner().invoke(command, ["--mlflow", store.uri, "--metric", "val_f1", *arguments])
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("val_f1, highest first | validation data not recorded | 2 runs: ")


def test_a_metric_must_be_named_and_known(store: Store) -> None:
    store.run([0.5])
    store.run([3.0], metric="speed")
    for ask in (store.searches, store.tables):
        with pytest.raises(
            ConfigurationError, match=r"'theirs' declare no metric.*there are: speed, val_f1$"
        ):
            ask(None)
    with pytest.raises(ConfigurationError, match="add --mode min or --mode max"):
        store.tables("speed")
    assert [len(table.ranked) for table in store.tables("speed", mode="max")] == [1]
    with pytest.raises(
        NotFoundError, match=r"no run in .* reports the metric 'val_f2', did you mean 'val_f1'"
    ):
        MlflowSource(store.uri).top(3, "val_f2", "max")


def test_beside_toolkits_own_others_are_left_out_with_a_word(
    shipped: tuple[list[Search], Path], tmp_path: Path
) -> None:
    shutil.copyfile(shipped[1], tmp_path / "mlflow.db")
    store = Store(f"sqlite:///{tmp_path / 'mlflow.db'}")
    store.run([0.5])
    for arguments in (["--top", "1"], []):
        result = CliRunner().invoke(command, ["--mlflow", store.uri, "--csv", *arguments])
        assert result.exit_code == 0
        assert "theirs" not in result.stdout
        assert result.stderr.startswith("Warning: 1 run of MLflow's experiment 'theirs' declare")
    both = store.tables("validation_loss")
    assert {row.experiment for table in both for row in table.rows} >= {"names", "theirs"}
