"""The searches that runs of W&B make up, ours and others."""

from collections.abc import Callable, Sequence
from pathlib import Path

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.sources.wandb_foreign import foreign_searches
from toolkit.leaderboard.sources.wandb_mirrored import is_mirrored, mirrored_searches
from toolkit.leaderboard.sources.wandb_run import WandbRun
from toolkit.runs import Search


def wandb_searches(
    runs: Sequence[WandbRun],
    place: Path,
    metric: str | None,
    mode: str | None,
    talk: Callable[[str], None] = lambda line: None,
) -> list[Search]:
    """Searches of ours first; of runs that we did not write one search a project.

    Args:
        place: folder that the searches are said to lie in.
        metric, mode: what ranks the runs that we did not write.
        talk: takes the line that says why those are left out, where there are some of ours.

    Raises:
        ConfigurationError: there are only runs that we did not write, and nothing says what ranks them.
    """
    ours = mirrored_searches([run for run in runs if is_mirrored(run)], place)
    try:
        theirs = foreign_searches([run for run in runs if not is_mirrored(run)], place, metric, mode)
    except ConfigurationError as error:
        if not ours:
            raise
        talk(f"Left out: {error}")
        theirs = []
    return [*ours, *theirs]
