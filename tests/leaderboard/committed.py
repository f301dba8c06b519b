"""A project with results and a `dvc.lock`, committed in a real repository: what `toolkit verify` reads."""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.leaderboard.journals import Trial, write_search
from tests.runs.repository import commit
from toolkit.leaderboard import export, find_results, rank
from toolkit.leaderboard.as_csv import to_csv

TRIALS = (Trial([0.5, 0.25]), Trial([0.4, 0.3]), Trial([0.75], status="STOPPED", rung=1))
"""Three trials; ranked 0, 1, 2."""

RIVALS = (Trial([0.9, 0.8]),)
"""The trial of every experiment but the first one, behind all of those."""

_IGNORED = "/runs/\n/results/**/model.tar.gz\n/results/**/timings.csv\n"


def write_results(root: Path, experiment: str, trials: Sequence[Trial] = TRIALS, **header: Any) -> Path:
    """The results of a search with these trials, as `toolkit tune` and `toolkit evaluate` leave them."""
    results = root / "results" / experiment
    with tempfile.TemporaryDirectory() as journals:
        export(write_search(Path(journals), trials, experiment=experiment, **header), results)
    (results / "model.tar.gz").write_bytes(b"a model")
    write_test_metrics(root, experiment, loss=0.30448952472377006, accuracy=0.9)
    (root / "results" / "leaderboard.csv").write_text(to_csv(rank(find_results(root / "results"))), "utf-8")
    return results


def write_test_metrics(root: Path, experiment: str, **metrics: float) -> None:
    path = root / "results" / experiment / "test" / "metrics.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(metrics, indent=1) + "\n")


def write_lock(root: Path, experiments: Mapping[str, Mapping[str, Any]], code: str = "c0de") -> None:
    """A lock with two stages an experiment, by what its parameters are; digests are those of the files."""
    stages = {f"tune@{name}": _tune(root, name, params, code) for name, params in experiments.items()}
    stages |= {f"evaluate@{name}": _evaluate(root, name) for name in experiments}
    with (root / "dvc.lock").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump({"schema": "2.0", "stages": stages}, file)


def _tune(root: Path, name: str, params: Mapping[str, Any], code: str) -> dict[str, Any]:
    results = root / "results" / name
    return {
        "cmd": f"python -m toolkit tune experiments/{name}.yaml",
        "deps": [{"path": "toolkit/nn", "hash": "md5", "md5": code, "size": 3}],
        "params": {f"experiments/{name}.yaml": dict(params)},
        "outs": [_file(root, results / file) for file in ("leaderboard.csv", "search.json", "model.tar.gz")],
    }


def _evaluate(root: Path, name: str) -> dict[str, Any]:
    results = root / "results" / name
    return {
        "cmd": f"python -m toolkit evaluate results/{name}/model.tar.gz data/test.csv",
        "deps": [_file(root, results / "model.tar.gz")],
        "outs": [_file(root, results / "test" / "metrics.json")],
    }


def _file(root: Path, path: Path) -> dict[str, Any]:
    digest = hashlib.md5(path.read_bytes()).hexdigest()
    return {"path": path.relative_to(root).as_posix(), "hash": "md5", "md5": digest}


SEARCH = {"name": "names", "search": {"num_samples": 3, "scheduler": {"type": "fifo"}}}


def commit_project(root: Path, *experiments: str) -> str:
    """Results of these experiments with their lock, committed; the commit."""
    (root / ".gitignore").write_text(_IGNORED)
    for number, name in enumerate(experiments):
        write_results(root, name, RIVALS if number else TRIALS)
    write_lock(root, dict.fromkeys(experiments, SEARCH))
    return commit(root)
