"""`TuneExperiment`: a search as Ray's `tune.run` takes it, journaled and mirrored without further ado."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ray import tune
from ray.tune.experiment import Trial

from toolkit.configuration import VocabularyConfiguration
from toolkit.configuration.experiment import ALL_TRACKERS, SearchConfiguration
from toolkit.data import Dataset
from toolkit.errors import ConfigurationError
from toolkit.hpo.journaling import SPEC_KEY
from toolkit.hpo.plan import SearchPlan, plan_search
from toolkit.hpo.ray_spaces import TRIAL_INDEX, from_ray, to_ray
from toolkit.hpo.recording import Destination, Recording, destination_of
from toolkit.hpo.session import available_resources, ensure_ray
from toolkit.hpo.trainable import TrialInputs, TrialTrainable
from toolkit.pipeline import EncodedSplits
from toolkit.runs import JournalWriter, Project
from toolkit.runs.layout import check_name, trial_name
from toolkit.trackers.registry import check_tracking


class TuneExperiment(tune.Experiment):
    """A search over the spaces inside a pipeline and a trainer configuration.

    Give it to `tune.run(experiment, scheduler=..., metric=..., mode=..., reuse_actors=True)`. Every
    epoch goes to the journal `runs/<name>/<search id>/journal.jsonl`, from there to the trackers, and
    at the end the leaderboard and the best model to `results/<name>/`.

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
        **experiment_arguments: what else `tune.Experiment` takes (`stop`, `time_budget_s`,
            `max_failures`, ...).

    Raises:
        ConfigurationError: a configuration, a space or a metric that cannot be.
        DataError: the validation data does not fit the training data.
    """

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
        tracking = ALL_TRACKERS if tracking is None else tracking
        check_name(name)
        check_tracking(tracking)
        destination = destination_of(plan, Project.here(), tracking, local_dir)
        self._prepare(plan, destination, resources_per_trial or {}, **experiment_arguments)

    @classmethod
    def of_plan(
        cls, plan: SearchPlan, destination: Destination, journal: JournalWriter | None = None
    ) -> "TuneExperiment":
        """The experiment of a plan that was made elsewhere, such as from an experiment file.

        Args:
            journal: of the destination, where it is open already.
        """
        experiment = cls.__new__(cls)
        experiment._prepare(plan, destination, plan.search.resources_per_trial, journal=journal)
        return experiment

    def _prepare(
        self,
        plan: SearchPlan,
        destination: Destination,
        resources: Mapping[str, float],
        *,
        journal: JournalWriter | None = None,
        **experiment_arguments: Any,
    ) -> None:
        if "storage_path" in experiment_arguments:
            raise ConfigurationError("storage_path is not taken here: use local_dir")
        ensure_ray()  # before the data is handed over: without Ray it would be pickled into the class
        self.plan = plan
        self.name = plan.name
        self.destination = destination
        self.recording: Recording | None = None
        self._journal = journal
        resources = available_resources(resources)
        inputs = trial_inputs(plan)
        super().__init__(
            self.destination.trials.name,
            tune.with_parameters(TrialTrainable, inputs=inputs),
            config=to_ray([trial.config for trial in plan.trials]),
            num_samples=1,  # the grid over the trials' numbers holds all of them
            storage_path=str(self.destination.trials.parent),
            resources_per_trial=resources,
            trial_name_creator=_trial_name,
            trial_dirname_creator=_trial_name,
            **experiment_arguments,
        )

    @property
    def public_spec(self) -> dict[str, Any]:
        """What Ray shows to schedulers and callbacks; ours find the experiment in it."""
        return {**super().public_spec, SPEC_KEY: self}

    def begin_recording(self) -> Recording:
        """Called by our callback when `tune.run` starts."""
        self.recording = Recording.begin(self.plan, self.destination, self._journal)
        return self.recording


def _trial_name(trial: Trial) -> str:
    return trial_name(trial.config[TRIAL_INDEX])


def trial_inputs(plan: SearchPlan) -> TrialInputs:
    """Encode the data once for each distinct text configuration among the trials."""
    texts: dict[str, EncodedSplits] = {}
    for trial in plan.trials:
        if trial.text not in texts:
            pipeline = trial.config["pipeline"]
            texts[trial.text] = EncodedSplits.of(pipeline, plan.vocabulary, plan.train, plan.valid)
    return TrialInputs(
        texts=texts,
        keys=tuple(trial.text for trial in plan.trials),
        configs=tuple(trial.config for trial in plan.trials),
    )
