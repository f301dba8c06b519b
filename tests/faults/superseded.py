"""What kills leave torn: set aside under another name, which neither W&B nor TensorBoard reads."""

from pathlib import Path

from tensorboard.backend.event_processing.io_wrapper import IsSummaryEventsFile
from wandb.cli.beta_sync import _find_wandb_files

from toolkit.runs import SearchFolder


def torn_wandb_runs(project: Path) -> list[Path]:
    """The offline folders that were set aside; `wandb sync` takes up every other one, and none of them."""
    aside = sorted((project / "wandb").glob("offline-run-*.superseded"))
    every = sorted((project / "wandb").glob("offline-run-*"))
    read = _find_wandb_files(every, skip_synced=True, skip_online=True, verbose=False)
    assert {path.parent for path in read} == set(every) - set(aside)
    return aside


def torn_event_files(folder: SearchFolder) -> list[Path]:
    """The event files that were set aside; TensorBoard reads one file a trial, and none of them."""
    aside = sorted(folder.tensorboard.rglob("*.superseded"))
    assert not any(map(IsSummaryEventsFile, map(str, aside)))
    for trial in folder.tensorboard.iterdir():
        assert sum(IsSummaryEventsFile(str(path)) for path in trial.iterdir()) == 1
    return aside
