"""`TuneExperiment`: a search as Ray's `tune.run` takes it, journaled and mirrored without further ado."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ray import tune
from ray.tune import CheckpointConfig
from ray.tune.experiment import Trial

from toolkit.configuration import VocabularyConfiguration
from toolkit.configuration.experiment import (
    ALL_TRACKERS,
    SearchConfiguration,
    models_to_keep,
)
from toolkit.data import Dataset
from toolkit.errors import ConfigurationError, SearchError
from toolkit.hpo.destination import Destination, destination_of
from toolkit.hpo.in_order import InOrder
from toolkit.hpo.in_order_scheduler import InOrderScheduler
from toolkit.hpo.journaling import SPEC_KEY
from toolkit.hpo.plan import SearchPlan, plan_search
from toolkit.hpo.ray_spaces import TRIAL_INDEX, from_ray, to_ray
from toolkit.hpo.recording import Recording
from toolkit.hpo.session import available_resources, ensure_ray
from toolkit.hpo.trainable import Past, TrialInputs, TrialTrainable
from toolkit.pipeline import EncodedSplits
from toolkit.runs import JournalWriter, Project, Run, load_search
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import check_name, trial_name
from toolkit.runs.status import ENDED_WELL
from toolkit.trackers.registry import check_tracking


class TuneExperiment(tune.Experiment):
    """A search over the spaces inside a pipeline and a trainer configuration.

    Give it to `tune.run(experiment, scheduler=..., metric=..., mode=..., reuse_actors=True)`. Every
    epoch goes to the journal `runs/<name>/<search id>/journal.jsonl`, from there to the trackers, and
    at the end the leaderboard and the best model to `results/<name>/`. The same search a second time goes
    on from its journal: what was trained is shown to Ray again, not trained again.

    Args:
        pipeline_config: configuration of the pipeline; any value may be a search space, of Ray
            (`tune.choice([32, 64])`) or as in an experiment file (`{"choice": [32, 64]}`).
        trainer_config: configuration of the training, likewise.
        train_dataset: trained on.
        valid_dataset: ranks the trials.
        name: shared by MLflow's experiment, W&B's project and Ray.
        num_samples: trials, times the cells of the grids.
        local_dir: folder for the trials' files (`<local_dir>/<name>/<search id>/trials/<nnnnn>/`);
            the search's own folder unless given. The journal stays at the project's root.
        resources_per_trial: `cpu` and `gpu`, fractions allowed; a GPU that is not there becomes 0.
        vocab_config: limits of the vocabulary, which is made from the training data.
        metric, mode: what ranks the trials; give `tune.run` the same.
        seed: everything random derives from it; trial i is the same trial whatever `num_samples` is.
        tracking: tracker -> options; MLflow, W&B (offline without an account) and TensorBoard unless
            given, none with `{}`.
        again: search anew, in a journal of its own, even if this search has begun or is finished.
        keep_models: how many of the best trials keep their models, from 0; the best one always does. All
            of them unless given, for an analysis may ask for a trial that is the best by something else.
        **experiment_arguments: what else `tune.Experiment` takes (`stop`, `time_budget_s`,
            `max_failures`, ...); `tune.run` leaves a `max_failures` of its own aside.

    Raises:
        ConfigurationError: a configuration, a space or a metric that cannot be.
        DataError: the validation data does not fit the training data.
    """

    tells_problems: bool
    """Whether a search that leaves no results is told by a warning; a caller may tell it otherwise."""

    def __init__(
        self,
        pipeline_config: Mapping[str, Any],
        trainer_config: Mapping[str, Any],
        train_dataset: Dataset,
        valid_dataset: Dataset,
        name: str,
        *,
        num_samples: int = 1,
        local_dir: str | Path | None = None,
        resources_per_trial: Mapping[str, float] | None = None,
        vocab_config: VocabularyConfiguration | Mapping[str, Any] | None = None,
        metric: str = "validation_loss",
        mode: str = "min",
        seed: int = 42,
        tracking: Mapping[str, Mapping[str, Any]] | None = None,
        again: bool = False,
        keep_models: int | str = "all",
        **experiment_arguments: Any,
    ) -> None:
        plan = plan_search(
            name=name,
            pipeline=from_ray(pipeline_config, "pipeline"),
            trainer=from_ray(trainer_config, "trainer"),
            vocabulary=vocab_config or {},
            search=SearchConfiguration(metric=metric, mode=mode, num_samples=num_samples, seed=seed),
            train=train_dataset,
            valid=valid_dataset,
        )
        plan = replace(plan, scheduled_by_caller=True)
        self.tells_problems = True
        tracking = ALL_TRACKERS if tracking is None else tracking
        check_name(name)
        check_tracking(tracking)
        destination = destination_of(
            plan,
            Project.here(),
            tracking,
            local_dir,
            again=again,
            keep_models=models_to_keep(keep_models),
        )
        self._prepare(plan, destination, resources_per_trial or {}, **experiment_arguments)

    @classmethod
    def of_plan(
        cls,
        plan: SearchPlan,
        destination: Destination,
        journal: JournalWriter | None = None,
        numbers: Sequence[int] | None = None,
        stop_asked: threading.Event | None = None,
    ) -> "TuneExperiment":
        """The experiment of a plan that was made elsewhere, such as from an experiment file.

        Args:
            journal: of the destination, where it is open already.
            numbers: of the trials that Ray shall see; all of them unless given.
            stop_asked: once it is set, the search ends when the epochs under way are trained.
        """
        experiment = cls.__new__(cls)
        experiment.tells_problems = False
        experiment._prepare(
            plan, destination, plan.search.resources_per_trial, journal=journal, numbers=numbers
        )
        if stop_asked is not None:
            experiment.stop_asked = stop_asked
        return experiment

    def _prepare(
        self,
        plan: SearchPlan,
        destination: Destination,
        resources: Mapping[str, float],
        *,
        journal: JournalWriter | None = None,
        numbers: Sequence[int] | None = None,
        **experiment_arguments: Any,
    ) -> None:
        if "storage_path" in experiment_arguments:
            raise ConfigurationError("storage_path is not taken here: use local_dir")
        ensure_ray()  # before the data is handed over: without Ray it would be pickled into the class
        self.plan = plan
        self.name = plan.name
        self.destination = destination
        self.recording: Recording | None = None
        self.scheduler: InOrderScheduler | None = None
        self.stop_asked = threading.Event()
        self._journal = journal
        self._earlier = runs_before(destination)
        resources = available_resources(resources)
        inputs = trial_inputs(plan, self._earlier)
        super().__init__(
            self.destination.trials.name,
            tune.with_parameters(TrialTrainable, inputs=inputs),
            config=to_ray([trial.config for trial in plan.trials], numbers),
            num_samples=1,  # the grid over the trials' numbers holds all of them
            storage_path=str(self.destination.trials.parent),
            resources_per_trial=resources,
            trial_name_creator=_trial_name,
            trial_dirname_creator=_trial_name,
            **{"checkpoint_config": CheckpointConfig(num_to_keep=1), **experiment_arguments},
        )

    @property
    def public_spec(self) -> dict[str, Any]:
        """What Ray shows to schedulers and callbacks; ours find the experiment in it."""
        return {**super().public_spec, SPEC_KEY: self}

    def begin_recording(self) -> Recording:
        """Called by our callback when `tune.run` starts.

        Raises:
            SearchError: this object was run before, or the search was begun under another scheduler.
        """
        if self.recording is not None:
            raise SearchError("this search was run already: make a new TuneExperiment to go on with it")
        self.recording = Recording(self.plan, self.destination, self._journal, self.scheduler)
        return self.recording

    @property
    def order(self) -> InOrder | None:
        """What decides in the order of the trials; None where another scheduler does."""
        return None if self.scheduler is None else self.scheduler.order

    def ended_runs(self) -> list[Run]:
        """The trials that ended well before this process began, for a scheduler that decides in order."""
        return [run for run in self._earlier.values() if run.status in ENDED_WELL]


def _trial_name(trial: Trial) -> str:
    return trial_name(trial.config[TRIAL_INDEX])


def runs_before(destination: Destination) -> dict[int, Run]:
    """Trial number -> what the journal has of it, where the search has begun already."""
    folder = destination.folder
    return load_search(folder).runs if has_begun(folder) else {}


def trial_inputs(plan: SearchPlan, earlier: Mapping[int, Run] | None = None) -> TrialInputs:
    """Encode the data once for each distinct text configuration among the trials.

    Args:
        earlier: trial number -> what was trained of it before.
    """
    texts: dict[str, EncodedSplits] = {}
    for trial in plan.trials:
        if trial.text not in texts:
            pipeline = trial.config["pipeline"]
            texts[trial.text] = EncodedSplits.of(pipeline, plan.vocabulary, plan.train, plan.valid)
    return TrialInputs(
        texts=texts,
        keys=tuple(trial.text for trial in plan.trials),
        configs=tuple(trial.config for trial in plan.trials),
        past={
            number: Past(tuple(run.known), run.status in ENDED_WELL)
            for number, run in (earlier or {}).items()
        },
    )
