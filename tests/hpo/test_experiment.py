"""`TuneExperiment` in a bare `tune.run`, as a notebook calls it."""

import os
from pathlib import Path
from typing import Any

import pytest
from ray import tune

from toolkit import Dataset, Pipeline
from toolkit.errors import ConfigurationError, SearchError
from toolkit.hpo import TuneExperiment
from toolkit.runs import Project, Status, find_searches

pytestmark = pytest.mark.usefixtures("ray_running")


def experiment(name: str = "My first random search", **arguments: Any) -> TuneExperiment:
    train, valid = Dataset.from_csv("data/train.csv"), Dataset.from_csv("data/valid.csv")
    pooler = {"type": tune.choice(["gru", "lstm"]), "num_layers": 1, "hidden_size": 4, "bidirectional": True}
    return TuneExperiment(
        pipeline_config={
            "name": "toy",
            "features": {"word": {"embedding_dim": tune.choice([4, 8])}},
            "head": {"type": "TextClassification", "labels": list(set(train["label"])), "pooler": pooler},
        },
        trainer_config={"optimizer": {"type": "adam", "lr": tune.loguniform(0.01, 0.1)}, "num_epochs": 2},
        train_dataset=train,
        valid_dataset=valid,
        name=name,
        **{"num_samples": 3, "tracking": {}, **arguments},
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
    analysis = tune.run(experiment(), metric="validation_loss", mode="min", verbose=0)
    (found,) = find_searches(Project.here())
    assert {Path(trial.path) for trial in analysis.trials} == {found.folder.trial(i) for i in range(3)}


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
