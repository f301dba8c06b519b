"""Where every file lies: each name that the tracking side writes is decided in these two classes."""

import os
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.errors import ConfigurationError

_LONGEST_NAME = 200
_TEMPORARY_COPY = re.compile(r"^(?P<project>.*?)[/\\]\.dvc[/\\]tmp[/\\]exps[/\\][^/\\]+")


def file_name(name: str) -> str:
    """A name that a person gave, as the name of one folder: no separators, no leading dot."""
    kept = unicodedata.normalize("NFC", name).strip()
    kept = re.sub(r"[/\\\x00-\x1f]", "_", kept)
    return re.sub(r"^\.+", "_", kept) or "_"


def check_name(name: str) -> None:
    """Refuse a name for an experiment that would share its folder with another name.

    Raises:
        ConfigurationError: it is empty, has a separator, a control character or a leading dot, or more
            than 200 bytes in UTF-8.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    if file_name(name) != plain:
        raise ConfigurationError(
            f"name: {name!r} cannot name a folder: it must not be empty, begin with a dot or hold '/', "
            f"'\\' or control characters; {file_name(name)!r} could"
        )
    size = len(plain.encode())
    if size > _LONGEST_NAME:
        raise ConfigurationError(
            f"name: {name[:20]!r}... has {size} bytes, but may have {_LONGEST_NAME} at most"
        )


def within(root: Path, path: str | None) -> str | None:
    """The path as it would stand in the project's files: relative where it lies below the root."""
    if path is None or not Path(path).absolute().is_relative_to(root):
        return path
    return Path(path).absolute().relative_to(root).as_posix()


@dataclass(frozen=True)
class Project:
    """The root folder of a project, and the folders and stores that lie in it."""

    root: Path
    home: Path
    """Where runs and stores lie: the root, unless this is a temporary copy of a project."""
    runs_dir: Path | None = None
    results_dir: Path | None = None

    @classmethod
    def here(cls, start: Path | None = None) -> "Project":
        """The nearest parent with a `dvc.yaml`, else the working directory.

        Inside a temporary copy made by `dvc exp run --temp`, results stay in the copy, while runs and
        stores lie in the project that it was copied from: they would vanish with the copy.
        """
        folder = (start or Path.cwd()).resolve()
        parents = (folder, *folder.parents)
        root = next((parent for parent in parents if (parent / "dvc.yaml").is_file()), folder)
        copy = _TEMPORARY_COPY.match(str(root))
        return cls(root, home=Path(copy["project"]) if copy else root)

    def with_folders(self, runs: Path | None, results: Path | None) -> "Project":
        """The same project with other folders for journals and results, where given."""
        return replace(
            self,
            runs_dir=self.runs_dir if runs is None else runs.absolute(),
            results_dir=self.results_dir if results is None else results.absolute(),
        )

    @property
    def runs(self) -> Path:
        """Folder of all journals and working files, ignored by git."""
        return self.runs_dir or self.home / "runs"

    @property
    def results(self) -> Path:
        """Folder of the small files that DVC keeps."""
        return self.results_dir or self.root / "results"

    @property
    def mlflow_uri(self) -> str:
        """MLFLOW_TRACKING_URI when it is set, else a sqlite file at the root."""
        return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.home / 'mlflow.db'}"

    @property
    def mlflow_artifacts(self) -> Path:
        """Folder of MLflow's artifacts when the store is the sqlite file at the root."""
        return self.home / "mlartifacts"

    @property
    def wandb_dir(self) -> Path:
        """The folder in which W&B makes its `wandb/`; WANDB_DIR wins."""
        given = os.environ.get("WANDB_DIR")
        return Path(given) if given else self.home

    def searches_of(self, experiment: str) -> Path:
        """Folder that holds the searches of an experiment."""
        return self.runs / file_name(experiment)

    def search(self, experiment: str, search_id: str) -> "SearchFolder":
        return SearchFolder(self.searches_of(experiment) / search_id)

    def results_of(self, experiment: str) -> Path:
        """Folder of an experiment's leaderboard, metrics, best configuration and model."""
        return self.results / file_name(experiment)


@dataclass(frozen=True)
class SearchFolder:
    """The files of one search."""

    path: Path

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def lock(self) -> Path:
        """Held by the one writer of the journal."""
        return self.path / "journal.lock"

    @property
    def owner(self) -> Path:
        """Names the process that holds the lock."""
        return self.path / "journal.owner.json"

    @property
    def trials(self) -> Path:
        """Storage folder of the trials: one folder a trial, named by its number."""
        return self.path / "trials"

    def trial(self, number: int) -> Path:
        return self.trials / trial_name(number)

    def cursor(self, tracker: str) -> Path:
        """How far a tracker has read the journal."""
        return self.path / "cursors" / f"{file_name(tracker)}.json"

    def tracker_lock(self, tracker: str) -> Path:
        """Held by the one process that ships to a tracker."""
        return self.path / "cursors" / f"{file_name(tracker)}.lock"

    @property
    def follower_log(self) -> Path:
        """What the process that ships to the trackers has to say."""
        return self.path / "sync.log"

    def changes(self, digest: str) -> Path:
        """The code's difference from its commit, by the SHA-256 of the text."""
        return self.path / f"changes-{digest[:12]}.diff"

    @property
    def tensorboard(self) -> Path:
        """Folder with one event-file folder a trial."""
        return self.path / "tensorboard"


def trial_model(trials: Path, number: int) -> Path:
    """The archive with the best epoch's weights of a trial, in the folder of the trials."""
    return trials / trial_name(number) / "training" / "model.tar.gz"


def trial_predictions(trials: Path, number: int) -> Path:
    """What a trial's model says of the validation data; `runs.predictions` reads and writes it."""
    return trials / trial_name(number) / "training" / "validation_predictions.json"


def trial_epoch_models(trials: Path, number: int) -> Path:
    """Folder of the models of epochs that were better than those before, until it is known which count."""
    return trials / trial_name(number) / "training" / "epochs"


def trial_state(trials: Path, number: int) -> Path:
    """Folder of the state of an unfinished training, from which it goes on."""
    return trials / trial_name(number) / "state"


def trial_name(number: int) -> str:
    """The trial's number as it stands in run ids and folder names: five digits."""
    return f"{number:05d}"


def run_id(search_id: str, trial: int) -> str:
    """`<search id>-<trial, five digits>`: the same in every tracker."""
    return f"{search_id}-{trial_name(trial)}"
