"""An experiment file's search from its data to its results: what `toolkit tune` does."""

import logging
import os
import shlex
from contextlib import nullcontext
from pathlib import Path

from ray import tune
from rich.console import Console

from toolkit.configuration.experiment import ExperimentFile
from toolkit.data import Dataset
from toolkit.errors import SearchError
from toolkit.hpo.experiment import TuneExperiment
from toolkit.hpo.plan import SearchPlan, plan_search
from toolkit.hpo.progress import Progress
from toolkit.hpo.recording import destination_of
from toolkit.hpo.schedulers import make_scheduler
from toolkit.hpo.session import ray_session
from toolkit.leaderboard import export
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.runs import JournalWriter, Project, Search, SearchFolder, Status, load_search
from toolkit.runs.journal import has_begun, is_being_written, owner
from toolkit.runs.layout import check_name
from toolkit.trackers.mirror import unmirrored
from toolkit.trackers.registry import check_tracking
from toolkit.trackers.waiting import wait_for_mirror


def plan_of(experiment: ExperimentFile, root: Path) -> SearchPlan:
    """Read the experiment's data and plan its search; see `plan_search` for what is refused."""
    check_name(experiment.name)
    check_tracking(experiment.tracking)
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
) -> SearchOutcome:
    """Search, unless this very search is finished already, and write its results.

    Args:
        workers: trials that train at the same time; as many as there are cores unless given.
        again: search anew even if it is finished.
        console: where live progress goes; silent without one.

    Raises:
        SearchError: interrupted, failed, or no usable result; nothing is written to the results then.
        JournalError: another process runs this search now.
    """
    project.results_of(plan.name).mkdir(parents=True, exist_ok=True)  # told now, not after the training
    finished = [search for search in _earlier(plan, project) if _is_finished(search, plan)]
    if finished and not again:
        return _exported_again(finished[-1], project)
    destination = destination_of(plan, project, experiment.tracking)
    # Held from now on: whoever starts the same search while Ray starts is told that it runs already.
    with JournalWriter(destination.folder) as journal, ray_session(workers):
        tuned = TuneExperiment.of_plan(plan, destination, journal)
        with nullcontext() if console is None else Progress(destination.folder, len(plan.trials), console):
            _tune(tuned)
    return _outcome(tuned, console)


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


def _outcome(tuned: TuneExperiment, console: Console | None) -> SearchOutcome:
    recording = tuned.recording
    assert recording is not None  # `tune.run` sets the callbacks up before its first trial
    folder = tuned.destination.folder
    wait_for_mirror(recording.follower, _silent if console is None else console.print)
    if recording.problem is not None:
        raise SearchError(
            f"{recording.problem}. No results were written; "
            f"`toolkit compare {shlex.quote(str(folder.path))}` shows what there is"
        )
    return SearchOutcome(load_search(folder), recording.results, True, unmirrored(folder))


def _silent(line: str) -> None:
    pass


def _earlier(plan: SearchPlan, project: Project) -> list[Search]:
    """The recordings of this very search, oldest first, unfinished ones closed as interrupted."""
    folders = [SearchFolder(path) for path in project.searches_of(plan.name).glob(f"{plan.id}*")]
    searches = [_closed(folder) for folder in folders if has_begun(folder)]
    return sorted(searches, key=lambda search: search.started)


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


def _exported_again(search: Search, project: Project) -> SearchOutcome:
    results = export(search, project.results_of(search.experiment))
    return SearchOutcome(search, results, False, unmirrored(search.folder))
