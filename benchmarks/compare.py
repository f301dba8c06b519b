"""What `toolkit compare` costs as the runs grow in number, beside pandas, MLflow and DVC.

    python benchmarks/compare.py [--folder DIR] [--runs 1000 ...] [--only toolkit ...] [--plot FILE]

Each command is timed as a whole, process start included, in a folder with the journals of 100 searches
(`journals.py`); the page cache is warm. The peers are asked for the same twenty runs: pandas reads the same
journals, `mlflow.search_runs` a sqlite store of as many runs in as many experiments, `dvc exp show` as many
experiments below one commit. A peer that has not answered in two minutes has no answer.

In DIR what was made stays, and `costs.json` keeps what was measured: --only measures a part anew, and --plot
draws all of it. A million runs need 3 GB of disk there, and minutes.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from clock import Cost, machine, taken
from compare_peers import ask_dvc, ask_mlflow, ask_pandas
from compare_plot import draw
from journals import write_journals

SEARCHES = 100
_TIMES = 10
_TIMES_OF_SLOW, _SLOW_SECONDS = 3, 5.0
_TOOLKIT = [sys.executable, "-m", "toolkit"]
_CONDITION = "optimizer.lr < 0.005 and pooler.type == 'lstm' or status == 'STOPPED'"
_ORDER = ["--sort", "-validation_accuracy", "--limit", "20"]
_QUESTIONS = {
    "top 20": ["compare", "--top", "20"],
    "top 20, JSON": ["compare", "--top", "20", "--json"],
    "filter and sort": ["compare", "--where", _CONDITION, *_ORDER],
    "by another metric": ["compare", "--metric", "validation_accuracy", "--top", "20"],
    "in groups": ["compare", "--group-by", "pooler.type"],
}
_COMPLETION = {
    "_TOOLKIT_COMPLETE": "bash_complete",
    "COMP_WORDS": "toolkit show exp",
    "COMP_CWORD": "2",
}
_MLFLOW_RUNS = (1_000, 10_000, 100_000)
_DVC_RUNS = (100, 1_000, 3_000)

Costs = dict[str, dict[str, Any]]
"""What was measured: subject -> number of runs -> question -> cost; None where there was no answer."""


@click.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Keep all of it here.")
@click.option("--runs", "counts", type=int, multiple=True, default=[1_000, 10_000, 100_000, 1_000_000])
@click.option("--only", "subjects", type=click.Choice(["toolkit", "pandas", "mlflow", "dvc"]), multiple=True)
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw what was measured.")
@click.option("--no-measuring", is_flag=True, help="Only print, and draw, what was measured before.")
def main(
    folder: Path | None,
    counts: tuple[int, ...],
    subjects: tuple[str, ...],
    plot: Path | None,
    no_measuring: bool,
) -> None:
    """Time `toolkit compare` and its peers."""
    with _kept(folder) as place:
        file = place / "costs.json"
        costs: Costs = json.loads(file.read_text()) if file.exists() else {}
        for subject in () if no_measuring else subjects or _MEASURES:
            for label, found in _MEASURES[subject](place, counts):
                costs.setdefault(subject, {})[label] = found
                click.echo(f"{subject}, {int(label):,} runs: {found['machine']}", err=True)
                file.write_text(json.dumps(costs, indent=1))
        click.echo("\n".join(_table(costs)))
        if plot is not None:
            draw(costs, plot)


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with tempfile.TemporaryDirectory() as made:
            yield Path(made)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.absolute()


_Found = Iterator[tuple[str, dict[str, Any]]]


def _toolkit(folder: Path, counts: tuple[int, ...]) -> _Found:
    for count in counts:
        place = _journals(folder, count)
        for file in (place / "runs").glob("index.sqlite*"):
            file.unlink()
        first = taken([*_TOOLKIT, *_QUESTIONS["top 20"]], place)
        found = {"first call": Cost.of([first])}
        for name, question in _QUESTIONS.items():
            found[name] = _cost([*_TOOLKIT, *question], place)
        found["one more point"] = _one_more_point(place)
        found["completion"] = _cost(_TOOLKIT, place, _COMPLETION)
        found["python and click alone"] = _cost([sys.executable, "-c", "import click; print()"], place)
        yield str(count), {**{name: asdict(cost) for name, cost in found.items()}, "machine": machine()}


def _cost(command: Sequence[str], place: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Of a command that has answered once before; of a slow one only a few times."""
    first = taken(command, place, environment)
    assert first.printed, f"{command} printed nothing"
    times = _TIMES if first.wall < _SLOW_SECONDS else _TIMES_OF_SLOW
    return Cost.of([taken(command, place, environment) for _ in range(times)])


