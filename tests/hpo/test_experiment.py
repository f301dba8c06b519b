"""`TuneExperiment` in a bare `tune.run`, as a notebook calls it."""

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
from ray import tune

from tests.hpo.test_in_order import one_after_the_other
from toolkit import Dataset, Pipeline
from toolkit.errors import ConfigurationError, SearchError
from toolkit.hpo import ASHAScheduler, TuneExperiment
from toolkit.hpo.stopping_rules import Halving
from toolkit.leaderboard.keeping import final_costs, surplus
from toolkit.runs import Project, Status, find_searches

pytestmark = pytest.mark.usefixtures("ray_running")


TRAINER = {"optimizer": {"type": "adam", "lr": tune.loguniform(0.01, 0.1)}, "num_epochs": 2}


def experiment(name: str = "My first random search", **arguments: Any) -> TuneExperiment:
    train, valid = Dataset.from_csv("data/train.csv"), Dataset.from_csv("data/valid.csv")
    pooler = {"type": tune.choice(["gru", "lstm"]), "num_layers": 1, "hidden_size": 4, "bidirectional": True}
    return TuneExperiment(
        pipeline_config={
            "name": "toy",
            "features": {"word": {"embedding_dim": tune.choice([4, 8])}},
            "head": {"type": "TextClassification", "labels": list(set(train["label"])), "pooler": pooler},
        },
        train_dataset=train,
        valid_dataset=valid,
        name=name,
        **{"trainer_config": TRAINER, "num_samples": 3, "tracking": {}, **arguments},
    )


@pytest.mark.parametrize("reporter", [tune.CLIReporter, tune.JupyterNotebookReporter])
def test_a_bare_run_is_journaled_and_its_analysis_works(toy_project: Path, reporter: type) -> None:
    analysis = tune.run(
        experiment(local_dir="tune_runs"),
        scheduler=tune.schedulers.ASHAScheduler(),
        metric="validation_loss",
        mode="min",
        progress_reporter=reporter(),
    )
    (found,) = find_searches(Project.here())
    assert found.status is Status.COMPLETED
    frame = analysis.dataframe().sort_values("validation_loss")
    best = found.runs[int(frame.iloc[0]["config/trial_index"])]
    assert best.trial == found.best_trial
    assert frame.iloc[0]["validation_loss"] == best.points[-1].metrics["validation_loss"]
    assert analysis.best_config["pipeline"] == best.config["pipeline"]
    folder = Path(analysis.best_trial.path)
    assert folder.is_relative_to(toy_project / "tune_runs" / "My first random search")
    model = folder / "training" / "model.tar.gz"
    assert Pipeline.from_pretrained(model).predict(text="x Brot y")["labels"]
    kept = toy_project / "results" / "My first random search" / "model.tar.gz"
    assert kept.read_bytes() == model.read_bytes()


def test_without_local_dir_everything_lies_in_the_searchs_folder(toy_project: Path) -> None:
    analysis = tune.run(experiment(keep_models=0), metric="validation_loss", mode="min", verbose=0)
    (found,) = find_searches(Project.here())
    assert {Path(trial.path) for trial in analysis.trials} == {found.folder.trial(i) for i in range(3)}
    dropped = surplus(final_costs(found), 0)
    assert [i for i in range(3) if not found.model(i).is_file()] == sorted(found.dropped_models) == dropped


def test_ray_leaves_no_second_set_of_event_files(toy_project: Path) -> None:
    tune.run(experiment(), metric="validation_loss", mode="min", verbose=0)
    assert list(toy_project.rglob("events.out.tfevents*")) == []


def test_another_run_in_the_same_process_is_left_alone(toy_project: Path) -> None:
    experiment()  # registers the callbacks

    def trainable(config: dict[str, Any]) -> None:
        tune.report({"score": config["x"]})

    analysis = tune.run(
        trainable,
        config={"x": 1},
        storage_path=str(toy_project / "theirs"),
        verbose=0,
        metric="score",
        mode="max",
    )
    assert analysis.best_result["score"] == 1
    assert find_searches(Project.here()) == []
    assert list((toy_project / "theirs").rglob("events.out.tfevents*"))


def test_a_gpu_that_is_not_there_becomes_none_with_one_warning(toy_project: Path) -> None:
    with pytest.warns(UserWarning, match=r"asks for 0\.5 GPU, but there is none") as caught:
        made = experiment(resources_per_trial={"cpu": 1, "gpu": 0.5})
    assert len(caught) == 1
    assert made.spec["resources_per_trial"] == {"cpu": 1, "gpu": 0}


