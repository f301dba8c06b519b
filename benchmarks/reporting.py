"""What a report costs the driver of a search: ours, and Ray's stock callbacks on the same trials.

    python benchmarks/reporting.py driver [--trials 10] [--epochs 20]
    python benchmarks/reporting.py sustained [--rate 200] [--seconds 60] [--trials 16] [--away]

driver      the same trials through the real Ray twice, each in a process of its own: with toolkit's journal
            and follower, then with Ray's callbacks; both for MLflow on sqlite, W&B offline and TensorBoard.
            A trial reports the metrics of the default search and trains nothing, so only reporting is left.
            What is timed is what blocks the driver: the callbacks' `on_trial_result`.
sustained   a journal that is written at a steady rate while a follower ships it to a real MLflow server, W&B
            offline and TensorBoard: how far the trackers fall behind, and what a report costs meanwhile.
            With --away nobody listens at the server's address: the cost of a report must be the same.

What is asked of it: at most 0.3 ms a report in the median, on a disk whose fsync takes 0.2 ms; 200 reports
a second without falling further and further behind.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
EXPERIMENT = "experiments/german-business-names.yaml"
METRICS = 31
"""As many as a trial of the default search reports in an epoch."""

TRACKING: dict[str, Any] = {"mlflow": {}, "wandb": {"mode": "offline"}, "tensorboard": {}}
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "WANDB_ERROR_REPORTING": "false",
}
_SPENT: dict[str, list[float]] = {}


def metrics_of(trial: int, epoch: int) -> dict[str, float]:
    return {f"validation_metric_{i:02d}": (trial + i) / (epoch + 1) for i in range(METRICS)}


def time_reports(cls: Any) -> None:
    """Keep what each call of the class's `on_trial_result` takes, in seconds, by the name of the class."""
    original = cls.on_trial_result

    def on_trial_result(self: Any, *args: Any, **kwargs: Any) -> None:
        started = time.perf_counter()
        original(self, *args, **kwargs)
        _SPENT.setdefault(type(self).__name__, []).append(time.perf_counter() - started)

    cls.on_trial_result = on_trial_result


def plan_of(trials: int, epochs: int) -> Any:
    from toolkit.configuration.experiment import ExperimentFile, SchedulerConfiguration
    from toolkit.hpo.tune import plan_of

    changes = [f"trainer.num_epochs={epochs}", f"tracking={json.dumps(TRACKING)}"]
    experiment = ExperimentFile.load(Path(EXPERIMENT), changes)
    experiment = experiment.with_search(num_samples=trials, scheduler=SchedulerConfiguration(type="fifo"))
    return experiment, plan_of(experiment, Path.cwd())


def ours(trials: int, epochs: int) -> None:
    """Report through toolkit's journal, with a follower that ships to all three trackers."""
    import toolkit.hpo.experiment
    from toolkit.hpo.journaling import JournalCallback
    from toolkit.hpo.trainable import REPORT, TrialTrainable
    from toolkit.hpo.tune import run_search
    from toolkit.runs import Project

    class Reports(TrialTrainable):
        """Reports at once, and leaves a file as model of each epoch: taking it over is part of the cost."""

        def step(self) -> dict[str, Any]:
            epoch, self._epochs = self._epochs, self._epochs + 1
            metrics = {**metrics_of(self._number, epoch), "validation_loss": 1.0 / (epoch + 1)}
            model = self._files.epoch_model(epoch)
            model.parent.mkdir(parents=True, exist_ok=True)
            model.touch()
            finished = self._epochs == epochs
            report = {"epoch": epoch, "step": epoch + 1, "seconds": 0.0, "finished": finished}
            told = {**metrics, "training_iteration": self._epochs, "done": finished}
            return {**told, REPORT: {**report, "metrics": list(metrics)}}

        def save_checkpoint(self, checkpoint_dir: str) -> None:
            (Path(checkpoint_dir) / "nothing").touch()

    toolkit.hpo.experiment.TrialTrainable = Reports
    time_reports(JournalCallback)
    experiment, plan = plan_of(trials, epochs)
    run_search(experiment, plan, Project.here(), workers=2)