def _journals(folder: Path, count: int) -> Path:
    """A folder with the journals of so many runs."""
    place = folder / str(count)
    if not (place / "runs").exists():
        write_journals(place / "runs", count, SEARCHES)
    return place


def _one_more_point(place: Path) -> Cost:
    """A search goes on: each call finds one more point in its journal, which is as it was in the end."""
    journal = min((place / "runs").glob("*/*/journal.jsonl"))
    before = journal.stat().st_size
    last = json.loads(journal.read_text().splitlines()[-2])
    head = {"v": 1, "t": last["t"], "trial": last["trial"] + 1}
    params = {"trainer.optimizer.lr": 0.01}
    lines = [{**head, "kind": "trial", "run": "", "params": params, "config": {}, "seed": 1}]
    metrics = {"validation_loss": 9.0, "validation_accuracy": 0.1}
    for epoch in range(_TIMES):
        point = {"kind": "point", "epoch": epoch, "step": epoch + 1, "metrics": metrics, "seconds": 1.0}
        lines.append({**head, **point})
    several = []
    try:
        for line in lines:
            with journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            several.append(taken([*_TOOLKIT, *_QUESTIONS["top 20"]], place))
    finally:
        os.truncate(journal, before)
    taken([*_TOOLKIT, *_QUESTIONS["top 20"]], place)
    return Cost.of(several[1:])


def _pandas(folder: Path, counts: tuple[int, ...]) -> _Found:
    for count in counts:
        place = _journals(folder, count)
        rows = json.loads(taken([*_TOOLKIT, *_QUESTIONS["top 20, JSON"]], place).printed)
        cost = ask_pandas(place / "runs", [[row["experiment"], row["trial"]] for row in rows])
        yield str(count), {"top 20": asdict(cost), "machine": machine()}


def _mlflow(folder: Path, counts: tuple[int, ...]) -> _Found:
    for count in (count for count in _MLFLOW_RUNS if count in counts):
        cost = ask_mlflow(_journals(folder, count), count, SEARCHES)
        yield str(count), {"top 20": None if cost is None else asdict(cost), "machine": machine()}


def _dvc(folder: Path, counts: tuple[int, ...]) -> _Found:
    for count in _DVC_RUNS:
        found = ask_dvc(folder / f"dvc-{count}", count)
        first, again = (None, None) if found is None else map(asdict, found)
        yield str(count), {"first call": first, "all": again, "machine": machine()}


_MEASURES = {"toolkit": _toolkit, "pandas": _pandas, "mlflow": _mlflow, "dvc": _dvc}


def _table(costs: Costs) -> Iterator[str]:
    """Markdown: median wall time, the least one, and CPU time, all in seconds."""
    yield "| | runs | median | least | CPU | without imports |"
    yield "|---|---:|---:|---:|---:|---:|"
    for subject, by_count in costs.items():
        names = dict.fromkeys(name for found in by_count.values() for name in found if name != "machine")
        for name in names:
            for count in sorted(by_count, key=int):
                yield _line(f"{subject}: {name}", int(count), by_count[count].get(name))


def _line(name: str, count: int, cost: dict[str, float | None] | None) -> str:
    if cost is None:
        return f"| {name} | {count:,} | no answer | | | |"
    cells = ["" if cost[key] is None else f"{cost[key]:.3f}" for key in ("median", "least", "cpu", "inside")]
    return f"| {name} | {count:,} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
