"""The callback through which a search of ours, and only ours, gets its journal.

Ray makes one of these for every `tune.run` of the process, because the environment variable
RAY_TUNE_CALLBACKS names the class. It learns its search through the experiment's `public_spec`; other
people's runs have none, and it stays inert.
"""

import errno
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ray.tune import Callback
from ray.tune.experiment import Trial
from ray.tune.logger import TBXLoggerCallback

from toolkit.errors import JournalError
from toolkit.hpo.in_order import Decision
from toolkit.hpo.population import refuse_changing_parameters, scheduler_in_charge
from toolkit.hpo.ray_spaces import TRIAL_INDEX
from toolkit.hpo.recording import Recording, by_scheduler
from toolkit.hpo.trainable import REPORT
from toolkit.runs import Status

if TYPE_CHECKING:
    from toolkit.hpo.experiment import TuneExperiment

SPEC_KEY = "toolkit_experiment"
"""Key of `public_spec` under which callbacks find our experiment."""

_NO_SPACE = os.strerror(errno.ENOSPC)
_DIED = "its worker process has died"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def register() -> None:
    """Have Ray make these callbacks for every run of this process."""
    ours = [f"{__name__}.{cls.__name__}" for cls in (JournalCallback, EventFilesOfOthers)]
    named = [name for name in os.environ.get("RAY_TUNE_CALLBACKS", "").split(",") if name.strip()]
    os.environ["RAY_TUNE_CALLBACKS"] = ",".join(dict.fromkeys([*named, *ours]))