def stock(trials: int, epochs: int) -> None:
    """Report through Ray's own callbacks for the same three trackers."""
    import ray
    from ray import tune
    from ray.air.integrations.mlflow import MLflowLoggerCallback
    from ray.air.integrations.wandb import WandbLoggerCallback
    from ray.tune.logger import LoggerCallback

    from toolkit.hpo.ray_spaces import TRIAL_INDEX, to_ray
    from toolkit.hpo.session import ensure_ray

    class Reports(tune.Trainable):
        def setup(self, config: dict[str, Any]) -> None:
            self._trial, self._epochs = config[TRIAL_INDEX], 0

        def step(self) -> dict[str, Any]:
            epoch, self._epochs = self._epochs, self._epochs + 1
            metrics = {**metrics_of(self._trial, epoch), "validation_loss": 1.0 / (epoch + 1)}
            return {**metrics, "done": self._epochs == epochs}

    _, plan = plan_of(trials, epochs)
    time_reports(LoggerCallback)
    ensure_ray(2)  # Ray's own start fails in a path with a space or an apostrophe
    store = f"sqlite:///{Path('mlflow.db').resolve()}"
    tune.run(
        Reports,
        config=to_ray([trial.config for trial in plan.trials]),
        storage_path=str(Path("stock").resolve()),
        resources_per_trial={"cpu": 1},
        verbose=0,
        callbacks=[
            MLflowLoggerCallback(tracking_uri=store, experiment_name="stock"),
            WandbLoggerCallback(project="stock"),
        ],
    )
    ray.shutdown()


