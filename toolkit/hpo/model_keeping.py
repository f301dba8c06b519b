"""Which trials' models may be dropped while their search runs; the rule is `toolkit.leaderboard.keeping`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.leaderboard.keeping import surplus
from toolkit.leaderboard.ranking import is_usable


class ModelKeeping:
    """Knows what the trials of a search reported, and which of them have ended for good.

    Args:
        keep: how many models are kept; None for all of them.
    """

    def __init__(self, metric: str, mode: str, keep: int | None) -> None:
        self._metric, self._sign, self._keep = metric, 1.0 if mode == "min" else -1.0, keep
        self._costs: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self._final: dict[int, float | None] = {}
        self._dealt_with: set[int] = set()
        self._told: set[int] = set()

    def reported(self, number: int, epoch: int, metrics: Mapping[str, Any]) -> None:
        """An epoch of a trial; what is provisional may be withdrawn until the trial has ended."""
        value = metrics.get(self._metric)
        if is_usable(value):
            self._costs[number][epoch] = self._sign * value

    def withdrawn(self, number: int, first: int) -> None:
        """The trial's epochs from `first` on do not count."""
        kept = {epoch: cost for epoch, cost in self._costs[number].items() if epoch < first}
        self._costs[number] = kept

    def dropped(self, numbers: Iterable[int]) -> None:
        """The journal says already that the models of these trials were dropped."""
        self._told.update(numbers)

    def to_be_told(self, number: int) -> bool:
        """Whether the journal does not say yet that the trial's model goes; asked once it is to say so."""
        if number in self._told:
            return False
        self._told.add(number)
        return True

    def ended(self, number: int) -> None:
        """A trial has ended for good."""
        self._final[number] = min(self._costs[number].values(), default=None)

    def may_go(self) -> list[int]:
        """The trials whose models may go now, each named once."""
        if self._keep is None:
            return []
        found = [other for other in surplus(self._final, self._keep) if other not in self._dealt_with]
        self._dealt_with.update(found)
        return found
