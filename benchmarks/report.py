"""How large a report is and how long it takes to write, for searches of 10, 1,000 and 20,000 runs.

    python benchmarks/report.py [--runs 10 --runs 1000 --runs 20000] [--keep FOLDER]

The runs are made up: 10 epochs at most, 8 metrics and 9 hyperparameters each, a few of them failed, most
of them stopped early. With --keep the reports stay, to be looked at in a browser.
"""

import math
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from toolkit.leaderboard import rank
from toolkit.leaderboard.report import report_runs, sampled_scales, write_report
from toolkit.runs import Point, Run, Search, SearchFolder, SearchHeader, Status
from toolkit.runs.layout import run_id

EPOCHS = 10
_SPEC = {
    "pipeline": {
        "features": {"word": {"embedding_dim": {"choice": [32, 64, 128]}}},
        "head": {
            "pooler": {
                "type": {"choice": ["gru", "lstm", "cnn"]},
                "hidden_size": {"choice": [32, 64, 128]},
                "num_layers": {"choice": [1, 2, 3]},
                "bidirectional": {"choice": [True, False]},
            },
            "dropout": {"uniform": [0.0, 0.5]},
        },
    },
    "trainer": {
        "optimizer": {"lr": {"loguniform": [1e-4, 1e-1]}, "weight_decay": {"loguniform": [1e-6, 1e-2]}},
        "batch_size": {"choice": [16, 32, 64]},
    },
}


def made_up_search(count: int) -> Search:
    """A search of so many runs; the learning rate and the dropout decide how good they get."""
    draw = random.Random(count)
    header = SearchHeader(
        id="feedc0ffee00",
        experiment="made-up",
        metric="validation_loss",
        mode="min",
        spec=_SPEC,
        data={"validation": {"path": "data/made-up/valid.csv", "sha256": "ab" * 32, "rows": 2000}},
        labels=["Bäckereien", "Hotels"],
    )
    start = 1_790_000_000_000
    search = Search(header, SearchFolder(Path("nowhere")), started=start, status=Status.COMPLETED)
    for trial in range(count):
        search.runs[trial] = _run(header, trial, start + 4_000 * trial, draw)
    return search


def _run(header: SearchHeader, trial: int, started: int, draw: random.Random) -> Run:
    params = _params(draw)
    base = 0.2 + 0.25 * abs(math.log10(params["trainer.optimizer.lr"]) + 2.3)
    base += 0.4 * (params["pipeline.head.dropout"] - 0.2) ** 2 + draw.gauss(0, 0.02)
    # As a scheduler would: two thirds stop after their first epochs, the worse ones sooner.
    epochs = EPOCHS if base < 0.35 else draw.choice([1, 1, 1, 3])
    has_failed = trial % 97 == 41
    points = [] if has_failed else _points(base, epochs, started, draw)
    status = Status.COMPLETED if epochs == EPOCHS else Status.STOPPED
    return Run(
        run_id=run_id(header.id, trial),
        trial=trial,
        params=params,
        config={},
        started=started,
        status=Status.FAILED if has_failed else status,
        rung=None if has_failed or epochs == EPOCHS else epochs,
        reason="RuntimeError: the loss is not a number" if has_failed else None,
        ended=started + 6_000 * epochs,
        points=points,
    )


def _params(draw: random.Random) -> dict[str, Any]:
    return {
        "pipeline.features.word.embedding_dim": draw.choice([32, 64, 128]),
        "pipeline.head.pooler.type": draw.choice(["gru", "lstm", "cnn"]),
        "pipeline.head.pooler.hidden_size": draw.choice([32, 64, 128]),
        "pipeline.head.pooler.num_layers": draw.choice([1, 2, 3]),
        "pipeline.head.pooler.bidirectional": draw.random() < 0.5,
        "pipeline.head.dropout": draw.uniform(0.0, 0.5),
        "trainer.optimizer.lr": 10 ** draw.uniform(-4, -1),
        "trainer.optimizer.weight_decay": 10 ** draw.uniform(-6, -2),
        "trainer.batch_size": draw.choice([16, 32, 64]),
    }


def _points(base: float, epochs: int, started: int, draw: random.Random) -> list[Point]:
    points = []
    for epoch in range(epochs):
        loss = base + 1.2 * math.exp(-0.7 * epoch) + draw.gauss(0, 0.01)
        accuracy = 1 - 0.25 * loss + draw.gauss(0, 0.003)
        metrics = {
            "training_loss": 0.9 * loss - 0.01 * epoch,
            "training_accuracy": min(1.0, accuracy + 0.01),
            "validation_loss": loss,
            "validation_accuracy": accuracy,
            "validation_macro_precision": accuracy - draw.random() / 50,
            "validation_macro_recall": accuracy - draw.random() / 50,
            "validation_macro_fscore": accuracy - draw.random() / 50,
            "validation_micro_fscore": accuracy,
        }
        at = started + 6_000 * (epoch + 1)
        points.append(Point(epoch, 100 * (epoch + 1), metrics, t=at, seconds=5.5 + draw.random()))
    return points


@click.command()
@click.option("--runs", "counts", multiple=True, type=int, default=(10, 1000, 20_000), show_default=True)
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Leave the reports here.")
def main(counts: tuple[int, ...], keep: Path | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        for count in counts:
            search = made_up_search(count)
            tables, runs = rank([search]), report_runs([search])
            begun = time.perf_counter()
            path = write_report(
                folder / f"report-{count}.html",
                tables,
                runs,
                title=f"{count:,} made-up runs",
                scales=sampled_scales([search]),
            )
            seconds = time.perf_counter() - begun
            print(f"{count:>7,} runs: {path.stat().st_size / 1e6:5.1f} MB in {seconds:5.1f} s", flush=True)


if __name__ == "__main__":
    main()
