"""Which searches a leaderboard is asked for, and from where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """What to rank, and from where.

    Attributes:
        addresses: searches by experiment's name, `name@id-prefix`, or folder of journals; all when empty.
        every: older searches of an experiment too, of those sources that have several.
        metric, mode: what ranks results of plain Ray Tune and runs of others in W&B.
        journals: whether this project's own are asked.
        results: this folder of results instead of the journals.
        projects: roots of other projects whose journals are asked.
        wandb: folders, or `ENTITY/PROJECT`.
        mlflow: addresses of MLflow stores; one that is asked alone, without anything else, is ranked alone.
        revisions: commits whose results are asked.
        talk: takes lines for people: what cannot be read, what is left out.
        progress: takes lines while a server is asked, each in place of the one before.
    """

    addresses: Sequence[str] = ()
    every: bool = False
    metric: str | None = None
    mode: str | None = None
    journals: bool = True
    results: Path | None = None
    projects: Sequence[Path] = ()
    wandb: Sequence[str] = ()
    mlflow: Sequence[str] = ()
    revisions: Sequence[str] = ()
    talk: Callable[[str], None] = lambda line: None
    progress: Callable[[str], None] = lambda line: None

    @property
    def only_journals(self) -> bool:
        """Whether nothing but this project's journals is asked."""
        others = (self.projects, self.wandb, self.mlflow, self.revisions)
        return self.journals and self.results is None and not any(others)

    @property
    def only_stores(self) -> bool:
        """Whether MLflow stores are named and nothing else is: those may be large, and are ranked alone."""
        others = (self.addresses, self.projects, self.wandb, self.revisions)
        return bool(self.mlflow) and self.results is None and not any(others)
