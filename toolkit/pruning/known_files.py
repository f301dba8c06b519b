"""The files of a search that may ever be removed, by their names: ours as the layout decides them, and Ray's.

Nothing is found through a symbolic link, and no name is found that neither we nor Ray gave.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from toolkit.runs import Project, Search
from toolkit.runs.layout import trial_epoch_models, trial_name, trial_state
from toolkit.trackers.receipts import SUPERSEDED

# What Ray writes into the folder of a trial, and into the one above.
_OF_A_TRIAL = re.compile(r"params\.(json|pkl)|progress\.csv|result\.json|error\.(txt|pkl)|checkpoint_\d{6}")
_OF_A_SEARCH = re.compile(
    r"(experiment_state|basic-variant-state|search_gen_state)-[\d_-]+\.json|tuner\.pkl|\.validate_storage_marker"
)
_EVENTS = re.compile(rf"events.*{re.escape(SUPERSEDED)}")


def model(search: Search, trial: int) -> Iterator[Path]:
    """The model of a trial."""
    yield from _real(_trials(search), search.model(trial))


def working_state(search: Search, trial: int) -> Iterator[Path]:
    """The folder from which a trial that has not ended goes on."""
    yield from _real(_trials(search), trial_state(_trials(search), trial))


def epoch_models(search: Search, trial: int) -> Iterator[Path]:
    """The folder of the models of epochs that did not count yet."""
    yield from _real(_trials(search), trial_epoch_models(_trials(search), trial))


def of_ray(search: Search) -> Iterator[Path]:
    """What Ray wrote about the search and its trials, checkpoints included: nothing here reads it."""
    trials = _trials(search)
    yield from _named(trials, trials, _OF_A_SEARCH)
    for number in search.runs:
        yield from _named(trials, trials / trial_name(number), _OF_A_TRIAL)


def superseded(search: Search, project: Project) -> Iterator[Path]:
    """Event files and W&B's folders that were set aside and written anew."""
    for number in search.runs:
        tensorboard = search.folder.tensorboard
        yield from _named(tensorboard, tensorboard / trial_name(number), _EVENTS)
    wandb = project.wandb_dir / "wandb"
    yield from _named(wandb, wandb, _set_aside_by_wandb(search.id))


def _set_aside_by_wandb(search_id: str) -> re.Pattern[str]:
    run = rf"{re.escape(search_id)}(-\d{{5}})?"
    return re.compile(rf"offline-run-\d{{8}}_\d{{6}}-{run}(\.\d+)?{re.escape(SUPERSEDED)}")


def size(path: Path) -> int:
    """Bytes of a file, or of the files in a folder; links count for nothing."""
    if path.is_symlink():
        return 0
    if path.is_file():
        return path.stat().st_size
    return sum(size(inner) for inner in path.iterdir()) if path.is_dir() else 0


def _trials(search: Search) -> Path:
    return search.folder.path / search.header.trials


def _named(top: Path, folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in found:
        if pattern.fullmatch(path.name):
            yield from _real(top, path)


def _real(top: Path, path: Path) -> Iterator[Path]:
    """The path, if it is there, and neither it nor a folder on the way to it from `top` on is a link."""
    way = [path, *(parent for parent in path.parents if parent.is_relative_to(top))]
    if path.exists() and not any(step.is_symlink() for step in way):
        yield path