@contextmanager
def empty_project() -> Iterator[Path]:
    """A project with the default experiment and the first rows of its data."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "dvc.yaml").write_text("stages: {}\n")
        (folder / "experiments").mkdir()
        (folder / EXPERIMENT).write_bytes((ROOT / EXPERIMENT).read_bytes())
        (folder / "data/business-names").mkdir(parents=True)
        for part, rows in (("train", 100), ("valid", 50), ("test", 50)):
            path = f"data/business-names/{part}.csv"
            lines = (ROOT / path).read_bytes().splitlines(keepends=True)
            (folder / path).write_bytes(b"".join(lines[: rows + 1]))
        yield folder


def spent_by(way: str, trials: int, epochs: int) -> dict[str, list[float]]:
    """Callback -> seconds of each report, measured in a process of its own."""
    with empty_project() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), "driver", "--way", way]
        command += ["--trials", str(trials), "--epochs", str(epochs)]
        environment = {**os.environ, **_QUIET, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise click.ClickException(f"{way}: {done.stderr[-3000:]}")
        found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
        return found


def fsync_seconds(count: int = 200) -> float:
    """The median time of an fsync after a line was appended, on the disk that is measured on."""
    with tempfile.TemporaryFile(buffering=0) as file:
        spent = []
        for _ in range(count):
            file.write(b"x" * 1000 + b"\n")
            started = time.perf_counter()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def line_of(name: str, seconds: Sequence[float]) -> str:
    """The distribution in milliseconds."""
    ordered = sorted(seconds)
    cells = [statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[-1]]
    return f"{name:26s} {len(ordered):6d} " + " ".join(f"{1000 * cell:9.3f}" for cell in cells)


HEAD = f"{'':26s} {'count':>6s} {'median':>9s} {'95 %':>9s} {'longest':>9s}  (milliseconds)"


@click.group()
def main() -> None:
    pass


@main.command()
@click.option("--trials", default=10)
@click.option("--epochs", default=20)
@click.option("--way", hidden=True)
def driver(trials: int, epochs: int, way: str | None) -> None:
    if way is not None:
        {"ours": ours, "stock": stock}[way](trials, epochs)
        print(json.dumps(_SPENT))
        return
    print(f"{trials} trials, {epochs} epochs, {METRICS + 1} metrics a report", flush=True)
    print(f"fsync of this disk: {1000 * fsync_seconds():.3f} ms in the median", flush=True)
    print(HEAD, flush=True)
    (journal,) = spent_by("ours", trials, epochs).values()
    print(line_of("toolkit, all three", journal), flush=True)
    callbacks = spent_by("stock", trials, epochs)
    together = [sum(report) for report in zip(*callbacks.values(), strict=True)]
    print(line_of("stock, all of them", together))
    for name, seconds in callbacks.items():
        print(line_of(f"  {name}", seconds))
    ratio = statistics.median(together) / statistics.median(journal)
    print(f"a report costs the driver {ratio:.0f} times less than with the stock callbacks")


@main.command()
@click.option("--rate", default=200, help="Reports a second.")
@click.option("--seconds", default=60)
@click.option("--trials", default=16, help="Runs that report by turns.")
@click.option("--away", is_flag=True, help="The server does not answer.")
def sustained(rate: int, seconds: int, trials: int, away: bool) -> None:
    os.environ.update(_QUIET)
    server = nullcontext("http://127.0.0.1:9") if away else None
    with tempfile.TemporaryDirectory() as name, server or mlflow_server(Path(name)) as uri:
        (Path(name) / "dvc.yaml").write_text("stages: {}\n")
        os.environ["MLFLOW_TRACKING_URI"] = uri
        os.chdir(name)
        _sustain(Path(name), rate, seconds, trials, away)


def _sustain(root: Path, rate: int, seconds: int, trials: int, away: bool) -> None:
    from toolkit.runs import Project
    from toolkit.testing.toy import ToyJournal, toy_header
    from toolkit.trackers import start_follower, unmirrored

    header = toy_header(tracking=TRACKING)
    journal = ToyJournal(root / "runs" / "toy names" / header.id, header)
    follower = start_follower(journal.folder, Project.here(root))
    for trial in range(trials):
        journal.trial(trial)
    spent, started = [], time.perf_counter()
    print(f"{rate} reports a second of {METRICS} metrics for {seconds} s, {trials} runs", flush=True)
    for number in range(rate * seconds):
        time.sleep(max(0.0, started + number / rate - time.perf_counter()))
        epoch, trial = divmod(number, trials)
        metrics = metrics_of(trial, epoch)
        before = time.perf_counter()
        journal.writer.append("point", trial, epoch=epoch, step=epoch, metrics=metrics, seconds=0.1)
        spent.append(time.perf_counter() - before)
        if (number + 1) % (10 * rate) == 0:
            behind = ", ".join(f"{name} {count}" for name, count in unmirrored(journal.folder).items())
            print(f"after {(number + 1) // rate:3d} s, reports not yet there: {behind}", flush=True)
    for trial in range(trials):
        journal.end(trial)
    journal.close()
    wrote = time.perf_counter() - started
    if away:
        follower.terminate()
    follower.wait()
    drained = time.perf_counter() - started - wrote
    left = sum(unmirrored(journal.folder).values())
    there = f"{left} not there" if away else f"all there {drained:.1f} s later"
    assert away or not left
    print(f"written in {wrote:.1f} s ({len(spent) / wrote:.0f} a second), {there}")
    print(HEAD)
    print(line_of("append to the journal", spent))


@contextmanager
def mlflow_server(folder: Path) -> Iterator[str]:
    """A server on loopback with a fresh sqlite store behind it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--backend-store-uri", f"sqlite:///{folder / 'server.db'}"]
    command += ["--artifacts-destination", str(folder / "artifacts")]
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        command, env=environment, stdout=log, stderr=log, cwd=folder, start_new_session=True
    )
    uri = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError):
                urllib.request.urlopen(f"{uri}/health", timeout=1).close()
                break
            time.sleep(0.2)
        yield uri
    finally:
        os.killpg(process.pid, 15)
        process.wait()
        log.close()


if __name__ == "__main__":
    main()
