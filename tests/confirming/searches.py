"""Finished searches with models, trained in this process: Ray takes seconds, and here it decides nothing."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.hpo.conftest import toy_rows, write_csv
from toolkit.configuration.experiment import ExperimentFile
from toolkit.configuration.yaml_text import to_yaml
from toolkit.hpo.destination import Destination, destination_of
from toolkit.hpo.experiment import trial_inputs
from toolkit.hpo.plan import SearchPlan
from toolkit.hpo.recording import Recording
from toolkit.hpo.trial_files import TrialFiles
from toolkit.hpo.tune import plan_of
from toolkit.runs import JournalWriter, Project, Search, Status, load_search

EXPERIMENT: dict[str, Any] = {
    "name": "toy",
    "data": {"train": "data/train.csv", "valid": "data/valid.csv", "test": "data/test.csv"},
    "pipeline": {
        "name": "toy",
        "features": {"word": {"embedding_dim": 4}},
        "head": {
            "type": "TextClassification",
            "pooler": {"type": "gru", "num_layers": 1, "hidden_size": 4, "bidirectional": False},
        },
    },
    "trainer": {
        "optimizer": {"type": "adam", "lr": {"grid": [0.05, 0.02, 0.005]}},
        "num_epochs": 2,
    },
    "vocabulary": {"max_vocab_size": {"word": 500}},
    "search": {"seed": 1, "scheduler": {"type": "fifo"}},
    "tracking": {},
}


def write_project(root: Path, **changes: Any) -> ExperimentFile:
    """A project with data and an experiment file for three trials."""
    for number, (split, count) in enumerate({"train": 60, "valid": 45, "test": 30}.items(), start=1):
        write_csv(root / "data" / f"{split}.csv", toy_rows(count, seed=number))
    file = ExperimentFile(**{**EXPERIMENT, **changes})
    (root / "experiments").mkdir(exist_ok=True)
    path = root / "experiments" / f"{file.name}.yaml"
    path.write_text(to_yaml({**EXPERIMENT, **changes}), encoding="utf-8")
    return file


def searched(file: ExperimentFile, project: Project, keep_models: int | None = None) -> Search:
    """The search of an experiment file, with as many models as are kept."""
    plan = plan_of(file, project.root)
    destination = destination_of(plan, project, file.tracking, keep_models=keep_models)
    with JournalWriter(destination.folder) as journal:
        train_here(plan, destination, journal, range(len(plan.trials)))
    return load_search(destination.folder)


def train_here(
    plan: SearchPlan,
    destination: Destination,
    journal: JournalWriter,
    numbers: Iterable[int],
    *_: Any,
) -> Recording:
    """Stands in for `toolkit.hpo.tune._search`: the trials one after the other, and the end."""
    recording, inputs = Recording(plan, destination, journal), trial_inputs(plan)
    for number in numbers:
        recording.trial_began(number)
        pipeline, training = inputs.texts[inputs.keys[number]].start(inputs.configs[number])
        while not training.finished:
            metrics = training.epoch()
            epoch = training.epochs_done - 1
            if training.improved:
                model = TrialFiles(destination.trials, number).epoch_model(epoch)
                pipeline.save(model, training.best_weights, training.best_metrics)
            point = {"epoch": epoch, "step": training.step, "metrics": metrics, "seconds": 0.1}
            recording.reported(number, {**point, "last": True} if training.finished else point)
        recording.trial_ended(number, Status.COMPLETED)
        recording.trial_gone(number)
    recording.finish()
    return recording
