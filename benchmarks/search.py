"""What the machinery of a search costs: the same trials four ways, one after the other.

    python benchmarks/search.py [--trials 24] [--rows 1600] [--experiment FILE] [--repeat 1]

pool      two plain processes, each encodes the data once and trains trial after trial: the floor
toolkit   what `toolkit tune` does, with MLflow, W&B (offline) and TensorBoard, until the last point is there
bare      the same without trackers
stock     Ray's function trainable with its stock MLflow, W&B (offline) and TensorBoard callbacks

No trial is stopped early, so every way trains the same epochs. Each way runs in a process of its own, in
an empty project; its time goes from the first line of Python to the end of the last process. What is
asked of it: toolkit at most 1.3 times the pool, and at least twice as fast as stock.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
WAYS = ("pool", "bare", "toolkit", "stock")
WORKERS = 2


def experiment_of(file: Path, trials: int, tracking: dict[str, Any]) -> Any:
    from toolkit.configuration.experiment import ExperimentFile, SchedulerConfiguration

    experiment = ExperimentFile.load(file, [f"tracking={json.dumps(tracking)}"])
    return experiment.with_search(num_samples=trials, scheduler=SchedulerConfiguration(type="fifo"))


def pool(file: Path, trials: int) -> None:
    """Train the planned trials in a pool of processes, without Ray, journal or trackers."""
    from toolkit.hpo.tune import plan_of

    plan = plan_of(experiment_of(file, trials, {}), Path.cwd())
    with multiprocessing.get_context("spawn").Pool(WORKERS, _encode_once, (str(file), trials)) as workers:
        workers.map(_train, range(len(plan.trials)), chunksize=1)


_shared: dict[str, Any] = {}


def _encode_once(file: str, trials: int) -> None:
    import torch

    from toolkit.hpo.experiment import trial_inputs
    from toolkit.hpo.tune import plan_of

    torch.set_num_threads(1)
    _shared["inputs"] = trial_inputs(plan_of(experiment_of(Path(file), trials, {}), Path.cwd()))


def _train(number: int) -> None:
    from toolkit.configuration import TrainerConfiguration
    from toolkit.pipeline import Pipeline

    inputs = _shared["inputs"]
    config, data = inputs.configs[number], inputs.texts[inputs.keys[number]]
    pipeline = Pipeline.from_config(config["pipeline"])
    pipeline.use_vocabulary(data.vocabulary)
    training = pipeline.start_training(
        data.train, data.valid, TrainerConfiguration.from_dict(config["trainer"])
    )
    while not training.finished:
        training.epoch()
        if training.improved:
            pipeline.save(Path("pool") / str(number) / "model.tar.gz", training.best_weights)


def toolkit(file: Path, trials: int, tracking: dict[str, Any]) -> None:
    """Search as `toolkit tune` does."""
    from toolkit.hpo.tune import plan_of, run_search
    from toolkit.runs import Project

    experiment, project = experiment_of(file, trials, tracking), Project.here()
    outcome = run_search(experiment, plan_of(experiment, project.root), project, workers=WORKERS)
    assert not any(outcome.unmirrored.values()), outcome.unmirrored


def stock(file: Path, trials: int) -> None:
    """Ray's function trainable: every trial starts a process and encodes the data for itself."""
    import ray
    from ray import tune
    from ray.air.integrations.mlflow import MLflowLoggerCallback
    from ray.air.integrations.wandb import WandbLoggerCallback

    from toolkit.hpo.ray_spaces import to_ray
    from toolkit.hpo.tune import plan_of

    plan = plan_of(experiment_of(file, trials, {}), Path.cwd())
    os.environ["WANDB_MODE"] = "offline"  # before Ray: the callback's own processes inherit it
    ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    tune.run(
        tune.with_parameters(_function_trainable, train=plan.train, valid=plan.valid),
        config=to_ray([trial.config for trial in plan.trials]),
        storage_path=str(Path("stock").resolve()),
        resources_per_trial={"cpu": 1},
        metric="validation_loss",
        mode="min",
        verbose=0,
        callbacks=[
            MLflowLoggerCallback(
                tracking_uri=f"sqlite:///{Path('mlflow.db').resolve()}", experiment_name="stock"
            ),
            WandbLoggerCallback(project="stock"),
        ],
    )
    ray.shutdown()


