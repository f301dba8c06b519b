"""Whether the leaderboard's index keeps up with what a search reports: its lag, and what that costs.

    python benchmarks/index.py [--rate 1000] [--seconds 20] [--running 100] [--epochs 50]

Three processes for so many seconds: one appends points to a journal at that rate, as a search does; one has
the index catch up every second, as the follower of a search does every two; one asks for the first 20 runs
every second. When a run has had its epochs, another one begins.

lag     how old the newest point of the index is, just after it caught up, and when somebody asks
cost    seconds of a catching up or an answer, and the share of one processor that the process takes
"""

import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import click

_BEAT = 0.01
_EVERY = 1.0

Told = dict[str, Any]


def write(runs: Path, rate: int, running: int, epochs: int, until: float) -> Told:
    """Append points at that rate until that time; how many there were, and what it took."""
    from toolkit.runs import JournalWriter, SearchFolder, SearchHeader

    header = SearchHeader("a" * 12, "names", "validation_loss", "min")
    begun, points = time.time(), 0
    with JournalWriter(SearchFolder(runs / "names" / header.id)) as journal:
        journal.append("search", **header.to_record())
        what_comes = _trials(running, epochs)
        while (now := time.time()) < until:
            due = int((now - begun) * rate)
            while points < due:
                kind, trial, fields = next(what_comes)
                journal.append(kind, trial, **fields)
                points += kind == "point"
            time.sleep(_BEAT)
    return {"points": points, "cpu": time.process_time() / (until - begun)}


def _trials(running: int, epochs: int) -> Iterator[tuple[str, int, Told]]:
    """The records of trials, so many at a time."""
    first = 0
    while True:
        some = range(first, first + running)
        for trial in some:
            params = {"trainer.optimizer.lr": 0.001 * (trial + 1)}
            config = {"trainer": {"optimizer": {"type": "adam", "lr": params["trainer.optimizer.lr"]}}}
            yield "trial", trial, {"params": params, "config": config, "seed": trial}
        for epoch in range(epochs):
            for trial in some:
                loss = 1 / (epoch + 1) + trial % 97 / 100
                names = ("training_loss", "training_accuracy", "validation_loss", "validation_accuracy")
                metrics = dict.fromkeys(names, loss)
                yield "point", trial, {"epoch": epoch, "step": epoch, "metrics": metrics, "seconds": 0.1}
        for trial in some:
            yield "end", trial, {"status": "COMPLETED"}
        first += running


def catch_up(runs: Path, until: float) -> Told:
    """Have the index catch up every second; its lag then, and what it took."""
    from toolkit.leaderboard.index import catch_up, open_index

    index = open_index(runs)
    used, begun = time.process_time(), time.time()
    told: Told = {"lags": [], "took": []}
    while _wait(until):
        start = time.perf_counter()
        catch_up(index, runs)
        told["took"].append(time.perf_counter() - start)
        told["lags"].append(_age(index))
    told["cpu"] = (time.process_time() - used) / (time.time() - begun)
    catch_up(index, runs)
    [told["points"]] = index.database.execute("SELECT count(*) FROM point").fetchone()
    index.close()
    return told


def ask(runs: Path, until: float) -> Told:
    """Ask for the first 20 runs every second; how old the answer is, and what it took."""
    from toolkit.leaderboard.index import open_index, standings
    from toolkit.leaderboard.index.searches import all_searches
    from toolkit.leaderboard.question import Question

    index = open_index(runs)
    used, begun = time.process_time(), time.time()
    told: Told = {"lags": [], "took": []}
    while _wait(until):
        start = time.perf_counter()
        index.fields.read()
        standings(index, all_searches(index), Question(top=20, unranked=0))
        told["took"].append(time.perf_counter() - start)
        told["lags"].append(_age(index))
    told["cpu"] = (time.process_time() - used) / (time.time() - begun)
    index.close()
    return told


def _wait(until: float) -> bool:
    """Sleep a second; whether there is still time."""
    time.sleep(_EVERY)
    return time.time() < until


def _age(index: Any) -> float:
    """Seconds since the newest point of the index was reported."""
    [newest] = index.database.execute("SELECT max(t) FROM point").fetchone()
    return float("nan") if newest is None else time.time() - newest / 1000


@click.command()
@click.option("--rate", default=1000, show_default=True, help="Points a second.")
@click.option("--seconds", default=20.0, show_default=True)
@click.option("--running", default=100, show_default=True, help="Trials at the same time.")
@click.option("--epochs", default=50, show_default=True, help="Of a trial.")
def main(rate: int, seconds: float, running: int, epochs: int) -> None:
    """Run the three processes and print what they tell."""
    folder = Path(tempfile.mkdtemp())
    try:
        runs = folder / "runs"
        runs.mkdir()
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(3, mp_context=spawn) as pool:
            until = time.time() + seconds
            written = pool.submit(write, runs, rate, running, epochs, until)
            kept, asked = pool.submit(catch_up, runs, until), pool.submit(ask, runs, until)
        _tell(written.result(), kept.result(), asked.result())
    finally:
        shutil.rmtree(folder)


def _tell(written: Told, kept: Told, asked: Told) -> None:
    click.echo(f"{written['points']} points written, {kept['points']} in the index at the end")
    click.echo("              lag: median, most      took: median, most      processor")
    for name, told in (("catching up", kept), ("asking", asked)):
        lags, took = _shown(told["lags"]), _shown(told["took"])
        click.echo(f"{name:12}  {lags:>20}  {took:>22}  {told['cpu']:>12.0%}")
    click.echo(f"{'writing':12}  {'':>20}  {'':>22}  {written['cpu']:>12.0%}")


def _shown(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return f"{ordered[len(ordered) // 2]:.3f} s, {ordered[-1]:.3f} s"


if __name__ == "__main__":
    main()