class JournalCallback(Callback):
    """Writes what the trials report into the search's journal and returns at once."""

    def __init__(self) -> None:
        self._journal: _TrialJournal | None = None

    def setup(self, *args: Any, **info: Any) -> None:
        experiment: TuneExperiment | None = info.get(SPEC_KEY)
        if experiment is not None:
            refuse_changing_parameters(scheduler_in_charge())
            self._journal = _TrialJournal(experiment, experiment.begin_recording())

    def on_trial_start(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        if self._journal is not None:
            with self._journal.unless_broken():
                self._journal.began(trial)

    def on_trial_result(
        self, iteration: int, trials: list[Trial], trial: Trial, result: dict[str, Any], **info: Any
    ) -> None:
        if self._journal is not None:
            with self._journal.unless_broken():
                self._journal.reported(trial, result)
                self._journal.decided(trials)

    def on_trial_complete(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        if self._journal is not None:
            with self._journal.unless_broken():
                self._journal.decided(trials)
                self._journal.completed(trial)

    def on_trial_error(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        if self._journal is not None:
            with self._journal.unless_broken():
                self._journal.decided(trials)
                self._journal.failed(trial)

    def on_step_end(self, iteration: int, trials: list[Trial], **info: Any) -> None:
        if self._journal is not None:
            self._journal.stop_if_asked(trials)

    def on_experiment_end(self, trials: list[Trial], **info: Any) -> None:
        if self._journal is not None:
            self._journal.finish()


class _TrialJournal:
    """From what Ray says of its trials to what the recording writes down."""

    def __init__(self, experiment: "TuneExperiment", recording: Recording) -> None:
        self.recording = recording
        self._experiment = experiment
        self._awaited: set[str] | None = None
        # Trial -> its last result that counts, and what it reported beyond.
        self._results: dict[int, list[dict[str, Any]]] = {}

    @contextmanager
    def unless_broken(self) -> Iterator[None]:
        """A journal that cannot be written ends the search at once, as Ctrl-C does.

        Ray would wrap the error into one of its own; the recording tells it at the end.
        """
        try:
            yield
        except JournalError as error:
            self.finish()
            raise KeyboardInterrupt from error

    def finish(self) -> None:
        """Close the journal; a search without results is told here where nobody else does."""
        self.recording.finish()
        if self.recording.problem is not None and self._experiment.tells_problems:
            warnings.warn(f"{self.recording.problem}. No results were written", UserWarning, stacklevel=2)

    def began(self, trial: Trial) -> None:
        self.recording.trial_began(_number(trial))

    def reported(self, trial: Trial, result: dict[str, Any]) -> None:
        number, order = _number(trial), self._experiment.order
        counts = order is None or order.counts(number, result[REPORT]["epoch"] + 1)
        self.recording.reported(number, point_of(result), provisional=not counts)
        self._no_longer_awaited(trial)
        if order is None:
            return
        if counts:
            self._results[number] = [dict(result)]
        elif not self.recording.has_ended(number):
            self._results[number] = [*self._results.get(number, []), dict(result)]
        else:  # it was stopped while this epoch was trained on the chance: Ray shall show what counts
            result.update(self._results[number][-1], done=True)

    def decided(self, trials: list[Trial]) -> None:
        """Record what the scheduler has decided since it was last asked."""
        order = self._experiment.order
        if order is None:
            return
        for decision in order.take_decisions():
            number = decision.trial
            if decision.goes_on:
                limit, settled = order.counting(number), order.decided(number)
                self.recording.accepted(number, limit, settled=settled)
            else:
                self.recording.stopped(number, decision.rung)
                self._show_only_what_counts(decision, trials)

    def _show_only_what_counts(self, decision: Decision, trials: list[Trial]) -> None:
        """Have Ray's analysis show the trial as it was at the rung, not as it was trained beyond."""
        results = self._results.get(decision.trial, [])
        counting = [result for result in results if result[REPORT]["epoch"] < decision.rung]
        if 0 < len(counting) < len(results):
            trial = next(trial for trial in trials if _number(trial) == decision.trial)
            trial.update_last_result(dict(counting[-1]))
        self._results[decision.trial] = counting

    def completed(self, trial: Trial) -> None:
        """Record how a trial ended that no worker serves any more."""
        number, report, order = _number(trial), trial.last_result.get(REPORT, {}), self._experiment.order
        self._no_longer_awaited(trial)
        if not self.recording.has_ended(number):
            held = order is not None and not order.decided(number)
            if report.get("finished"):
                self.recording.trial_ended(number, Status.COMPLETED, held=held)
            else:
                ended = self._how_it_ended(report["epoch"] + 1 if report else 0)
                self.recording.trial_ended(number, Status.STOPPED, held=held, **ended)
        self.recording.trial_gone(number)

    def _how_it_ended(self, epochs: int) -> dict[str, Any]:
        """Of a trial that ended after so many epochs, neither by itself nor by a decision in order."""
        scheduler = self._experiment.scheduler
        if scheduler is None or epochs >= scheduler.max_t:
            return {"rung": epochs, "reason": by_scheduler(epochs)}
        return {"reason": f"ended by tune.run at epoch {epochs}"}

    def failed(self, trial: Trial) -> None:
        """Record that a trial failed; where it is not decided yet whether it had to be trained so far, later.

        Raises:
            JournalError: for want of disk: then the search stops instead, and the trial goes on later.
        """
        number, error, order = _number(trial), error_text(trial), self._experiment.order
        self._no_longer_awaited(trial)
        if is_for_want_of_space(error):
            self.recording.broke_off(no_space())
            raise no_space()
        held = order is not None and not order.decided(number)
        self.recording.trial_ended(number, Status.FAILED, held=held, reason=reason_of(error), error=error)
        self.recording.trial_gone(number)

    def stop_if_asked(self, trials: list[Trial]) -> None:
        """End the search once each trial that ran when that was asked for has reported its epoch.

        Raises:
            KeyboardInterrupt: now is the time.
        """
        if not self._experiment.stop_asked.is_set():
            return
        if self._awaited is None:
            self._awaited = {trial.trial_id for trial in trials if trial.status == Trial.RUNNING}
        if not self._awaited:
            raise KeyboardInterrupt

    def _no_longer_awaited(self, trial: Trial) -> None:
        if self._awaited is not None:
            self._awaited.discard(trial.trial_id)


def is_for_want_of_space(error: object) -> bool:
    """Whether an error, or the text that is left of it, comes from a full disk."""
    return _NO_SPACE in str(error)


def no_space() -> JournalError:
    """What is told when the disk under a search is full."""
    return JournalError(
        f"{_NO_SPACE}: free some and start the same command again, the search goes on from where it was"
    )


def point_of(result: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps of a result: exactly what the trial reported, nothing of Ray's own."""
    report = result[REPORT]
    metrics = {name: result[name] for name in report["metrics"]}
    point = {key: report[key] for key in ("epoch", "step", "seconds")} | {"metrics": metrics}
    return point | {"last": True} if report["finished"] else point


def error_text(trial: Trial) -> str:
    """What Ray wrote down when the trial failed: the traceback of the worker, without colours."""
    # The driver's own copy: the one in storage is not there yet.
    path = trial.error_file
    text = Path(path).read_text(encoding="utf-8") if path is not None else ""
    return _COLOUR.sub("", text).strip() or "the trial's process died"


def reason_of(error: str) -> str:
    """The error's last line; of a worker that was killed, what Ray takes a paragraph to say."""
    last = error.splitlines()[-1]
    return "its worker process died: killed, out of memory, or crashed" if _DIED in last else last


def _number(trial: Trial) -> int:
    return trial.config[TRIAL_INDEX]


class EventFilesOfOthers(TBXLoggerCallback):
    """Ray's TensorBoard logger, except for our trials: the mirror writes theirs.

    Ray adds a logger of its own where it sees none of this class.
    """

    _ours = False

    def setup(self, *args: Any, **info: Any) -> None:
        self._ours = SPEC_KEY in info
        super().setup(*args, **info)

    def log_trial_start(self, trial: Trial) -> None:
        if not self._ours:
            super().log_trial_start(trial)

    def log_trial_result(self, iteration: int, trial: Trial, result: dict[str, Any]) -> None:
        if not self._ours:
            super().log_trial_result(iteration, trial, result)

    def log_trial_end(self, trial: Trial, failed: bool = False) -> None:
        if not self._ours:
            super().log_trial_end(trial, failed)
