"""Trains leaders again on fresh seeds, as searches of their own: through Ray, journaled and mirrored."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from toolkit.configuration.experiment import ExperimentFile
from toolkit.confirming.leaders import Field, Leader
from toolkit.confirming.plan import ConfirmationPlan, plan_confirmation
from toolkit.errors import SearchError
from toolkit.hpo.destination import missing, recordings
from toolkit.hpo.tune import run_search
from toolkit.leaderboard.ranking import why_unranked
from toolkit.runs import Project, Run, Search, Status


@dataclass(frozen=True)
class Retrained:
    """What became of one leader: the search that trained it again, and a run for each fresh seed."""

    leader: Leader
    search: Search
    runs: Sequence[Run]


def plan_all(field: Field, seeds: int, project: Project) -> list[tuple[ConfirmationPlan, ExperimentFile]]:
    """A search for each search that leaders come from; nothing is trained yet.

    Raises:
        DataError, ReplayError: as `plan_confirmation`.
    """
    return [
        plan_confirmation(leaders, seeds, field.table.yardstick, project.root)
        for leaders in _by_search(field.leaders)
    ]


def retrain(
    field: Field, seeds: int, project: Project, workers: int | None = None, console: Console | None = None
) -> list[Retrained]:
    """Train every leader again on so many fresh seeds; what was trained before is not trained again.

    Returns:
        In the order of the leaders. Seeds that failed are there too, with their status and reason.

    Raises:
        DataError, ReplayError: as `plan_confirmation`; nothing is trained then.
        SearchError: interrupted; the same command goes on.
        JournalError: another process trains them now.
    """
    plans = plan_all(field, seeds, project)
    found: dict[tuple[str, str], Retrained] = {}
    for leaders, (plan, file) in zip(_by_search(field.leaders), plans, strict=True):
        if console is not None:
            who = "1 leader" if len(leaders) == 1 else f"{len(leaders)} leaders"
            console.print(f"{plan.name}: search {plan.id}, {who} x {seeds} seeds")
        search = _searched(plan, file, project, workers, console)
        for place, leader in enumerate(leaders):
            runs = [search.runs[plan.trial_of(place, seed)] for seed in range(seeds)]
            found[_key(leader)] = Retrained(leader, search, runs)
    return [found[_key(leader)] for leader in field.leaders]


def _key(leader: Leader) -> tuple[str, str]:
    """An id alone does not do: the same search under two names has the same one."""
    return leader.search.experiment, leader.run.run_id


def _by_search(leaders: Sequence[Leader]) -> list[list[Leader]]:
    groups: dict[tuple[str, str], list[Leader]] = {}
    for leader in leaders:
        groups.setdefault((leader.search.experiment, leader.search.id), []).append(leader)
    return list(groups.values())


def _searched(
    plan: ConfirmationPlan,
    file: ExperimentFile,
    project: Project,
    workers: int | None,
    console: Console | None,
) -> Search:
    """The search, whole; where seeds of it failed, that is told later and for each of them."""
    # Its results are no results of the project, which git keeps: they stay with its journal.
    beside = project.search(plan.name, plan.id).path / "results"
    try:
        outcome = run_search(file, plan, project.with_folders(None, beside), workers=workers, console=console)
    except SearchError:
        search = _ended(plan, project)
        if search is None:
            raise
        return search
    return outcome.search


def _ended(plan: ConfirmationPlan, project: Project) -> Search | None:
    """The search, if all that is wrong with it are trials that failed or have no usable value."""
    earlier = recordings(plan, project)
    if not earlier or not all(trial.number in earlier[-1].runs for trial in plan.trials):
        return None
    search = earlier[-1].first(len(plan.trials))
    if any(search.runs[number].status is not Status.FAILED for number in missing(plan, search)):
        return None
    unusable = any(why_unranked(run, plan.search.metric) for run in search.runs.values())
    return search if unusable else None
