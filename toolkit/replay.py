"""Trains a recorded run again from its record, and holds the two against each other metric by metric.

Code, data and seed decide a training to the last bit, on one kind of processor and with one version of the
libraries. So the data must be the recorded ones, the rest is told where it differs, and any difference
between the metrics counts. What this gives up: only metrics are compared, not weights; and a trial of a
search is trained on the CPU, for no journal says which device a trial had.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from toolkit.configuration import PipelineConfiguration, TrainerConfiguration
from toolkit.configuration.digest import code_digest
from toolkit.configuration.schema import is_whole, read
from toolkit.data import Dataset
from toolkit.errors import ConfigurationError, ReplayError
from toolkit.pipeline import EncodedSplits
from toolkit.recorded import recorded_data, recorded_vocabulary
from toolkit.runs import Run, Search, SearchHeader, Status, provenance
from toolkit.runs.differences import Difference, differences

__all__ = ["Change", "Replay", "replay"]


@dataclass(frozen=True)
class Change:
    """Something that can change numbers and is not what it was; None where it is unknown."""

    recorded: str | None
    now: str | None


@dataclass(frozen=True)
class Replay:
    """What came of training a recorded run again.

    Attributes:
        epochs: how many were trained and compared: as many as the run has points.
        metrics: each metric of either side -> where it is farthest off, None where it is nowhere.
        environment: what differs from the record of code, commit, python, libraries and processor.
    """

    run_id: str
    epochs: int
    metrics: Mapping[str, Difference | None]
    environment: Mapping[str, Change]

    @property
    def differences(self) -> dict[str, Difference]:
        """The metrics that differ."""
        return {name: found for name, found in self.metrics.items() if found is not None}

    @property
    def identical(self) -> bool:
        return not self.differences


def replay(
    search: Search,
    run: Run,
    root: Path,
    say: Callable[[str], None] = lambda line: None,
    model: Path | None = None,
) -> Replay:
    """Train the run again for as many epochs as it has points, and compare each epoch's metrics.

    Args:
        root: of the project, to which the recorded paths of the data are relative.
        say: takes lines for people: what is replayed, what differs from the record, and each epoch.
        model: where the archive with the best epoch's weights goes, as the run itself left it; nothing is
            written unless given.

    Raises:
        DataError: a data file is missing, or is not the recorded one; nothing is trained then.
        ReplayError: the run has no points, its record does not say enough to train it again, or it leaves
            no model.
    """
    recorded = {point.epoch: point.metrics for point in run.points}
    if not recorded:
        raise ReplayError(f"{_standing(search, run)}: there is nothing to train again")
    say(_standing(search, run))
    train_again = _trainer(search.header, run, model)
    data = recorded_data(search.header, run, root)
    environment = _environment(search.header, root)
    for line in _told(environment):
        say(line)
    replayed: dict[int, Mapping[str, Any]] = {}
    for epoch, metrics in enumerate(train_again(data, max(recorded) + 1)):
        replayed[epoch] = metrics
        say(f"epoch {epoch}: {_compared(recorded.get(epoch, {}), metrics)}")
    return Replay(run.run_id, len(recorded), differences(recorded, replayed), environment)


def _standing(search: Search, run: Run) -> str:
    """Which run it is and how it stands, in words; one line whatever its error says."""
    count = len(run.points)
    epochs = "1 epoch" if count == 1 else f"{count or 'no'} epochs"
    status = "still RUNNING, so far" if run.status is Status.RUNNING else f"{run.status} with"
    reason = "" if run.reason is None else f" ({' '.join(run.reason.split())})"
    return f"{run.run_id}, trial {run.trial} of {search.experiment}, {status} {epochs}{reason}"


def _compared(recorded: Mapping[str, Any], replayed: Mapping[str, Any]) -> str:
    found = differences({0: recorded}, {0: replayed})
    count = sum(difference is not None for difference in found.values())
    return f"{count} of {len(found)} metrics differ" if count else "identical"


_Trainer = Callable[[Mapping[str, Dataset], int], Iterator[Mapping[str, Any]]]
"""Takes role -> data and a number of epochs, and gives the metrics of each epoch."""


def _trainer(header: SearchHeader, run: Run, model: Path | None) -> _Trainer:
    """What trains the run; what its record lacks is told here, before any data is read."""
    jobs = {"tune": _training, "train": _training, "baseline": _baseline}
    if header.job not in jobs:
        raise ReplayError(f"{run.run_id}: nothing here trains a run of job {header.job!r} again")
    try:
        return jobs[header.job](header, run, model)
    except ConfigurationError as error:
        raise ReplayError(f"{run.run_id}: this version cannot train what was recorded: {error}") from error


def _training(header: SearchHeader, run: Run, model: Path | None) -> _Trainer:
    limits = recorded_vocabulary(header, run)
    read(PipelineConfiguration, run.config.get("pipeline"), "pipeline")
    trainer = read(TrainerConfiguration, run.config.get("trainer"), "trainer")
    config = run.config
    if header.job == "tune" and trainer.cuda_device is None:
        # Ray hides the GPU from a trial that asks for none.
        config = {**config, "trainer": {**config["trainer"], "cuda_device": -1}}
    threads = header.spec.get("threads", 1)

    def train_again(data: Mapping[str, Dataset], epochs: int) -> Iterator[Mapping[str, Any]]:
        with _torch_threads(threads if is_whole(threads) and threads > 0 else 1):
            splits = EncodedSplits.of(config["pipeline"], limits, data["training"], data.get("validation"))
            pipeline, training = splits.start(config)
            for _ in range(epochs):
                yield training.epoch()
            if model is not None:
                pipeline.save(model, training.best_weights, training.best_metrics)

    return train_again


def _baseline(header: SearchHeader, run: Run, model: Path | None) -> _Trainer:
    if model is not None:
        raise ReplayError(f"{run.run_id} is a baseline: it leaves no model")
    # Imported here: scikit-learn takes a second, and other runs do without.
    from toolkit.baseline import BaselineConfiguration, train

    configuration = BaselineConfiguration.from_dict(run.config)

    def train_again(data: Mapping[str, Dataset], epochs: int) -> Iterator[Mapping[str, Any]]:
        metrics, _ = train(configuration, data["training"], data["validation"], header.labels)
        yield metrics

    return train_again


@contextmanager
def _torch_threads(count: int) -> Iterator[None]:
    """Results are equal to the last bit only at an equal number of threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _environment(header: SearchHeader, root: Path) -> dict[str, Change]:
    then = _facts(header.provenance, header.code, header.job)
    now = _facts(provenance(root), _code(header.job), header.job)
    return {name: Change(then[name], now[name]) for name in now if then[name] != now[name]}


def _facts(origin: Mapping[str, Any], code: str | None, job: str) -> dict[str, str | None]:
    """What can change numbers, from a journal's provenance or from today's."""
    versions = origin.get("versions") or {}
    libraries = ("numpy", "scikit-learn") if job == "baseline" else ("torch", "numpy")
    return {
        "code": code,
        "commit": origin.get("commit"),
        "python": origin.get("python"),
        **{name: versions.get(name) for name in libraries},
        "processor": origin.get("processor"),
    }


def _code(job: str) -> str:
    if job != "baseline":
        return code_digest()
    from toolkit.baseline import CODE

    return code_digest(CODE)


def _told(environment: Mapping[str, Change]) -> Iterator[str]:
    if not environment:
        yield "code, commit, versions and processor are those of the record"
    for name, change in environment.items():
        recorded, now = (_shown(name, value) for value in (change.recorded, change.now))
        title = "training code" if name == "code" else name
        yield f"{title}: {recorded} in the record, {now} now"


def _shown(name: str, value: str | None) -> str:
    if value is None:
        return "unknown"
    return value[:12] if name in ("code", "commit") else value
