"""What `--wandb` names: a folder with W&B's offline files, or a project of its service."""

import re
from collections.abc import Callable
from pathlib import Path

from toolkit.errors import NotFoundError
from toolkit.leaderboard.sources.source import Source
from toolkit.leaderboard.sources.wandb_folder import runs_in_folder
from toolkit.leaderboard.sources.wandb_online import runs_online
from toolkit.leaderboard.sources.wandb_searches import wandb_searches

_ONLINE = re.compile(r"[^/\\\s]+/[^/\\\s]+")


def from_wandb(
    name: str,
    metric: str | None = None,
    mode: str | None = None,
    talk: Callable[[str], None] = lambda line: None,
) -> Source:
    """The searches in a folder of that name, else in the project of that name.

    Args:
        name: a `wandb/` folder, a project's root, the folder of one run, or `ENTITY/PROJECT`.
        metric, mode: what ranks runs that no part of this package wrote.
        talk: takes lines about what is left out, and how far it has got.

    Raises:
        NotFoundError: there is no run.
        TrackerError: a file cannot be read, there is no account, or W&B does not answer.
        ConfigurationError: only runs of others are there, and nothing says what ranks them.
    """
    path = Path(name)
    if path.is_dir():
        runs = runs_in_folder(path)
    elif _ONLINE.fullmatch(name):
        runs = runs_online(name, talk)
    else:
        raise NotFoundError(f"no folder {name!r}, and a project of W&B is named ENTITY/PROJECT")
    return Source(f"wandb {name}", wandb_searches(runs, path, metric, mode, talk))
