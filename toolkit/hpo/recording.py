"""Writes a search's journal while it runs, starts the mirror, and closes both with a truthful end.

Knows nothing of Ray: `journaling.py` translates Ray's hooks into these calls.
"""

import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.configuration.digest import code_digest
from toolkit.errors import SearchError, ToolkitError
from toolkit.hpo.plan import SearchPlan
from toolkit.leaderboard import best_run, export
from toolkit.runs import JournalWriter, Project, Search, SearchFolder, SearchHeader, Status, load_search
from toolkit.runs import provenance as provenance_of
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import file_name, run_id, within
from toolkit.trackers.follower import start_follower


@dataclass(frozen=True)
class Destination:
    """Where a search is recorded and mirrored to."""

    project: Project
    folder: SearchFolder
    tracking: Mapping[str, Mapping[str, Any]]
    trials: Path
    """Folder of the trials: that of the search, or below the user's `local_dir`."""

    @property
    def search_id(self) -> str:
        return self.folder.path.name


def destination_of(
    plan: SearchPlan,
    project: Project,
    tracking: Mapping[str, Mapping[str, Any]],
    local_dir: str | Path | None = None,
) -> Destination:
    """Where a search goes: its own folder, or that of its next repetition where it has been recorded.

    Args:
        local_dir: keeps the trials' files, below the experiment's name; the search's folder unless given.
    """
    folder, repetition = project.search(plan.name, plan.id), 1
    while has_begun(folder):
        repetition += 1
        folder = project.search(plan.name, f"{plan.id}r{repetition}")
    if local_dir is None:
        return Destination(project, folder, tracking, folder.trials)
    own = Path(local_dir).absolute() / file_name(plan.name) / folder.path.name
    return Destination(project, folder, tracking, SearchFolder(own).trials)


@dataclass
class Recording:
    """The open journal of one search.

    Attributes:
        follower: the process that ships the journal to the trackers.
        results: name -> path of the result files; filled by `finish`.
        problem: why there are no results, in one line; None when there are.
    """

    plan: SearchPlan
    destination: Destination
    journal: JournalWriter
    follower: subprocess.Popen[bytes] | None = None
    results: dict[str, Path] = field(default_factory=dict)
    problem: str | None = None
    _begun: set[int] = field(default_factory=set)
    _ended: dict[int, Status] = field(default_factory=dict)

    @classmethod
    def begin(
        cls, plan: SearchPlan, destination: Destination, journal: JournalWriter | None = None
    ) -> "Recording":
        """Write the search's record, and start the process that mirrors it.

        Args:
            journal: of the destination, where it is open already.

        Raises:
            JournalError: another process writes this search.
            SearchError: this search has been recorded already.
        """
        if has_begun(destination.folder):
            raise SearchError(
                f"{destination.folder.journal} holds this search already: "
                "make a new TuneExperiment to search again"
            )
        journal = journal or JournalWriter(destination.folder)
        journal.append("search", **_header(plan, destination).to_record())
        follower = start_follower(destination.folder, destination.project) if destination.tracking else None
        return cls(plan, destination, journal, follower)

    @property
    def closed(self) -> bool:
        return self.journal.closed

    def trial_began(self, number: int) -> None:
        """Record a trial once, however often its worker starts."""
        if number in self._begun:
            return
        self._begun.add(number)
        trial = self.plan.trials[number]
        run = run_id(self.destination.search_id, number)
        self.journal.append(
            "trial", number, run=run, params=trial.params, config=trial.config, seed=trial.seed
        )

    def reported(self, number: int, point: Mapping[str, Any]) -> None:
        """Record one epoch: `epoch`, `step`, `metrics`, `seconds`."""
        self.journal.append("point", number, **point)

    def trial_ended(
        self,
        number: int,
        status: Status,
        *,
        rung: int | None = None,
        reason: str | None = None,
        error: str | None = None,
    ) -> None:
        """Record how a trial ended; only the first end counts."""
        if number in self._ended:
            return
        self.trial_began(number)
        self._ended[number] = status
        self.journal.append("end", number, status=status, rung=rung, reason=reason, error=error)

    def finish(self) -> None:
        """Write the results when every planned trial has ended, and close the journal truthfully.

        A search that was cut short is INTERRUPTED and one with a failed trial FAILED; neither writes
        results, so that nobody takes a part for the whole.
        """
        if self.closed:
            return
        for number in self._begun - self._ended.keys():
            self.trial_ended(number, Status.INTERRUPTED, reason="the search was interrupted")
        self.journal.flush()
        ended = Counter(self._ended.values())
        missing = len(self.plan.trials) - ended.total() + ended[Status.INTERRUPTED]
        if missing:
            self.problem = f"interrupted: {missing} of {len(self.plan.trials)} trials are missing"
            self._close(Status.INTERRUPTED, None)
        elif ended[Status.FAILED]:
            self.problem = _failures(load_search(self.destination.folder))
            self._close(Status.FAILED, None)
        else:
            self._write_results()

    def _write_results(self) -> None:
        search = load_search(self.destination.folder)
        leader = best_run(search)
        if leader is None:
            self.problem = f"no trial reported a finite {search.header.metric}"
            self._close(Status.FAILED, None)
            return
        best = leader.trial
        try:
            self.results = export(search, self.destination.project.results_of(self.plan.name))
        except (ToolkitError, OSError) as error:
            # The training is whole: the same command writes the results without training again.
            self.problem = f"the results could not be written: {error}"
        for name, path in self.results.items():
            self.journal.append("artifact", best if name == "model" else None, name=name, path=str(path))
        self._close(Status.COMPLETED, best)

    def _close(self, status: Status, best_trial: int | None) -> None:
        self.journal.append("end", status=status, best_trial=best_trial)
        self.journal.close()


def _header(plan: SearchPlan, destination: Destination) -> SearchHeader:
    return SearchHeader(
        id=destination.search_id,
        experiment=plan.name,
        metric=plan.search.metric,
        mode=plan.search.mode,
        seed=plan.search.seed,
        num_trials=len(plan.trials),
        spec={**plan.identity, "num_samples": plan.search.num_samples},
        data=_data(plan, destination.project.root),
        labels=list(plan.labels),
        code=code_digest(),
        provenance=provenance_of(destination.project.root),
        tracking={name: dict(options) for name, options in destination.tracking.items()},
        trials=_trials_folder(destination),
        note=f"{len(plan.trials)} trials of {plan.name}, ranked by {plan.search.metric} ({plan.search.mode})",
    )


def _data(plan: SearchPlan, root: Path) -> dict[str, dict[str, Any]]:
    """Role -> path, digest and rows; paths within the project as they would stand in its files."""
    roles = {"training": plan.train, "validation": plan.valid}
    return {
        role: {"path": within(root, data.path), "sha256": data.digest, "rows": len(data)}
        for role, data in roles.items()
    }


def _trials_folder(destination: Destination) -> str:
    """Relative where it can be: a project may be moved."""
    own = destination.trials == destination.folder.trials
    return destination.trials.name if own else str(destination.trials)


def _failures(search: Search) -> str:
    """How many trials failed, and the last line of the first one's error."""
    failed = [run for run in search.runs.values() if run.status is Status.FAILED]
    first = min(failed, key=lambda run: run.trial)
    return f"{len(failed)} of {len(search.runs)} trials failed; trial {first.trial}: {first.reason}"
