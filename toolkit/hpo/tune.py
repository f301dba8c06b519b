"""An experiment file's search from its data to its results: what `toolkit tune` does."""

import logging
import os
import subprocess
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ray import tune
from rich.console import Console

from toolkit.configuration.experiment import ExperimentFile
from toolkit.data import Dataset
from toolkit.errors import SearchError
from toolkit.hpo.experiment import TuneExperiment
from toolkit.hpo.plan import SearchPlan, plan_search
from toolkit.hpo.progress import Progress
from toolkit.hpo.recording import check_trackers
from toolkit.hpo.schedulers import make_scheduler
from toolkit.hpo.session import ray_session
from toolkit.leaderboard.export import export
from toolkit.runs import JournalWriter, Project, Search, SearchFolder, Status, load_search
from toolkit.runs.journal import is_being_written, owner
from toolkit.trackers.mirror import unmirrored

_MIRROR_SECONDS = 60.0


@dataclass(frozen=True)
class Outcome:
    """What a call of `run_search` came to.

    Attributes:
        search: as its journal tells it.
        results: name -> path of the result files.
        trained: False when the search was finished before and only its results were written again.
        unmirrored: tracker -> points that it does not have yet.
    """

    search: Search
    results: dict[str, Path]
    trained: bool
    unmirrored: dict[str, int] = field(default_factory=dict)


def plan_of(experiment: ExperimentFile, root: Path) -> SearchPlan:
    """Read the experiment's data and plan its search; see `plan_search` for what is refused."""
    check_trackers(experiment.tracking)
    data = experiment.data
    return plan_search(
        name=experiment.name,
        pipeline=experiment.pipeline,
        trainer=experiment.trainer,
        vocabulary=experiment.vocabulary,
        search=experiment.search,
        train=Dataset.from_csv(root / data.train),
        valid=Dataset.from_csv(root / data.valid),
    )


def run_search(
    experiment: ExperimentFile,
    plan: SearchPlan,
    project: Project,
    *,
    workers: int | None = None,
    again: bool = False,
    console: Console | None = None,
) -> Outcome:
    """Search, unless this very search is finished already, and write its results.

    Args:
        workers: trials that train at the same time; as many as there are cores unless given.
        again: search anew even if it is finished.
        console: where live progress goes; silent without one.

    Raises:
        SearchError: interrupted, failed, or no usable result; nothing is written to the results then.
        JournalError: another process runs this search now.
    """
    earlier = _earlier(plan, project)
    if earlier is not None and not again and _is_finished(earlier, plan):
        return _exported_again(earlier, project)
    with ray_session(workers):
        tuned = TuneExperiment.of_plan(plan, project, experiment.tracking)
        folder = tuned.destination.folder
        with nullcontext() if console is None else Progress(folder, len(plan.trials), console):
            _tune(tuned)
    return _outcome(tuned)


def _tune(tuned: TuneExperiment) -> None:
    """Run the trials; whatever happens, the journal is closed with a truthful end."""
    try:
        _run_trials(tuned.plan, tuned)
    except KeyboardInterrupt:
        pass  # told by the recording, which was cut short
    finally:
        if tuned.recording is not None:
            tuned.recording.finish()


def _run_trials(plan: SearchPlan, tuned: TuneExperiment) -> None:
    # With Ray's own handler an interrupted search looks like a finished one.
    os.environ["TUNE_DISABLE_SIGINT_HANDLER"] = "1"
    # Why a trial failed is in the journal and told at the end; Ray would print its traceback.
    logging.getLogger("ray.tune").setLevel(logging.CRITICAL)
    # Ray's newer output prints its tables on stdout even at verbosity 0.
    os.environ["RAY_AIR_NEW_OUTPUT"] = "0"
    tune.run(
        tuned,
        scheduler=make_scheduler(plan.search.scheduler, plan.max_epochs),
        metric=plan.search.metric,
        mode=plan.search.mode,
        reuse_actors=True,  # a new worker costs more than a short trial
        verbose=0,
        raise_on_failed_trial=False,
    )


def _outcome(tuned: TuneExperiment) -> Outcome:
    recording = tuned.recording
    assert recording is not None  # `tune.run` sets the callbacks up before its first trial
    folder = tuned.destination.folder
    if recording.follower is not None:
        _wait(recording.follower)
    if recording.problem is not None:
        raise SearchError(
            f"{recording.problem}. No results were written; "
            f"`toolkit compare {folder.path}` shows what there is"
        )
    return Outcome(load_search(folder), recording.results, True, unmirrored(folder))


def _wait(follower: subprocess.Popen[bytes]) -> None:
    """Let the mirror finish; where it takes too long, what is left is told by its count."""
    with suppress(subprocess.TimeoutExpired):
        follower.wait(_MIRROR_SECONDS)


def _earlier(plan: SearchPlan, project: Project) -> Search | None:
    """The newest recording of this very search, its unfinished ones closed as interrupted."""
    folders = [
        SearchFolder(path.parent) for path in project.searches_of(plan.name).glob(f"{plan.id}*/journal.jsonl")
    ]
    searches = [_closed(folder) for folder in folders]
    return max(searches, key=lambda search: search.started, default=None)


def _closed(folder: SearchFolder) -> Search:
    """The search, with a truthful end where its process died without writing one.

    Raises:
        SearchError: its process is still at it.
    """
    search = load_search(folder)
    if search.status is not Status.RUNNING:
        return search
    if is_being_written(folder):
        raise SearchError(f"this search runs already, in {owner(folder)}: wait for it to end, or stop it")
    with JournalWriter(folder) as journal:
        for run in search.runs.values():
            if run.status is Status.RUNNING:
                journal.append("end", run.trial, status=Status.INTERRUPTED, reason="its process died")
        journal.append("end", status=Status.INTERRUPTED)
    return load_search(folder)


def _is_finished(search: Search, plan: SearchPlan) -> bool:
    return search.status is Status.COMPLETED and search.header.num_trials == len(plan.trials)


def _exported_again(search: Search, project: Project) -> Outcome:
    results = export(search, project.results_of(search.experiment))
    return Outcome(search, results, False, unmirrored(search.folder))
