"""What somebody asks of a leaderboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Scope = Literal["best", "last"]


@dataclass(frozen=True)
class Question:
    """How to rank, and what to show of it.

    Attributes:
        metric: rank by this one instead of the metric that each search declares.
        mode: `min` or `max`; by default the declared one, or what the metric's name says.
        scope: each run by its best epoch, or by its last one.
        where: only runs of which this is true; ranks are among those.
        sort: names of columns to order by instead of the rank, `-` in front for the highest first.
        top: only so many ranked runs, and every baseline below them with its true rank.
        limit: only so many ranked runs are shown.
        unranked: only so many of those without a rank; None for all.
        columns: names of hyperparameters to have in the rows even where all runs share them; names of other
            columns say nothing here.
        force: one table for all that are ranked by one metric, whatever data and labels they have.
    """

    metric: str | None = None
    mode: str | None = None
    scope: Scope = "best"
    where: str | None = None
    sort: Sequence[str] = ()
    top: int | None = None
    limit: int | None = None
    unranked: int | None = None
    columns: Sequence[str] = ()
    force: bool = False

    @property
    def only_first(self) -> bool:
        """Whether nothing is asked but the first runs, by their best epochs."""
        plain = self.scope == "best" and self.where is None and not (self.sort or self.columns or self.force)
        return plain and self.top is not None and self.unranked == 0

    @property
    def first(self) -> int | None:
        """How many ranked runs are asked for, in their order; None for all."""
        given = [count for count in (self.top, self.limit) if count is not None]
        return min(given, default=None)
