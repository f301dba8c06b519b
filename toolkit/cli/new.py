"""`toolkit new`: an experiment over somebody's own data."""

import os
from pathlib import Path

import click

from toolkit.configuration.new_experiment import SPLITS, experiment_text, path_for, pipeline_text
from toolkit.errors import ConfigurationError
from toolkit.leaderboard.files import write_whole
from toolkit.runs import Project


@click.command(name="new")
@click.argument("name")
@click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with train.csv, valid.csv and test.csv, each with the columns text and label.",
)
def command(name: str, folder: Path) -> None:
    """Write an experiment file for your own CSV files and add it to dvc.yaml.

    \b
    Example:
      toolkit new my-texts --data data/my-texts
      dvc repro
    """
    root = Project.here().root
    relative = _relative(folder, root)
    path = path_for(name, relative, root)
    _check_data(root / relative)
    dvc_yaml = root / "dvc.yaml"
    stages = _stages(dvc_yaml, name, relative)
    write_whole(path, experiment_text(name, relative))
    if stages is not None:
        _write_or_undo(dvc_yaml, stages, path)
    click.echo(f"wrote {path}")
    if stages is not None:
        click.echo(f"added {name} to {dvc_yaml}: `dvc repro` searches, evaluates and compares it")
    click.echo(f"`toolkit tune {path.relative_to(root)}` searches now")


def _stages(dvc_yaml: Path, name: str, folder: str) -> str | None:
    """What `dvc.yaml` becomes; None where there is none, or one of another make, which is said."""
    if not dvc_yaml.is_file():
        return None
    try:
        return pipeline_text(dvc_yaml, name, folder)
    except ConfigurationError as error:
        click.echo(f"Note: {error}", err=True)
        return None


def _write_or_undo(dvc_yaml: Path, stages: str, experiment: Path) -> None:
    """Write the stages; where that fails, the experiment goes too, so that the command can be repeated."""
    try:
        write_whole(dvc_yaml, stages)
    except OSError:
        experiment.unlink()
        raise


def _relative(folder: Path, root: Path) -> str:
    """As it stands in the experiment file: data outside the project would be found on no other machine."""
    relative = os.path.relpath(folder.absolute(), root)
    if relative.startswith(os.pardir):
        raise ConfigurationError(f"{folder} lies outside the project {root}: put the data into it")
    return Path(relative).as_posix()


def _check_data(folder: Path) -> None:
    """Read the files as the search will, so that what is wrong with them is told now."""
    from toolkit.data import Dataset
    from toolkit.data.splits import check_splits

    for warning in check_splits(*(Dataset.from_csv(folder / f"{split}.csv") for split in SPLITS)):
        click.echo(f"Warning: {warning}", err=True)
