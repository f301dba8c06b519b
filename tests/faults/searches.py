"""A small real search for the tests that disturb one: its project, its process, what it must leave."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.newcomer import ROOT
from toolkit.configuration.experiment import ExperimentFile
from toolkit.leaderboard.keeping import final_costs, surplus
from toolkit.runs import Project, Search, SearchFolder, Status, find_searches, read_journal
from toolkit.runs.journal import owner

EXPERIMENT = "experiments/german-business-names.yaml"
ALL_TRACKERS = "tracking={mlflow: {}, wandb: {mode: offline}, tensorboard: {}}"
NO_TRACKERS = "tracking={}"


@dataclass(frozen=True)
class SmallSearch:
    """The default experiment with fewer trials and other epochs, in a project of its own.

    Attributes:
        folder: the project's root.
        epochs: of a trial; rungs lie after the first one and the fourth.
        tracking: which trackers are on, as a change of the experiment file.
    """

    folder: Path
    trials: int = 10
    epochs: int = 6
    tracking: str = NO_TRACKERS
    name: str = "german-business-names"

    @classmethod
    def make(cls, folder: Path, rows: int = 240, **fields: int | str) -> "SmallSearch":
        """Make the project, with so many of the first rows to train on and a third of that to validate."""
        (folder / "experiments").mkdir(parents=True, exist_ok=True)
        (folder / "dvc.yaml").write_text("stages: {}\n")
        (folder / EXPERIMENT).write_bytes((ROOT / EXPERIMENT).read_bytes())
        data = folder / "data" / "business-names"
        data.mkdir(parents=True)
        for split, count in (("train", rows), ("valid", rows // 3), ("test", 0)):
            lines = (ROOT / "data" / "business-names" / f"{split}.csv").read_bytes().splitlines(keepends=True)
            (data / f"{split}.csv").write_bytes(b"".join(lines[: count + 1]))
        return cls(folder, **fields)  # type: ignore[arg-type]

    @property
    def changes(self) -> tuple[str, ...]:
        trainer = (f"trainer.num_epochs={self.epochs}", f"trainer.patience={self.epochs - 1}")
        return (f"name={self.name}", *trainer, f"search.num_samples={self.trials}", self.tracking)

    @property
    def experiment(self) -> ExperimentFile:
        return ExperimentFile.load(self.folder / EXPERIMENT, self.changes)

    @property
    def journal(self) -> Path | None:
        """None before the search has begun."""
        return next((self.folder / "runs" / self.name).rglob("journal.jsonl"), None)

    @property
    def size(self) -> int:
        """Bytes of the journal."""
        return 0 if self.journal is None else self.journal.stat().st_size

    @property
    def epochs_told(self) -> int:
        """Lines of the journal that tell of an epoch."""
        text = "" if self.journal is None else self.journal.read_text(encoding="utf-8")
        return text.count('"kind":"point"') + text.count('"kind":"provisional"')

    def is_written_by(self, pid: int) -> bool:
        """Whether this process holds the journal; it does while Ray starts."""
        locks = (self.folder / "runs" / self.name).rglob("journal.lock")
        return any(owner(SearchFolder(lock.parent)).startswith(f"process {pid} ") for lock in locks)

    def start(self, workers: int = 2, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """`toolkit tune` in a session of its own, as a terminal would start it."""
        changes = [part for change in self.changes for part in ("--set", change)]
        return subprocess.Popen(
            [sys.executable, "-m", "toolkit", "tune", EXPERIMENT, *changes, "--workers", str(workers)],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        )

    def found(self) -> Search:
        """The one search of this name that the project has."""
        searches = find_searches(Project.here(self.folder), every=True)
        (search,) = [search for search in searches if search.experiment == self.name]
        return search

    def results(self) -> dict[str, bytes]:
        """Every result file but the one that holds times."""
        files = sorted((self.folder / "results" / self.name).rglob("*.*"))
        return {path.name: path.read_bytes() for path in files if path.name != "timings.csv"}

    def assert_exact(self) -> None:
        """Every trial has ended, each of its epochs stands in the journal once, and nothing is left over."""
        search = self.found()
        assert search.status is Status.COMPLETED
        assert sorted(search.runs) == list(range(self.trials))
        assert_no_epoch_twice(search.folder)
        for run in search.runs.values():
            assert run.status in (Status.COMPLETED, Status.STOPPED)
            assert [point.epoch for point in run.points] == list(range(len(run.points)))
            assert run.provisional == []
        dropped = surplus(final_costs(search), 5)
        assert sorted(n for n in search.runs if not search.model(n).is_file()) == dropped
        assert sorted(search.dropped_models) == dropped
        assert not list(search.folder.trials.glob("*/state"))
        assert not list(search.folder.trials.glob("*/training/epochs"))


def finish(process: subprocess.Popen[str]) -> None:
    """Wait until the search has ended well."""
    _, err = process.communicate(timeout=280)
    assert process.returncode == 0, err[-3000:]


def assert_no_epoch_twice(folder: SearchFolder) -> None:
    """No epoch of a trial stands in the journal more than once, be it provisional or not."""
    lines = [
        (record.trial, record.body["epoch"])
        for record in read_journal(folder.journal)
        if record.kind in ("point", "provisional")
    ]
    assert len(lines) == len(set(lines))
