"""What it costs to decide in the order of the trials, against deciding as reports arrive.

    python benchmarks/scheduling.py simulate [--seeds 40] [--rule asha|median]
    python benchmarks/scheduling.py measure [--trials 24] [--rows 800] [--epochs 3] [--repeat 3]

`simulate` plays searches through in virtual time: the length of an epoch differs between trials,
log-normally, by a factor of 4 or 10 between the 5 % and the 95 % quantile. It prints the wall time in the
order of the trials over that of asynchronous decisions (mean and worst of the seeds): where a worker waits
for a decision (`waiting`), where it pauses the trial and takes another (`pausing`), where it trains on
besides when there is no other (`toolkit`), and where every decision is known beforehand (`foreseen`): this
last one is not what waiting costs but what other trials cost that the other decisions let go on.

`measure` runs `toolkit tune` twice with the default experiment, two workers and no tracker: with `asha` and
with `asha_async`, Ray's own. The two train the same trials; which ones they stop may differ, so the epochs
stand beside the seconds.
"""

import heapq
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from toolkit.hpo.in_order import InOrder
from toolkit.hpo.stopping_rules import Halving, MedianStopping, StoppingRule

ROOT = Path(__file__).resolve().parent.parent
RULES: dict[str, Callable[[int], StoppingRule]] = {"asha": Halving, "median": MedianStopping}
WAYS = ("waiting", "pausing", "toolkit", "foreseen")


@dataclass(frozen=True)
class Searched:
    """Trials of a made-up search.

    Attributes:
        curves: trial -> cost after each epoch.
        seconds: trial -> length of an epoch.
    """

    curves: Sequence[Sequence[float]]
    seconds: Sequence[float]


def make_search(trials: int, epochs: int, spread: float, seed: int) -> Searched:
    """Curves that fall to a level of their own, with noise; lengths with `spread` between the quantiles."""
    rng = random.Random(seed)
    deviation = math.log(spread) / (2 * 1.645)
    curves = []
    for _ in range(trials):
        level, rate = rng.random(), rng.uniform(0.3, 1.5)
        curves.append(
            [
                level + (1 - level) * math.exp(-rate * epoch) + rng.gauss(0, 0.02)
                for epoch in range(1, epochs + 1)
            ]
        )
    return Searched(curves, [math.exp(rng.gauss(0, deviation)) for _ in range(trials)])


def as_reports_arrive(search: Searched, rule: StoppingRule, workers: int) -> float:
    """The wall time where each report is decided on when it comes."""
    costs: dict[int, list[list[float]]] = {rung: [] for rung in rule.rungs}
    fresh = iter(range(len(search.curves)))
    events: list[tuple[float, int, int]] = []
    for trial in (next(fresh, None) for _ in range(workers)):
        if trial is not None:
            heapq.heappush(events, (search.seconds[trial], trial, 1))
    now = 0.0
    while events:
        now, trial, epoch = heapq.heappop(events)
        over = epoch >= len(search.curves[trial])
        if not over and epoch in costs:
            own = search.curves[trial][:epoch]
            over = rule.stops(own, costs[epoch])
            costs[epoch].append(list(own))
        taken, at = (next(fresh, None), 1) if over else (trial, epoch + 1)
        if taken is not None:
            heapq.heappush(events, (now + search.seconds[taken], taken, at))
    return now


def wall_time(search: Searched, rule: StoppingRule, workers: int, way: str) -> float:
    if way == "foreseen":
        return foreseen(search, rule, workers)
    return in_order(search, rule, workers, way)


def in_order(search: Searched, rule: StoppingRule, workers: int, way: str) -> float:
    """The wall time where the decisions are those of one worker."""
    order, waiting = InOrder(rule), set(range(len(search.curves)))
    epochs = [0] * len(search.curves)
    events: list[tuple[float, int]] = []
    now, last = 0.0, 0.0
    holding: set[int] = set()  # trials whose workers wait for a decision
    while True:
        waiting = {trial for trial in waiting if order.stopped_at(trial) is None}
        for trial in [trial for trial in holding if order.decided(trial)]:
            holding.discard(trial)
            if order.stopped_at(trial) is None:
                heapq.heappush(events, (now + search.seconds[trial], trial))
        while len(events) + len(holding) < workers and (trial := _taken(order, waiting, way)) is not None:
            waiting.discard(trial)
            heapq.heappush(events, (now + search.seconds[trial], trial))
        if not events:
            return last
        now, trial = heapq.heappop(events)
        if order.stopped_at(trial) is not None:
            continue  # trained on the chance, in vain
        epochs[trial] += 1
        over = epochs[trial] >= len(search.curves[trial])
        order.report(trial, epochs[trial], search.curves[trial][epochs[trial] - 1], last=over)
        if order.decided(trial):
            last = now
        if over or order.stopped_at(trial) is not None:
            continue
        if way == "waiting" and not order.decided(trial):
            holding.add(trial)
        elif order.decided(trial) or (way == "toolkit" and not order.has_work(waiting)):
            heapq.heappush(events, (now + search.seconds[trial], trial))
        else:
            waiting.add(trial)


