"""An experiment file's search from its data to its results: what `toolkit tune` does."""

import logging
import os
import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from ray import tune
from ray.tune import TuneError
from ray.tune.schedulers import TrialScheduler
from rich.console import Console

from toolkit.configuration.experiment import ExperimentFile, models_to_keep
from toolkit.data import Dataset
from toolkit.errors import SearchError
from toolkit.hpo.destination import Destination, destination_of, is_finished, missing, recordings
from toolkit.hpo.experiment import TuneExperiment
from toolkit.hpo.in_order_scheduler import InOrderScheduler
from toolkit.hpo.interrupting import gentle_interrupt, termination_interrupts
from toolkit.hpo.journaling import is_for_want_of_space, no_space
from toolkit.hpo.plan import SearchPlan, plan_search
from toolkit.hpo.progress import Progress
from toolkit.hpo.recording import Recording
from toolkit.hpo.schedulers import make_scheduler
from toolkit.hpo.session import ray_session
from toolkit.leaderboard import export
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.runs import JournalWriter, Project, Search, load_search
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import check_name
from toolkit.trackers.mirror import unmirrored
from toolkit.trackers.registry import check_tracking
from toolkit.trackers.waiting import wait_for_mirror

# With Ray's own handler of Ctrl-C an interrupted search looks like a finished one; its newer output prints
# tables on stdout even at verbosity 0.
_QUIET = {"TUNE_DISABLE_SIGINT_HANDLER": "1", "RAY_AIR_NEW_OUTPUT": "0"}


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
    """Search, or go on with this very search, unless it is finished; and write its results.

    Args:
        workers: trials that train at the same time; as many as there are cores unless given.
        again: search anew even if it is finished.
        console: where live progress goes; silent without one.

    Raises:
        SearchError: interrupted, failed, or no usable result; nothing is written to the results then.
        JournalError: another process runs this search now.
    """
    project.results_of(plan.name).mkdir(parents=True, exist_ok=True)  # told now, not after the training
    earlier = recordings(plan, project)
    if earlier and is_finished(plan, earlier[-1]) and not again:
        return _exported_again(plan, earlier[-1], project)
    destination = destination_of(
        plan,
        project,
        experiment.tracking,
        again=again,
        keep_models=models_to_keep(experiment.keep_models),
    )
    # Held from now on: whoever starts the same search while Ray starts is told that it runs already.
    with JournalWriter(destination.folder) as journal:
        begun = has_begun(destination.folder)
        numbers = missing(plan, load_search(destination.folder)) if begun else _numbers(plan)
        if begun and console is not None:
            ended = len(plan.trials) - len(numbers)
            console.print(f"going on: {ended} of {len(plan.trials)} trials have ended before")
        recording = _search(plan, destination, journal, numbers, workers, console)
    return _outcome(plan, recording, console, again)


def _numbers(plan: SearchPlan) -> list[int]:
    return [trial.number for trial in plan.trials]


def _search(
    plan: SearchPlan,
    destination: Destination,
    journal: JournalWriter,
    numbers: list[int],
    workers: int | None,
    console: Console | None,
) -> Recording:
    """Train what is missing, and close the journal."""
    scheduler = make_scheduler(plan.search.scheduler, plan.max_epochs)
    if not numbers:  # only the end was not written any more
        decider = scheduler if isinstance(scheduler, InOrderScheduler) else None
        recording = Recording(plan, destination, journal, decider)
        recording.finish()
        return recording
    asked = threading.Event()
    with gentle_interrupt(asked), ray_session(workers), termination_interrupts(), _quiet_ray():
        tuned = TuneExperiment.of_plan(plan, destination, journal, numbers, asked)
        with nullcontext() if console is None else Progress(destination.folder, len(plan.trials), console):
            _tune(tuned, scheduler)
    if tuned.recording is None:  # interrupted before the first trial
        raise SearchError("interrupted before the search began; the same command begins it again")
    return tuned.recording


def _tune(tuned: TuneExperiment, scheduler: TrialScheduler) -> None:
    """Run the trials; whatever happens, the journal is closed with a truthful end."""
    try:
        tune.run(
            tuned,
            scheduler=scheduler,
            metric=tuned.plan.search.metric,
            mode=tuned.plan.search.mode,
            reuse_actors=True,  # a new worker costs more than a short trial
            verbose=0,
            raise_on_failed_trial=False,
        )
    except KeyboardInterrupt:
        pass  # told by the recording, which was cut short
    except (OSError, TuneError) as error:
        if tuned.recording is None or not is_for_want_of_space(error):
            raise
        tuned.recording.broke_off(no_space())
    finally:
        if tuned.recording is not None:
            tuned.recording.finish()


@contextmanager
def _quiet_ray() -> Iterator[None]:
    """Within the block Ray neither handles Ctrl-C nor prints; afterwards as before."""
    logger = logging.getLogger("ray.tune")
    level, environment = logger.level, {name: os.environ.get(name) for name in _QUIET}
    os.environ.update(_QUIET)
    # Why a trial failed is in the journal and told at the end; Ray would print its traceback.
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
        for name, value in environment.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _outcome(plan: SearchPlan, recording: Recording, console: Console | None, again: bool) -> SearchOutcome:
    folder = recording.destination.folder
    wait_for_mirror(recording.follower, _silent if console is None else console.print)
    if recording.problem is not None:
        command = "the same command without --again" if again else "the same command"
        goes_on = f"{command} goes on from here, " if recording.goes_on else ""
        raise SearchError(
            f"{recording.problem}. No results were written; {goes_on}"
            f"`toolkit compare {shlex.quote(str(folder.path))}` shows what there is"
        )
    search = load_search(folder).first(len(plan.trials))
    return SearchOutcome(search, recording.results, True, unmirrored(folder))


def _silent(line: str) -> None:
    pass


def _exported_again(plan: SearchPlan, search: Search, project: Project) -> SearchOutcome:
    planned = search.first(len(plan.trials))
    results = export(planned, project.results_of(search.experiment))
    return SearchOutcome(planned, results, False, unmirrored(search.folder))