def test_a_bare_run_in_the_order_of_the_trials_shows_what_counts(toy_project: Path) -> None:
    analysis = tune.run(
        experiment(num_samples=8, trainer_config={**TRAINER, "num_epochs": 6}),
        scheduler=ASHAScheduler(max_t=6),
        metric="validation_loss",
        mode="min",
        reuse_actors=True,
        verbose=0,
    )
    (search,) = find_searches(Project.here())
    assert search.status is Status.COMPLETED
    assert Status.STOPPED in {run.status for run in search.runs.values()}
    shown = {t.config["trial_index"]: t.last_result["training_iteration"] for t in analysis.trials}
    assert shown == {trial: len(run.points) for trial, run in search.runs.items()}
    assert analysis.best_trial.config["trial_index"] in search.runs


class Falling(tune.Trainable):
    """Somebody else's trainable: a cost that falls to a level of its own."""

    def setup(self, config: dict[str, Any]) -> None:
        self.level, self.epochs = config["level"], 0

    def step(self) -> dict[str, Any]:
        self.epochs += 1
        time.sleep(random.uniform(0.05, 0.1))
        return {"cost": self.level + 1 / self.epochs, "done": self.epochs >= 9}

    def save_checkpoint(self, checkpoint_dir: str) -> None:
        (Path(checkpoint_dir) / "epochs").write_text(str(self.epochs))

    def load_checkpoint(self, checkpoint: Any) -> None:
        self.epochs = int((Path(checkpoint) / "epochs").read_text())

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        self.setup(new_config)
        return True


@pytest.mark.parametrize("reuse", [True, False])
def test_the_scheduler_serves_any_trainable(toy_project: Path, reuse: bool) -> None:
    levels = [0.5, 0.9, 0.1, 0.7, 0.2, 0.05] if reuse else [0.5, 0.9, 0.1, 0.7]
    analysis = tune.run(
        Falling,
        config={"level": tune.grid_search(levels)},
        scheduler=ASHAScheduler(max_t=9),
        metric="cost",
        mode="min",
        reuse_actors=reuse,
        storage_path=str(toy_project / "ray"),
        verbose=0,
    )
    frame = analysis.dataframe()
    got = dict(zip(frame["config/level"], frame["training_iteration"], strict=True))
    curves = [[level + 1 / epoch for epoch in range(1, 10)] for level in levels]
    wanted = one_after_the_other(curves, Halving(9))
    for level, epochs in zip(levels, wanted, strict=True):
        # It is not paused while it is not decided: what it was trained beyond that is Ray's to show.
        assert epochs <= got[level] <= 9
    # With two slots it begins when those before it have long been seen.
    assert got[levels[3]] < 9
    assert not (toy_project / "runs").exists()


def test_a_finished_search_is_shown_again_without_training(toy_project: Path) -> None:
    first = tune.run(experiment(num_samples=2), metric="validation_loss", mode="min", verbose=0)
    (found,) = find_searches(Project.here())
    points = {trial: run.points for trial, run in found.runs.items()}
    again = tune.run(
        experiment(num_samples=2), metric="validation_loss", mode="min", verbose=0, reuse_actors=True
    )
    assert again.best_config == first.best_config
    assert list(again.dataframe()["validation_loss"]) == list(first.dataframe()["validation_loss"])
    (found,) = find_searches(Project.here(), every=True)
    assert {trial: run.points for trial, run in found.runs.items()} == points
    assert found.status is Status.COMPLETED


def test_running_the_same_object_twice_is_refused(toy_project: Path) -> None:
    made = experiment(num_samples=1)
    tune.run(made, metric="validation_loss", mode="min", verbose=0)
    with pytest.raises(SearchError, match="make a new TuneExperiment"):
        tune.run(made, metric="validation_loss", mode="min", verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"metric": "loss"}, "no validation reports 'loss'"),
        ({"mode": "best"}, "mode"),
        ({"num_samples": 0}, "num_samples"),
        ({"storage_path": "x"}, "use local_dir"),
    ],
)
def test_what_cannot_be_is_refused_at_once(
    toy_project: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        experiment(**arguments)


def test_an_argument_that_nobody_takes_is_refused(toy_project: Path) -> None:
    with pytest.raises(TypeError, match="num_sample"):
        experiment(num_sample=3)


def test_patching_of_other_libraries_is_undone() -> None:
    import subprocess

    assert subprocess.list2cmdline.__name__ == "list2cmdline"
    assert os.environ["RAY_TUNE_CALLBACKS"].count("JournalCallback") == 1
