"""Curves, progress and confusion matrices, counted by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.leaderboard import rank
from toolkit.leaderboard.report import ReportRun, report_runs, sampled_scales
from toolkit.leaderboard.report.confusion_data import confusion_data
from toolkit.leaderboard.report.curve_data import curve_data
from toolkit.leaderboard.report.progress_data import progress_data
from toolkit.runs import Point, Search
from toolkit.runs.layout import trial_predictions
from toolkit.runs.predictions import Predictions, write_predictions


def timed(search: Search) -> dict[str, ReportRun]:
    """The runs begin 10 s apart, and each epoch takes 3 s."""
    runs = {}
    for trial, run in search.runs.items():
        begin = 1_000_000 + 10_000 * trial
        points = [replace(point, t=begin + 3000 * (point.epoch + 1)) for point in run.points]
        runs[run.run_id] = ReportRun(run.run_id, points, begin, begin + 9500)
    return runs


def test_curves_stand_behind_one_another_in_the_order_of_the_rows(tmp_path: Path) -> None:
    worse = Trial([{"validation_loss": 0.9, "validation_fscore__Hotels": 1.0, "note": "x"}])
    better = Trial(
        [{"validation_loss": 0.123456789}, {"training_loss": 0.5, "validation_loss": float("nan")}]
    )
    search = write_search(tmp_path, [worse, better])
    assert curve_data(rank([search])[0], report_runs([search])) == {
        "lengths": [2, 1],
        "epochs": [0, 1, 0],
        "metrics": {"validation_loss": [0.12346, None, 0.9], "training_loss": [None, 0.5, None]},
    }


def test_long_curves_are_thinned_and_keep_their_end(tmp_path: Path) -> None:
    search = write_search(tmp_path, [Trial([0.5])])
    (run,) = search.runs.values()
    points = [Point(epoch, epoch, {"validation_loss": float(epoch)}, t=1) for epoch in range(1001)]
    curves = curve_data(rank([search])[0], {run.run_id: ReportRun(run.run_id, points)})
    assert curves["lengths"][0] <= 200
    assert curves["epochs"][-1] == 1000
    assert curves["metrics"]["validation_loss"] == [float(epoch) for epoch in curves["epochs"]]


def test_curves_of_very_many_runs_are_thinned_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = write_search(tmp_path, [Trial([0.5] * 100), Trial([0.4] * 10)])
    monkeypatch.setattr("toolkit.leaderboard.report.curve_data._MOST_NUMBERS", 100)
    curves = curve_data(rank([search])[0], report_runs([search]))
    assert curves["lengths"] == [10, 50]
    assert curves["epochs"][-2:] == [97, 99]


def test_a_row_whose_run_is_not_known_has_no_curve(tmp_path: Path) -> None:
    search = write_search(tmp_path, [Trial([0.5])])
    table = rank([search])[0]
    assert curve_data(table, {}) == {"lengths": [0], "epochs": [], "metrics": {}}
    assert progress_data(table, {})[0]["seconds"] is None


def test_best_so_far_by_hand(tmp_path: Path) -> None:
    failed = Trial([0.1], status="FAILED")
    search = write_search(tmp_path, [Trial([0.9, 0.5, 0.7]), failed, Trial([0.6]), Trial([0.45, 0.4])])
    (progress,) = progress_data(rank([search])[0], timed(search))
    ids = [search.runs[trial].run_id for trial in range(4)]
    assert progress["trials"] == {"x": [1, 4], "y": [0.5, 0.4], "runs": [ids[0], ids[3]]}
    assert progress["seconds"] == {
        "x": [3, 6, 33, 36, 39.5],
        "y": [0.9, 0.5, 0.45, 0.4, 0.4],
        "runs": [ids[0], ids[0], ids[3], ids[3], ids[3]],
    }


def test_seconds_are_those_of_all_epochs_or_none() -> None:
    point = Point(0, 1, {}, t=1, seconds=0.5)
    assert ReportRun("a", [point, replace(point, seconds=1.0)]).seconds == 1.5
    assert ReportRun("a", [point, replace(point, seconds=None)]).seconds is None
    assert ReportRun("a").seconds is None


def test_confusion_counts_rows_by_sorted_labels(tmp_path: Path) -> None:
    search = write_search(tmp_path, [Trial([0.5]), Trial([0.4])])
    said = Predictions("data", "model", ["b", "a"], [0, 0, 1, 0], [0, 1, 1, 0], [0.9, 0.1, 0.8, 0.7])
    write_predictions(trial_predictions(tmp_path / search.header.trials, 0), said)
    trial_predictions(tmp_path / search.header.trials, 1).parent.mkdir(parents=True)
    trial_predictions(tmp_path / search.header.trials, 1).write_text("half a fi")
    found = confusion_data(rank([search])[0], report_runs([search]))
    matrix = {"row": 1, "labels": ["a", "b"], "counts": [[0, 0, 1], [1, 0, 1], [1, 1, 2]]}
    assert found == {"matrices": [matrix], "more": 0}


def test_scales_come_out_of_the_search_spaces(tmp_path: Path) -> None:
    spec = {
        "trainer": {"lr": {"loguniform": [1e-3, 1e-2]}, "size": {"choice": [1, 2]}},
        "pipeline": {"dropout": {"uniform": [0, 0.5]}, "layers": {"lograndint": [1, 9]}},
    }
    search = write_search(tmp_path, [], spec=spec)
    assert sampled_scales([search]) == {
        "trainer.lr": True,
        "pipeline.dropout": False,
        "pipeline.layers": True,
    }