def _taken(order: InOrder, waiting: set[int], way: str) -> int | None:
    trial = order.choose(waiting)
    sure = trial is not None and order.has_work({trial})
    return trial if sure or way == "toolkit" else None


def foreseen(search: Searched, rule: StoppingRule, workers: int) -> float:
    """The wall time where each trial is trained to its end, which is known, by the next free worker."""
    order, free = InOrder(rule), [0.0] * workers
    for trial, curve in enumerate(search.curves):
        epochs = 0
        while epochs < len(curve) and order.stopped_at(trial) is None:
            epochs += 1
            order.report(trial, epochs, curve[epochs - 1], last=epochs == len(curve))
        heapq.heapreplace(free, free[0] + epochs * search.seconds[trial])
    return max(free)


@click.group()
def main() -> None:
    pass


@main.command()
@click.option("--seeds", default=40)
@click.option("--rule", "name", type=click.Choice(list(RULES)), default="asha")
def simulate(seeds: int, name: str) -> None:
    """Print how much longer each way takes than asynchronous decisions: mean and worst of the seeds."""
    print(f"{'spread':>6} {'epochs':>6} {'workers':>7} " + " ".join(f"{way:>13}" for way in WAYS))
    for spread in (4, 10):
        for epochs in (3, 20, 81):
            for workers in (2, 4, 8, 16):
                ratios: dict[str, list[float]] = {way: [] for way in WAYS}
                for seed in range(seeds):
                    search = make_search(max(50, 12 * workers), epochs, spread, seed)
                    floor = as_reports_arrive(search, RULES[name](epochs), workers)
                    for way in WAYS:
                        ratios[way].append(wall_time(search, RULES[name](epochs), workers, way) / floor)
                shown = ((statistics.mean(ratios[way]), max(ratios[way])) for way in WAYS)
                told = " ".join(f"{mean:6.3f} {worst:6.2f}" for mean, worst in shown)
                print(f"{spread:>6} {epochs:>6} {workers:>7} {told}")


@main.command()
@click.option("--trials", default=24)
@click.option("--rows", default=800)
@click.option("--epochs", default=3)
@click.option("--repeat", default=3)
def measure(trials: int, rows: int, epochs: int, repeat: int) -> None:
    """Print seconds and epochs of each scheduler, run by turns; the time is that of the journal."""
    seconds: dict[str, list[float]] = {"asha": [], "asha_async": []}
    for turn in range(repeat):
        for scheduler in sorted(seconds, reverse=bool(turn % 2)):
            took, trained = _run(scheduler, trials, rows, epochs)
            seconds[scheduler].append(took)
            print(f"{scheduler:>10}: {took:6.1f} s, {trained} epochs")
    best = {scheduler: min(values) for scheduler, values in seconds.items()}
    print(f"{trials} trials of {epochs} epochs, {rows} rows: asha / asha_async")
    print(f"  fastest of {repeat}: {best['asha'] / best['asha_async']:.3f}")
    medians = {scheduler: statistics.median(values) for scheduler, values in seconds.items()}
    print(f"  median of {repeat}: {medians['asha'] / medians['asha_async']:.3f}")


def _run(scheduler: str, trials: int, rows: int, epochs: int) -> tuple[float, int]:
    """Seconds from the first trial's beginning to the last one's end, and the epochs that were trained."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "dvc.yaml").write_text("stages: {}\n")
        (root / "experiment.yaml").write_bytes((ROOT / "experiments/german-business-names.yaml").read_bytes())
        for split, count in (("train", rows), ("valid", rows // 4)):
            path = Path("data/business-names") / f"{split}.csv"
            lines = (ROOT / path).read_bytes().splitlines(keepends=True)
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(b"".join(lines[: count + 1]))
        changes = [f"trainer.num_epochs={epochs}", f"trainer.patience={epochs}", "tracking={}"]
        changes.append(f"search.scheduler.type={scheduler}")
        command = [sys.executable, "-m", "toolkit", "tune", "experiment.yaml", "--num-samples", str(trials)]
        command += ["--workers", "2", *(part for change in changes for part in ("--set", change))]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
            raise click.ClickException(done.stderr[-2000:])
        (journal,) = root.glob("runs/*/*/journal.jsonl")
        records = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
        times = [record["t"] for record in records if record["kind"] in ("trial", "end")]
        trained = sum(record["kind"] in ("point", "provisional") for record in records)
        return (times[-1] - times[0]) / 1000, trained


if __name__ == "__main__":
    main()
