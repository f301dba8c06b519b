"""Searches with the files that real ones leave, written in a few words."""

from collections.abc import Sequence
from pathlib import Path

from toolkit.runs import Project, Search, Status, load_search
from toolkit.testing.toy import ToyJournal, toy_header


def leave(path: Path, size: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def write_search(
    search_id: str, ends: Sequence[Status | None], *, status: Status = Status.COMPLETED, job: str = "tune"
) -> Search:
    """A search of these trials, each better than the one before; a trial without an end still runs.

    Every trial has a model of 100 bytes, a checkpoint and a parameter file of Ray's; one that has not ended
    well has a state of 1000 bytes and an epoch's model.
    """
    project = Project.here()
    journal = ToyJournal(project.search("toy", search_id).path, toy_header(search_id, "toy", job=job))
    folder = journal.folder
    for number, end in enumerate(ends):
        journal.trial(number)
        loss = 1.0 - 0.1 * number
        journal.points(number, range(1), extra={"validation_loss": loss})
        leave(folder.trial(number) / "training" / "model.tar.gz")
        leave(folder.trial(number) / "checkpoint_000000" / "epochs.json", 10)
        leave(folder.trial(number) / "params.json", 10)
        if end not in (Status.COMPLETED, Status.STOPPED):
            leave(folder.trial(number) / "state" / "training_state.pt", 1000)
            leave(folder.trial(number) / "training" / "epochs" / "00001.tar.gz")
        if end is not None:
            journal.end(number, end)
    leave(folder.trials / "experiment_state-2026-01-01_00-00-00.json", 10)
    leave(folder.tensorboard / "00000" / "events.out.tfevents.1", 20)
    leave(folder.tensorboard / "00000" / "events.out.events.1.superseded", 20)
    wandb = project.wandb_dir / "wandb"
    leave(wandb / f"offline-run-20260101_000000-{search_id}-00000.superseded" / "files" / "x", 30)
    leave(wandb / f"offline-run-20260101_000001-{search_id}-00000" / "x", 30)
    journal.close(status, best_trial=None)
    return load_search(folder)


def files(root: Path) -> set[str]:
    """Every file below the folder but locks, as a path relative to it."""
    found = (path for path in root.rglob("*") if path.is_file() or path.is_symlink())
    return {path.relative_to(root).as_posix() for path in found if path.suffix != ".lock"}
