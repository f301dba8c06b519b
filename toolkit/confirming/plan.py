"""The search that trains leaders again on fresh seeds: planned before it starts, as any search is.

One for each search that leaders come from, for those share training data and vocabulary. Its trials go
through the leaders seed by seed, so more seeds go on with the same search.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.configuration import PipelineConfiguration, TrainerConfiguration
from toolkit.configuration.experiment import (
    DataFiles,
    ExperimentFile,
    SchedulerConfiguration,
    SearchConfiguration,
)
from toolkit.configuration.schema import read
from toolkit.confirming.leaders import Leader
from toolkit.errors import ConfigurationError, ReplayError
from toolkit.hpo.plan import PlannedTrial, SearchPlan, text_key
from toolkit.leaderboard.comparable import Yardstick
from toolkit.leaderboard.results import without_repetition
from toolkit.recorded import recorded_data, recorded_vocabulary

SEED_PATH = "trainer.random_seed"


@dataclass(frozen=True, kw_only=True)
class ConfirmationPlan(SearchPlan):
    """A search over leaders and seeds; `trial_of` says which trial is which."""

    confirms: tuple[dict[str, Any], ...]
    """Of each leader its run id, that of a repetition as the first one had it, and its epochs."""

    @property
    def identity(self) -> dict[str, Any]:
        """What the id is made of: the leaders, whose run ids say configuration, data and code; not how many
        seeds.
        """
        return {**super().identity, "searcher": "fresh seeds", "confirms": list(self.confirms)}

    def trial_of(self, leader: int, seed: int) -> int:
        """The number of the trial that trains the leader with its fresh seed, both counted from 0."""
        return seed * len(self.confirms) + leader


def confirmation_name(experiment: str) -> str:
    """The experiment under which the leaders of another one are trained again."""
    return f"{experiment}-confirm"


def plan_confirmation(
    leaders: Sequence[Leader], seeds: int, yardstick: Yardstick, root: Path
) -> tuple[ConfirmationPlan, ExperimentFile]:
    """The plan for leaders of one search, and the experiment file that would ask for it.

    Each is trained as long as `Leader.epochs` says, without a scheduler, and ranked as the leaderboard ranks.

    Args:
        seeds: fresh ones for each leader.
        root: of the project.

    Raises:
        DataError: a data file is missing, or is not the recorded one.
        ReplayError: the record does not suffice to train a leader again.
    """
    source = leaders[0].search
    data = recorded_data(source.header, leaders[0].run, root)
    configuration = {name: source.header.spec.get(name, {}) for name in ("pipeline", "trainer")}
    search = SearchConfiguration(
        metric=yardstick.metric,
        mode=yardstick.mode,
        num_samples=len(leaders) * seeds,
        seed=0 if source.header.seed is None else source.header.seed,
        scheduler=SchedulerConfiguration(type="fifo"),
    )
    try:
        vocabulary = recorded_vocabulary(source.header, leaders[0].run)
        file = ExperimentFile(
            name=confirmation_name(source.experiment),
            data=DataFiles(train=str(data["training"].path), valid=str(data["validation"].path)),
            vocabulary=vocabulary.to_dict(),
            search=search,
            tracking=source.header.tracking,
            keep_models="all",  # each of them predicts
            **configuration,
        )
        trials = [
            _trial(leader, seed, seed * len(leaders) + place, yardstick)
            for seed in range(seeds)
            for place, leader in enumerate(leaders)
        ]
    except ConfigurationError as error:
        raise ReplayError(
            f"{leaders[0].name}: this version cannot train what was recorded: {error}"
        ) from error
    plan = ConfirmationPlan(
        name=file.name,
        configuration=configuration,
        vocabulary=vocabulary,
        search=search,
        train=data["training"],
        valid=data["validation"],
        labels=tuple(source.header.labels),
        trials=tuple(trials),
        confirms=tuple(_identity(leader) for leader in leaders),
    )
    return plan, file


def _identity(leader: Leader) -> dict[str, Any]:
    plain = without_repetition(leader.search)
    return {"run": plain.runs[leader.run.trial].run_id, "epochs": leader.epochs}


def _trial(leader: Leader, seed: int, number: int, yardstick: Yardstick) -> PlannedTrial:
    random_seed = fresh_seed(leader.search.header.seed, leader.run.trial, seed)
    sign = "-" if yardstick.mode == "min" else "+"
    trainer = {
        **leader.run.config["trainer"],
        "num_epochs": leader.epochs,
        "validation_metric": f"{sign}{yardstick.metric}",
        "random_seed": random_seed,
    }
    pipeline = leader.run.config["pipeline"]
    read(PipelineConfiguration, pipeline, "pipeline")
    read(TrainerConfiguration, trainer, "trainer")
    params = {**leader.run.params, SEED_PATH: random_seed}
    return PlannedTrial(number, params, {"pipeline": pipeline, "trainer": trainer}, text_key(pipeline))


def fresh_seed(search_seed: int | None, trial: int, number: int) -> int:
    """The seed of a leader's n-th new training, below 2**32: a function of these three and nothing else."""
    digest = hashlib.sha256(f"{search_seed}/{trial}/confirm/{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
