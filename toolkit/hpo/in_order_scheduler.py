"""Ray schedulers whose decisions do not depend on which report arrives first; see `toolkit.hpo.in_order`.

A trial that is not decided yet is paused, and its worker takes another one; where there is no other, the
trial is trained on, on the chance that it may.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ray.tune.experiment import Trial
from ray.tune.schedulers import FIFOScheduler, TrialScheduler

from toolkit.errors import ConfigurationError
from toolkit.hpo.in_order import InOrder, ended_elsewhere
from toolkit.hpo.journaling import SPEC_KEY
from toolkit.hpo.ray_spaces import TRIAL_INDEX
from toolkit.hpo.stopping_rules import Halving, MedianStopping, StoppingRule
from toolkit.runs import Run, Search, Status

if TYPE_CHECKING:
    from toolkit.hpo.experiment import TuneExperiment


class InOrderScheduler(FIFOScheduler):
    """Stops trials by a rule, each held against the trials with lower numbers only.

    Trials of a `TuneExperiment` are paused while they are not decided and others can be trained; those of
    other trainables, which may not be able to be paused, are trained on meanwhile.

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
        self.rule, self.max_t = rule, max_t
        self._metric, self._mode, self._time_attr = metric, mode, time_attr
        self._forget()

    def _forget(self) -> None:
        self.order = InOrder(self.rule)
        self._numbers: dict[str, int] = {}
        self._ours = False

    def set_search_properties(self, metric: str | None, mode: str | None, **spec: Any) -> bool:
        """Called by Ray when a search begins.

        Raises:
            ConfigurationError: it ranks by another metric than the `TuneExperiment` that it runs.
        """
        self._forget()
        self._metric, self._mode = self._metric or metric, self._mode or mode
        if self._metric is None or self._mode not in ("min", "max"):
            return False
        experiment: TuneExperiment | None = spec.get(SPEC_KEY)
        if experiment is not None:
            self._check_metric(experiment)
            self._ours = True
            experiment.scheduler = self
            for run in experiment.ended_runs():
                self._remember(run)
        return True

    def _check_metric(self, experiment: "TuneExperiment") -> None:
        search = experiment.plan.search
        if (self._metric, self._mode) != (search.metric, search.mode):
            raise ConfigurationError(
                f"tune.run ranks by {self._metric} ({self._mode}), the TuneExperiment by {search.metric} "
                f"({search.mode}): give both the same"
            )

    @property
    def description(self) -> dict[str, Any]:
        """The rule with its settings, as it stands in a journal."""
        return {"type": type(self.rule).__name__, **vars(self.rule)}

    def ended_elsewhere(self, search: Search) -> list[int]:
        """The trials of a whole search that this scheduler would have let end elsewhere."""
        metric, mode = search.header.metric, search.header.mode
        return ended_elsewhere(
            self.rule,
            {
                run.trial: (
                    [cost_of(point.metrics, metric, mode) for point in run.points],
                    stopped_by_rule(run, self.max_t),
                )
                for run in search.runs.values()
            },
        )

    def on_trial_add(self, tune_controller: Any, trial: Trial) -> None:
        self._numbers.setdefault(trial.trial_id, trial.config.get(TRIAL_INDEX, len(self._numbers)))

    def on_trial_result(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> str:
        number, last = self._number(trial), result[self._time_attr] >= self.max_t
        self._report(trial, result, last=last)
        if last or self.order.stopped_at(number) is not None:
            return TrialScheduler.STOP
        if self.order.decided(number) or not self._ours or not self._has_other_work(tune_controller):
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
        itself = not stopped_by_rule(run, self.max_t)
        for point in run.points:
            last = itself and point is run.points[-1]
            self.order.report(run.trial, point.epoch + 1, self._cost(point.metrics), last=last)
        self.order.finish(run.trial)

    def _cost(self, metrics: Mapping[str, Any]) -> float:
        assert self._metric is not None and self._mode is not None  # Ray asked `set_search_properties` first
        return cost_of(metrics, self._metric, self._mode)

    def _number(self, trial: Trial) -> int:
        return self._numbers[trial.trial_id]

    def _has_other_work(self, tune_controller: Any) -> bool:
        """Whether a worker that lets go of this trial would find a surer one to take."""
        return self.order.has_work({self._number(other) for other in _waiting(tune_controller)})


def cost_of(metrics: Mapping[str, Any], metric: str, mode: str) -> float:
    """The metric turned so that less is better; NaN where it is not reported."""
    value = float(metrics.get(metric, math.nan))
    return value if mode == "min" else -value


def stopped_by_rule(run: Run, max_t: int) -> bool:
    """Whether a rule ended the run at a rung, rather than its own configuration, `max_t` or Ray."""
    return run.status is Status.STOPPED and run.rung is not None and run.rung < max_t


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
