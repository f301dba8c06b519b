"""Where a search is recorded: the folder in which it goes on, or a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.configuration.experiment import KEEP_MODELS
from toolkit.hpo.plan import SearchPlan
from toolkit.runs import Project, Search, SearchFolder, Status, load_search
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import file_name
from toolkit.runs.status import ENDED_WELL


@dataclass(frozen=True)
class Destination:
    """Where a search is recorded and mirrored to."""

    project: Project
    folder: SearchFolder
    tracking: Mapping[str, Mapping[str, Any]]
    trials: Path
    """Folder of the trials: that of the search, or below the user's `local_dir`."""
    keep_models: int | None = KEEP_MODELS
    """How many trials' models are kept, see `toolkit.leaderboard.keeping`; None for all of them."""

    @property
    def search_id(self) -> str:
        return self.folder.path.name


def destination_of(
    plan: SearchPlan,
    project: Project,
    tracking: Mapping[str, Mapping[str, Any]],
    local_dir: str | Path | None = None,
    *,
    again: bool = False,
    keep_models: int | None = KEEP_MODELS,
) -> Destination:
    """The folder of the search's newest recording, where it goes on; a new one where there is none.

    Args:
        local_dir: keeps the trials' files, below the experiment's name; the search's folder unless given.
            A recording that goes on has its trials where they are.
        again: a new folder in any case, that of the search's next repetition.
        keep_models: how many trials' models are kept; None for all of them.
    """
    earlier = recordings(plan, project)
    if earlier and not again:
        found = earlier[-1]
        trials = found.folder.path / found.header.trials
        return Destination(project, found.folder, tracking, trials, keep_models)
    folder, repetition = project.search(plan.name, plan.id), 1
    while has_begun(folder):
        repetition += 1
        folder = project.search(plan.name, f"{plan.id}r{repetition}")
    if local_dir is None:
        return Destination(project, folder, tracking, folder.trials, keep_models)
    own = Path(local_dir).absolute() / file_name(plan.name) / folder.path.name
    return Destination(project, folder, tracking, SearchFolder(own).trials, keep_models)


def recordings(plan: SearchPlan, project: Project) -> list[Search]:
    """The recordings of this very search, oldest first."""
    folders = [SearchFolder(path) for path in project.searches_of(plan.name).glob(f"{plan.id}*")]
    searches = [load_search(folder) for folder in folders if has_begun(folder)]
    return sorted(searches, key=lambda search: (search.started, search.id))


def missing(plan: SearchPlan, search: Search) -> list[int]:
    """The planned trials that have not ended well yet."""
    ended = {trial for trial, run in search.runs.items() if run.status in ENDED_WELL}
    return [trial.number for trial in plan.trials if trial.number not in ended]


def is_finished(plan: SearchPlan, search: Search) -> bool:
    """Whether nothing is left to train; more trials than planned do no harm."""
    return search.status is Status.COMPLETED and not missing(plan, search)
