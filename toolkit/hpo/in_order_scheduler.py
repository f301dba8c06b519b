"""Ray schedulers whose decisions do not depend on which report arrives first; see `toolkit.hpo.in_order`.

A trial that is not decided yet is paused, and its worker takes another one; where there is no other, the
trial is trained on, on the chance that it may.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ray.tune.experiment import Trial
from ray.tune.schedulers import FIFOScheduler, TrialScheduler

from toolkit.hpo.in_order import InOrder
from toolkit.hpo.journaling import SPEC_KEY
from toolkit.hpo.ray_spaces import TRIAL_INDEX
from toolkit.hpo.stopping_rules import Halving, MedianStopping, StoppingRule
from toolkit.runs import Run, Search, Status

if TYPE_CHECKING:
    from toolkit.hpo.experiment import TuneExperiment


class InOrderScheduler(FIFOScheduler):
    """Stops trials by a rule, each held against the trials with lower numbers only.

    Args:
        rule: when a trial does too badly.
        max_t: a trial that reached so many epochs ends.
        metric, mode: what the rule looks at; those of `tune.run` unless given.
        time_attr: the key of a result that counts epochs from 1.
    """

    _supports_buffered_results = False

    def __init__(
        self, rule: StoppingRule, max_t: int, metric: str | None, mode: str | None, time_attr: str
    ) -> None:
        super().__init__()
        self.order = InOrder(rule)
        self._max_t, self._metric, self._mode, self._time_attr = max_t, metric, mode, time_attr
        self._numbers: dict[str, int] = {}

    def set_search_properties(self, metric: str | None, mode: str | None, **spec: Any) -> bool:
        self._metric, self._mode = self._metric or metric, self._mode or mode
        if self._metric is None or self._mode not in ("min", "max"):
            return False
        experiment: TuneExperiment | None = spec.get(SPEC_KEY)
        if experiment is not None:
            experiment.scheduler = self
            for run in experiment.ended_runs():
                self._remember(run)
        return True

    def disagreements(self, search: Search) -> list[int]:
        """The trials of a search that has ended which ended elsewhere than they should have.

        There are none, unless a trial was not to be had when others were decided: it failed, and went well
        when it was tried again.
        """
        fresh = InOrderScheduler(self.order.rule, self._max_t, self._metric, self._mode, self._time_attr)
        for run in search.runs.values():
            fresh._remember(run)
        return sorted(
            run.trial
            for run in search.runs.values()
            if fresh.order.stopped_at(run.trial) != (run.rung if run.status is Status.STOPPED else None)
            and not (run.rung is not None and run.rung >= self._max_t)
        )

    def on_trial_add(self, tune_controller: Any, trial: Trial) -> None:
        self._numbers.setdefault(trial.trial_id, trial.config.get(TRIAL_INDEX, len(self._numbers)))

    def on_trial_result(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> str:
        number, last = self._number(trial), result[self._time_attr] >= self._max_t
        self._report(trial, result, last=last)
        if last or self.order.stopped_at(number) is not None:
            return TrialScheduler.STOP
        if self.order.decided(number) or not self._has_other_work(tune_controller):
            return TrialScheduler.CONTINUE
        return TrialScheduler.PAUSE

    def on_trial_complete(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> None:
        # Ray does not show a scheduler the last result of a trial that ends by itself before this.
        if self._metric is not None and self._metric in result:
            self._report(trial, result, last=True)
        else:
            self.order.finish(self._number(trial))

    def on_trial_error(self, tune_controller: Any, trial: Trial) -> None:
        if not trial.should_recover():  # else Ray trains it again
            self.order.finish(self._number(trial))

    def choose_trial_to_run(self, tune_controller: Any) -> Trial | None:
        waiting = {self._number(trial): trial for trial in _waiting(tune_controller)}
        for number in sorted(waiting):
            if self.order.stopped_at(number) is not None:
                tune_controller.stop_trial(waiting.pop(number))
        chosen = self.order.choose(waiting)
        return None if chosen is None else waiting[chosen]

    def debug_string(self) -> str:
        return f"{type(self).__name__}: decides in the order of {len(self._numbers)} trials"

    def _report(self, trial: Trial, result: dict[str, Any], *, last: bool) -> None:
        epoch = int(result[self._time_attr])
        self.order.report(self._number(trial), epoch, self._cost(result), last=last)

    def _remember(self, run: Run) -> None:
        """Take in a run that ended before this process began."""
        for point in run.points:
            self.order.report(run.trial, point.epoch + 1, self._cost(point.metrics))
        if run.status is not Status.STOPPED or len(run.points) >= self._max_t:
            self.order.finish(run.trial)

    def _cost(self, metrics: Mapping[str, Any]) -> float:
        assert self._metric is not None  # Ray asked `set_search_properties` first
        value = float(metrics.get(self._metric, math.nan))
        return value if self._mode == "min" else -value

    def _number(self, trial: Trial) -> int:
        return self._numbers[trial.trial_id]

    def _has_other_work(self, tune_controller: Any) -> bool:
        """Whether a worker that lets go of this trial would find a surer one to take."""
        return self.order.has_work({self._number(other) for other in _waiting(tune_controller)})


class ASHAScheduler(InOrderScheduler):
    """ASHA that decides the same whenever it is run: the twin of Ray's `ASHAScheduler`.

    Args:
        metric, mode: what ranks trials; those of `tune.run` unless given.
        max_t: most epochs of a trial.
        grace_period: no trial is stopped before this epoch.
        reduction_factor: one in so many trials goes on at each rung.
        time_attr: the key of a result that counts epochs from 1.
    """

    def __init__(
        self,
        metric: str | None = None,
        mode: str | None = None,
        max_t: int = 100,
        grace_period: int = 1,
        reduction_factor: float = 4,
        time_attr: str = "training_iteration",
    ) -> None:
        rule = Halving(max_t, grace_period, reduction_factor)
        super().__init__(rule, max_t, metric, mode, time_attr)


class MedianStoppingRule(InOrderScheduler):
    """The median stopping rule that decides the same whenever it is run.

    Args:
        metric, mode: what ranks trials; those of `tune.run` unless given.
        max_t: most epochs of a trial.
        grace_period: no trial is stopped before this epoch.
        min_samples: no trial is stopped while fewer earlier ones got as far.
        time_attr: the key of a result that counts epochs from 1.
    """

    def __init__(
        self,
        metric: str | None = None,
        mode: str | None = None,
        max_t: int = 100,
        grace_period: int = 1,
        min_samples: int = 3,
        time_attr: str = "training_iteration",
    ) -> None:
        rule = MedianStopping(max_t, grace_period, min_samples)
        super().__init__(rule, max_t, metric, mode, time_attr)


def _waiting(tune_controller: Any) -> list[Trial]:
    """The trials that have no worker, and none that is being made ready for them."""
    live = tune_controller.get_live_trials()
    return [
        trial
        for trial in live
        if trial.status in (Trial.PENDING, Trial.PAUSED) and not _is_starting(tune_controller, trial)
    ]


def _is_starting(tune_controller: Any, trial: Trial) -> bool:
    """Whether a live worker is being made ready for the trial.

    Ray would give a trial that is chosen just then a second worker and kill the first, again and again.
    What it knows of that is in private attributes only.
    """
    controller = tune_controller._tune_controller
    actor = controller._trial_to_actor.get(trial)
    if actor is None:
        return False
    return trial in controller._resetting_trials or controller._actor_manager.is_actor_started(actor)
