"""The question of `toolkit compare --top 20`, put to others: pandas, MLflow and DVC.

Each runs in a process of its own and prints how long the question took without its imports.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from clock import Cost, Taken, taken
from mlflow_store import make_store

LIMIT_SECONDS = 120.0
"""Who has not answered by then has no answer."""
_TIMES = 3

# The best epoch of each run, its hyperparameters, and the first twenty of all.
_PANDAS = """
import json, sys, time
from pathlib import Path
import pandas as pd
began = time.perf_counter()
searches = []
for path in sorted(Path(sys.argv[1]).glob("*/*/journal.jsonl")):
    lines = pd.read_json(path, lines=True)
    points = lines[lines["kind"] == "point"].reset_index()
    points = points[["trial", "epoch"]].join(pd.DataFrame(points["metrics"].tolist()))
    best = points.loc[points.groupby("trial")["validation_loss"].idxmin()]
    trials = lines[lines["kind"] == "trial"].reset_index()
    trials = trials[["trial"]].join(pd.DataFrame(trials["params"].tolist()))
    searches.append(best.merge(trials, on="trial").assign(experiment=path.parts[-3]))
top = pd.concat(searches).nsmallest(20, "validation_loss")
found = [[row.experiment, int(row.trial)] for row in top.itertuples()]
print(json.dumps([time.perf_counter() - began, found]))
"""

_MLFLOW = """
import json, sys, time
import mlflow
began = time.perf_counter()
mlflow.set_tracking_uri(sys.argv[1])
experiments = [found.experiment_id for found in mlflow.search_experiments()]
runs = mlflow.search_runs(experiments, order_by=["metrics.validation_loss ASC"], max_results=20)
print(json.dumps([time.perf_counter() - began, len(runs)]))
"""


def ask_pandas(runs: Path, expected: list[list[object]]) -> Cost:
    """Read the journals with pandas; its answer must be `expected`: (experiment, trial) of the first ones."""
    several = [taken([sys.executable, "-c", _PANDAS, str(runs)], runs)]
    if several[0].wall < LIMIT_SECONDS / 2:  # a million runs are waited for once
        several += [taken([sys.executable, "-c", _PANDAS, str(runs)], runs) for _ in range(_TIMES - 1)]
    answers = [json.loads(each.printed) for each in several]
    if any(found != expected for _, found in answers):
        raise SystemExit(f"pandas found {answers[0][1]}, toolkit compare {expected}")
    return Cost.of(several, [seconds for seconds, _ in answers])


def ask_mlflow(folder: Path, runs: int, experiments: int) -> Cost | None:
    """Have MLflow order a sqlite store of so many runs by their last value; None: no answer in time."""
    file = folder / "mlflow.db"
    if not file.exists():
        make_store(file, runs, experiments=experiments, trials=runs // experiments)
    command = [sys.executable, "-c", _MLFLOW, f"sqlite:///{file.absolute()}"]
    several: list[Taken] = []
    try:
        for _ in range(_TIMES):
            several.append(taken(command, folder, limit=LIMIT_SECONDS))
    except subprocess.TimeoutExpired:
        return None
    answers = [json.loads(each.printed) for each in several]
    assert all(count == 20 for _, count in answers)
    return Cost.of(several, [seconds for seconds, _ in answers])


def ask_dvc(folder: Path, runs: int) -> tuple[Cost, Cost] | None:
    """Have DVC show so many experiments: the first time, and again with what it cached; None as above."""
    if not (folder / ".dvc").exists():
        _make_repository(folder, runs)
    shutil.rmtree(folder / ".dvc" / "tmp" / "exps" / "cache", ignore_errors=True)
    command = [sys.executable, "-m", "dvc", "exp", "show", "--csv", "--sort-by", "validation_loss"]
    try:
        several = [taken(command, folder, limit=LIMIT_SECONDS) for _ in range(1 + _TIMES)]
    except subprocess.TimeoutExpired:
        return None
    lines = several[0].printed.splitlines()
    assert len(lines) == runs + 3, f"{len(lines)} lines"  # the head, the workspace and the branch
    return Cost.of(several[:1]), Cost.of(several[1:])


def _make_repository(folder: Path, runs: int) -> None:
    """A git repository with so many experiments, as `dvc exp save` writes them, below its one commit.

    Through DVC each would take a second.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    taken(["git", "init", "--quiet", "."], folder)
    taken([sys.executable, "-m", "dvc", "init", "--quiet"], folder)
    (folder / "dvc.yaml").write_text("metrics: [metrics.json]\nparams: [params.yaml]\n")
    for name, text in _files(0).items():
        (folder / name).write_text(text)
    taken(["git", "add", "."], folder)
    taken(["git", *config, "commit", "--quiet", "--message", "base"], folder)
    base = taken(["git", "rev-parse", "HEAD"], folder).printed.strip()
    stream = "".join(_commit(base, number) for number in range(1, runs + 1))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, text=True, check=True)


def _files(number: int) -> dict[str, str]:
    loss = 0.2 + (number * 7919 % 1000) / 1000
    metrics = {"validation_loss": loss, "validation_accuracy": 1 - loss * 0.35, "epoch": 1}
    params = f"lr: {0.001 + number * 1e-6}\npooler: {{type: gru, hidden_size: {32 + number % 3}}}\n"
    return {"metrics.json": json.dumps(metrics), "params.yaml": params}


def _commit(base: str, number: int) -> str:
    message = f"dvc: commit experiment {number}"
    lines = [
        f"commit refs/exps/{base[:2]}/{base[2:]}/run-{number:05d}",
        f"committer nobody <nobody@example.org> {1_790_000_000 + number} +0000",
        f"data {len(message)}\n{message}",
        f"from {base}",
    ]
    for name, text in _files(number).items():
        lines.append(f"M 100644 inline {name}\ndata {len(text)}\n{text}")
    return "\n".join(lines) + "\n\n"
