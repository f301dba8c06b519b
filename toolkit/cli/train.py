"""`toolkit train`: one model from an experiment file without search spaces."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli import completing
from toolkit.configuration import PipelineConfiguration, TrainerConfiguration, VocabularyConfiguration
from toolkit.configuration.experiment import ExperimentFile
from toolkit.configuration.schema import read
from toolkit.configuration.spaces import find_spaces
from toolkit.errors import ConfigurationError
from toolkit.runs import Project

if TYPE_CHECKING:
    from toolkit.data import Dataset
    from toolkit.training import TrainingResults

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="train")
@click.argument("experiment", type=_FILE, shell_complete=completing.experiment_file)
@click.option("--train", "train_path", type=_FILE, help="Training data instead of the file's.")
@click.option("--valid", "valid_path", type=_FILE, help="Validation data instead of the file's.")
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the model."
)
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value of the file.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads of torch.")
@click.option("--json", "as_json", is_flag=True, help="Print model and metrics as JSON on stdout.")
def command(
    experiment: Path,
    train_path: Path | None,
    valid_path: Path | None,
    output: Path,
    overrides: tuple[str, ...],
    threads: int,
    as_json: bool,
) -> None:
    """Train the pipeline of an experiment file, and keep the weights of its best epoch.

    The training is journaled and mirrored to the file's trackers as the experiment `NAME-train`.
    The file must hold values only; `toolkit tune` searches where it holds spaces. The same file, data
    and number of threads give the same model, to the last bit.

    \b
    Example:
      toolkit train experiments/base.yaml --output models/base --set trainer.num_epochs=5
    """
    file = ExperimentFile.load(experiment, overrides)
    _refuse_spaces(experiment, file)
    root = Project.here().root
    # Imported here: torch and pandas take seconds, and a mistake in the file should be told at once.
    from toolkit.data import Dataset

    training = Dataset.from_csv(root / file.data.train if train_path is None else train_path)
    validation = Dataset.from_csv(root / file.data.valid if valid_path is None else valid_path)
    results = _train(file, training, validation, output, threads)
    if as_json:
        from toolkit.training.saved_model import finite

        told = {"model": str(results.model_path), "metrics": finite(results.metrics)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(results.model_path)


def _refuse_spaces(path: Path, file: ExperimentFile) -> None:
    spaces = find_spaces(file.configuration)
    if spaces:
        raise ConfigurationError(
            f"{path}: {next(iter(spaces))}: is a search space, and one training needs a value: "
            f"put one there (--set {next(iter(spaces))}=...), or search with `toolkit tune {path}`"
        )


def _train(
    file: ExperimentFile, training: "Dataset", validation: "Dataset", output: Path, threads: int
) -> "TrainingResults":
    import torch

    from toolkit.data.splits import check_splits
    from toolkit.loggers import loggers_for
    from toolkit.pipeline import Pipeline
    from toolkit.training import BaseTrainLogger

    class EpochLines(BaseTrainLogger):
        """Tells each epoch on stderr."""

        def log_epoch_metrics(self, epoch: int, metrics: Mapping[str, float]) -> None:
            click.echo(_line(epoch, metrics), err=True)

    for warning in check_splits(training, validation):
        click.echo(f"Warning: {warning}", err=True)
    torch.set_num_threads(threads)
    pipeline = Pipeline.from_config(read(PipelineConfiguration, file.pipeline, "pipeline"))
    return pipeline.train(
        output,
        training=training,
        validation=validation,
        trainer=read(TrainerConfiguration, file.trainer, "trainer"),
        vocab_config=read(VocabularyConfiguration, file.vocabulary, "vocabulary"),
        # A name of its own: a training must not hide the search of the same experiment.
        loggers=[EpochLines(), *loggers_for(file.tracking, f"{file.name}-train")],
    )


def _line(epoch: int, metrics: Mapping[str, float]) -> str:
    shown = ("training_loss", "training_accuracy", "validation_loss", "validation_accuracy")
    return f"epoch {epoch}  " + "  ".join(f"{name} {metrics[name]:.4f}" for name in shown)
