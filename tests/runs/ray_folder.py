"""Writes folders as Ray Tune 2.60 leaves them, without Ray: its files, columns, and JSON inside of JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

START = 1_795_647_406.5


def rows(number: int, reported: Sequence[Mapping[str, Any]], first: int = 1) -> list[dict[str, Any]]:
    """What Ray writes for these reports of a trial."""
    return [
        {
            **metrics,
            "timestamp": int(START) + 10 * number + iteration,
            "checkpoint_dir_name": None,
            "done": False,
            "training_iteration": iteration,
            "trial_id": f"7bc5e_{number:05d}",
            "date": "2026-11-25_22-56-44",
            "time_this_iter_s": 0.25,
            "time_total_s": 0.25 * iteration,
            "pid": 11150,
            "hostname": "there",
            "node_ip": "192.0.2.2",
            "config": {"model": {"lr": 0.1}},
            "time_since_restore": 0.25,
            "iterations_since_restore": iteration,
        }
        for iteration, metrics in enumerate(reported, start=first)
    ]


def write_trial(
    experiment: Path,
    number: int,
    reported: Sequence[Mapping[str, Any]],
    config: Mapping[str, Any],
    error: str | None = None,
) -> str:
    """Write a trial's folder and return its name."""
    folder = experiment / f"fn_7bc5e_{number:05d}_{number}_2026-11-25_22-56-44"
    folder.mkdir(parents=True)
    (folder / "params.json").write_text(json.dumps(config, indent=2))
    lines = [json.dumps(row) + "\n" for row in rows(number, reported)]
    (folder / "result.json").write_text("".join(lines))
    if error is not None:
        (folder / "error.txt").write_text(error)
        (folder / "error.pkl").write_bytes(b"\x80 no pickle that anybody opens")
    return folder.name


def write_state(experiment: Path, trials: Mapping[str, str], metric: str | None = "loss") -> None:
    """Write the experiment's state: folder of a trial -> its status in Ray's word."""
    data = [
        [
            json.dumps(
                {
                    "trial_id": folder,
                    "status": status,
                    "relative_logdir": folder,
                    "evaluated_params": {"model/lr": 0.1},
                }
            ),
            json.dumps({"start_time": START + 10 * number, "last_result_time": None, "error_filename": None}),
        ]
        for number, (folder, status) in enumerate(trials.items())
    ]
    state = {"trial_data": data, "runner_data": {"_metric": metric, "_start_time": START - 2}}
    (experiment / "experiment_state-2026-11-25_22-56-44.json").write_text(json.dumps(state))
