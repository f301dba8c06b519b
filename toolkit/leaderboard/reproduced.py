"""Whether what lies in `results/` is what git has committed: the answer to "was the search reproduced?".

Three answers: every byte is the same; the same trials stand in the same order, with the same statuses and
numbers of epochs, and only last digits are not the same; anything else, with what differs.
"""

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from toolkit.errors import NotFoundError
from toolkit.leaderboard.difference import Difference, Weight
from toolkit.leaderboard.file_differences import file_differences
from toolkit.leaderboard.locked import lock_changes, read_lock, timed_experiments
from toolkit.leaderboard.result_files import LOCK, RESULTS, ResultFile, result_files
from toolkit.runs import Project, Revision

Verdict = Literal["identical", "same ranking", "different"]


@dataclass(frozen=True)
class Reproduction:
    """How the results of now stand to those of a revision.

    Attributes:
        revision: whose results they were held against.
        files: the results that were looked at.
        differences: what matters most first.
        digests: paths of which `dvc.lock` has other digests, as follows from their other bytes.
        timed: experiments whose trials ended otherwise, and whose scheduler decides by timing.
    """

    revision: Revision
    files: Sequence[ResultFile]
    differences: Sequence[Difference] = ()
    digests: Sequence[str] = ()
    timed: Sequence[str] = ()

    @property
    def verdict(self) -> Verdict:
        if not self.differences and not self.digests:
            return "identical"
        small = all(difference.weight is Weight.LAST_DIGITS for difference in self.differences)
        return "same ranking" if small else "different"

    @property
    def committed(self) -> int:
        """How many of the files the revision has."""
        return sum(file.state != "new" for file in self.files)

    @property
    def largest_relative_difference(self) -> float | None:
        """Of two numbers, where the ranking is the same; None where no number differs, or much does."""
        found = [difference.relative for difference in self.differences if difference.relative is not None]
        return max(found, default=None) if self.verdict == "same ranking" else None


def verify(project: Project, experiments: Collection[str] = (), against: str = "HEAD") -> Reproduction:
    """Hold the project's results, and its `dvc.lock`, against those that a revision has.

    Args:
        project: its results may lie elsewhere than in `results/`; `dvc.lock` tells nothing of those.
        experiments: folders of results to look at, and their stages in `dvc.lock`; all when none is named.
        against: name of the revision.

    Raises:
        NotFoundError: there is no repository, no such revision, no result in it, or no folder of that name.
        OSError: a result cannot be read.
    """
    revision = Revision.find(project.root, against)
    all_files = result_files(revision, project.results)
    folders = {_folder(name, project, all_files) for name in experiments}
    files = [file for file in all_files if not folders or file.experiment in folders]
    differences = list(file_differences(files))
    if project.results.resolve() != (project.root / RESULTS).resolve():
        return Reproduction(revision, files, _in_order(differences))
    lock = lock_changes(revision, all_files, folders)
    return Reproduction(
        revision,
        files,
        _in_order([*differences, *lock.differences]),
        sorted(lock.digests),
        _timed(project.root / LOCK, differences),
    )


def _folder(name: str, project: Project, files: Collection[ResultFile]) -> str:
    """The folder of results that goes by the name.

    Raises:
        NotFoundError: there is none, neither committed nor now; the message has the near ones.
    """
    known = sorted({file.experiment for file in files if file.experiment is not None})
    for folder in (name, project.results_of(name).name):
        if folder in known:
            return folder
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or known
    hint = f"; there are: {', '.join(near)}" if near else ""
    raise NotFoundError(f"no folder {name!r} below {RESULTS}/, neither committed nor now{hint}")


def _in_order(differences: Collection[Difference]) -> list[Difference]:
    return sorted(differences, key=lambda difference: difference.order)


def _timed(lock: Path, differences: Collection[Difference]) -> list[str]:
    """The experiments of these differences in whose search it depends on timing how a trial ends."""
    concerned = {
        d.experiment for d in differences if d.weight in (Weight.WINNER, Weight.ORDER, Weight.ENDINGS)
    }
    if not concerned or not lock.is_file():
        return []
    stages = read_lock(lock.read_bytes())
    return [] if stages is None else sorted(timed_experiments(stages) & concerned)
