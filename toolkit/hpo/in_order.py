"""Stopping decisions in the order of the trials' numbers, whatever the order in which they report.

The decision about trial i at a rung looks at trials 0 .. i - 1 only, and is made once each of them is
resolved there: it has reached the rung, or will never do so. This is what one worker that trains trial
after trial would decide, so any number of workers, in any order, decides the same.

Pure bookkeeping: knows neither Ray nor journals.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from toolkit.hpo.stopping_rules import Costs, StoppingRule


@dataclass(frozen=True)
class Decision:
    """A trial goes on beyond a rung (an epoch, counted from 1), or ends there."""

    trial: int
    rung: int
    goes_on: bool


class InOrder:
    """What the trials of a search have cost so far, and what was decided about them.

    Trials are numbered from 0, epochs counted from 1. A trial may be trained beyond a rung at which it is not
    decided yet; what it reports there counts only once it was told to go on (`counting`).
    """

    def __init__(self, rule: StoppingRule) -> None:
        self.rule, self._rungs = rule, rule.rungs
        self._costs: defaultdict[int, list[float]] = defaultdict(list)
        self._over: set[int] = set()
        self._silent: set[int] = set()
        self._passed: defaultdict[int, int] = defaultdict(int)
        self._stopped: dict[int, int] = {}
        # For each rung: how many trials, from 0 on, are resolved there; the costs of those that reached it.
        self._resolved = [0] * len(self._rungs)
        self._reached: list[list[list[float]]] = [[] for _ in self._rungs]
        self._news: list[Decision] = []

    def report(self, trial: int, epoch: int, cost: float, *, last: bool = False) -> None:
        """Take the cost of an epoch; one that was reported before changes nothing.

        Args:
            last: the trial ends with this epoch by itself, so nothing is decided about it there.

        Raises:
            ValueError: the epoch before it was not reported.
        """
        costs = self._costs[trial]
        if epoch > len(costs) + 1:
            raise ValueError(f"trial {trial} reports epoch {epoch} after epoch {len(costs)}")
        if epoch == len(costs) + 1:
            costs.append(cost)
        if last:
            self._over.add(trial)
        self._settle()

    def finish(self, trial: int) -> None:
        """The trial reports no more; at a rung that it has reached it is still decided about."""
        self._silent.add(trial)
        self._settle()

    def stopped_at(self, trial: int) -> int | None:
        """The rung at which the trial has to end; None when it was not told to."""
        return self._stopped.get(trial)

    def decided(self, trial: int) -> bool:
        """Whether a decision was made at every rung that the trial has reached."""
        return trial in self._stopped or self._passed[trial] >= self._due(trial)

    def counting(self, trial: int) -> int | None:
        """Epochs beyond this one do not count, or not yet; None when there is no such limit."""
        if trial in self._stopped:
            return self._stopped[trial]
        passed = self._passed[trial]
        return self._rungs[passed] if passed < len(self._rungs) else None

    def counts(self, trial: int, epoch: int) -> bool:
        limit = self.counting(trial)
        return limit is None or epoch <= limit

    def choose(self, waiting: Collection[int]) -> int | None:
        """The trial that a free worker should take: None where none waits.

        The lowest of those that were told to go on; else the lowest that has not begun; else, on the chance
        that it may go on later, the lowest that is not decided.
        """
        ready, fresh, hopeful = self._sorted_out(waiting)
        return next((min(trials) for trials in (ready, fresh, hopeful) if trials), None)

    def has_work(self, waiting: Collection[int]) -> bool:
        """Whether one of these trials can be trained with the certainty that it counts."""
        ready, fresh, _ = self._sorted_out(waiting)
        return bool(ready or fresh)

    def _sorted_out(self, waiting: Collection[int]) -> tuple[list[int], list[int], list[int]]:
        """Those that may go on, those that have not begun, those that are not decided."""
        begun = [trial for trial in waiting if self._costs[trial] and trial not in self._stopped]
        ready = [trial for trial in begun if self.decided(trial)]
        return (
            ready,
            [trial for trial in waiting if not self._costs[trial]],
            [trial for trial in begun if not self.decided(trial)],
        )

    def take_decisions(self) -> list[Decision]:
        """The decisions since the last call, in the order in which they were made."""
        news, self._news = self._news, []
        return news

    def _due(self, trial: int) -> int:
        """At how many rungs the trial has to be decided by now."""
        epochs = len(self._costs[trial])
        return sum(rung < epochs or (rung == epochs and trial not in self._over) for rung in self._rungs)

    def _settle(self) -> None:
        for place in range(len(self._rungs)):
            while self._resolve(self._resolved[place], place):
                self._resolved[place] += 1

    def _resolve(self, trial: int, place: int) -> bool:
        """Deal with a trial at a rung where all before it are resolved; whether it is resolved too.

        At the rung before they are resolved as well, so this trial was told there already whether it goes on.
        """
        if trial in self._stopped:
            return True
        rung, epochs = self._rungs[place], len(self._costs[trial])
        if epochs < rung:
            return trial in self._over or trial in self._silent
        self._decide(trial, place)
        return True

    def _decide(self, trial: int, place: int) -> None:
        rung = self._rungs[place]
        costs, reached = self._costs[trial][:rung], self._reached[place]
        if place < self._due(trial):
            stops = self.rule.stops(costs, reached)
            if stops:
                self._stopped[trial] = rung
            else:
                self._passed[trial] += 1
            self._news.append(Decision(trial, rung, not stops))
        reached.append(costs)


def ended_elsewhere(rule: StoppingRule, trials: Mapping[int, tuple[Costs, bool]]) -> list[int]:
    """The trials of a whole search that a single worker would have let end elsewhere.

    Args:
        trials: number -> the costs of the epochs that count, and whether the rule ended the trial there.
    """
    before: list[Costs] = []
    wrong = []
    for trial, (costs, stopped) in sorted(trials.items()):
        if _where_it_ends(rule, costs, stopped, before) != len(costs):
            wrong.append(trial)
        before.append(costs)
    return wrong


def _where_it_ends(rule: StoppingRule, costs: Costs, stopped: bool, before: Sequence[Costs]) -> int | None:
    """The epoch after which the trial ends by the rule; None where it goes on beyond its costs."""
    epochs = len(costs)
    for rung in rule.rungs:
        if rung > epochs or (rung == epochs and not stopped):
            break
        if rule.stops(costs[:rung], [other[:rung] for other in before if len(other) >= rung]):
            return rung
    return None if stopped else epochs