def _function_trainable(config: dict[str, Any], train: Any, valid: Any) -> None:
    import torch
    from ray import tune

    from toolkit import Pipeline
    from toolkit.configuration import TrainerConfiguration, VocabularyConfiguration
    from toolkit.loggers import BaseTrainLogger

    class Reporter(BaseTrainLogger):
        def log_epoch_metrics(self, epoch: int, metrics: dict[str, float]) -> None:
            tune.report(metrics)

    torch.set_num_threads(1)
    pipeline = Pipeline.from_config(config["pipeline"])
    pipeline.create_vocabulary(VocabularyConfiguration(sources=[train]))
    trainer = TrainerConfiguration.from_dict(config["trainer"])
    pipeline.train("output", training=train, validation=valid, trainer=trainer, loggers=[Reporter()])


def run_way(way: str, file: Path, trials: int) -> None:
    every: dict[str, Any] = {"mlflow": {}, "wandb": {"mode": "offline"}, "tensorboard": {}}
    if way == "pool":
        pool(file, trials)
    elif way == "stock":
        stock(file, trials)
    else:
        toolkit(file, trials, every if way == "toolkit" else {})


def seconds_of(way: str, file: Path, trials: int, rows: int) -> float:
    """Wall time of one way in an empty project with the first rows of the experiment's data."""
    with tempfile.TemporaryDirectory() as folder:
        _write_project(Path(folder), file, rows)
        command = [sys.executable, str(Path(__file__).resolve()), "--way", way]
        command += ["--experiment", "experiment.yaml", "--trials", str(trials)]
        started = time.perf_counter()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise click.ClickException(f"{way}: {done.stderr[:3000]}")
        return time.perf_counter() - started


def _write_project(folder: Path, file: Path, rows: int) -> None:
    from toolkit.configuration.experiment import ExperimentFile

    (folder / "dvc.yaml").write_text("stages: {}\n")
    (folder / "experiment.yaml").write_bytes(file.read_bytes())
    data = ExperimentFile.load(file).data
    for path, count in ((data.train, rows), (data.valid, rows // 4)):
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("".join(lines[: count + 1]), encoding="utf-8", newline="")


@click.command()
@click.option(
    "--experiment", type=click.Path(path_type=Path), default=ROOT / "experiments/german-business-names.yaml"
)
@click.option("--trials", default=24)
@click.option("--rows", default=1600, help="Rows of the training data; a quarter of it validates.")
@click.option("--ways", default=",".join(WAYS))
@click.option("--repeat", default=1, help="The fastest of so many runs counts.")
@click.option("--way", hidden=True)
def main(experiment: Path, trials: int, rows: int, ways: str, repeat: int, way: str | None) -> None:
    if way is not None:
        run_way(way, experiment, trials)
        return
    chosen = ways.split(",")
    seconds = {
        each: min(seconds_of(each, experiment, trials, rows) for _ in range(repeat)) for each in chosen
    }
    floor = seconds.get("pool")
    print(f"{trials} trials, {rows} rows, {WORKERS} workers")
    for each, value in seconds.items():
        ratio = "" if floor is None else f"{value / floor:6.2f} x pool"
        print(f"{each:8s} {value:7.1f} s {ratio}")
    if {"toolkit", "stock"} <= seconds.keys():
        print(f"toolkit is {seconds['stock'] / seconds['toolkit']:.2f} times as fast as stock")


if __name__ == "__main__":
    main()
