"""Writes a search's journal while it runs, starts the mirror, and closes both with a truthful end.

Knows nothing of Ray: `journaling.py` translates Ray's hooks into these calls. A journal that is there
already goes on: what it holds is not written again.
"""

import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from toolkit.configuration.digest import code_digest
from toolkit.errors import JournalError, ToolkitError
from toolkit.hpo.destination import ENDED, Destination
from toolkit.hpo.plan import SearchPlan
from toolkit.hpo.trial_files import TrialFiles
from toolkit.leaderboard import best_run, export
from toolkit.runs import JournalWriter, Run, Search, SearchHeader, Status, load_search
from toolkit.runs import provenance as provenance_of
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import run_id, within
from toolkit.trackers.follower import start_follower


class Recording:
    """The open journal of one search.

    Args:
        journal: of the destination, where it is open already.
        disagreements: the trials of a whole search that should have ended elsewhere than they did.

    Attributes:
        follower: the process that ships the journal to the trackers.
        results: name -> path of the result files; filled by `finish`.
        problem: why there are no results, in one line; None when there are.

    Raises:
        JournalError: another process writes this search.
    """

    def __init__(
        self,
        plan: SearchPlan,
        destination: Destination,
        journal: JournalWriter | None = None,
        disagreements: Callable[[Search], list[int]] = lambda search: [],
    ) -> None:
        self.plan, self.destination = plan, destination
        self._disagreements = disagreements
        self.follower: subprocess.Popen[bytes] | None = None
        self.results: dict[str, Path] = {}
        self.problem: str | None = None
        self.journal = JournalWriter(destination.folder) if journal is None else journal
        self._status: dict[int, Status] = {}
        self._epochs: dict[int, int] = {}
        self._provisional: dict[int, list[int]] = {}
        self._held: dict[int, tuple[Status, dict[str, Any]]] = {}
        self._broken: JournalError | None = None
        self._begin()
        if destination.tracking:
            self.follower = start_follower(destination.folder, destination.project)

    def _begin(self) -> None:
        folder = self.destination.folder
        if not has_begun(folder):
            self._append("search", **_header(self.plan, self.destination).to_record())
            return
        for run in load_search(folder).runs.values():
            self._remember(run)
        self._append(
            "resume",
            num_trials=len(self.plan.trials),
            tracking=_tracking(self.destination),
            provenance=provenance_of(self.destination.project.root),
        )

    def _remember(self, run: Run) -> None:
        self._status[run.trial] = run.status
        self._epochs[run.trial] = len(run.known)
        if run.provisional:
            self._provisional[run.trial] = [point.epoch for point in run.provisional]

    @property
    def closed(self) -> bool:
        return self.journal.closed

    def trial_began(self, number: int) -> None:
        """Record that a trial begins, or goes on after it had ended, however often its worker starts."""
        status = self._status.setdefault(number, Status.RUNNING)
        if number not in self._epochs:
            self._epochs[number] = 0
            trial = self.plan.trials[number]
            run = run_id(self.destination.search_id, number)
            self._append("trial", number, run=run, params=trial.params, config=trial.config, seed=trial.seed)
        elif status in (Status.INTERRUPTED, Status.FAILED):
            self._append("resume", number)
            self._status[number] = Status.RUNNING

    def reported(self, number: int, point: Mapping[str, Any], *, provisional: bool = False) -> None:
        """Record one epoch: `epoch`, `step`, `metrics`, `seconds`; one that is there already only once.

        Args:
            provisional: it is not decided yet whether the trial goes on to this epoch.
        """
        epoch = point["epoch"]
        if self._has_ended(number):
            return
        if epoch >= self._epochs[number]:
            self._append("provisional" if provisional else "point", number, **point)
            self._epochs[number] = epoch + 1
            if provisional:
                self._provisional.setdefault(number, []).append(epoch)
        if not provisional:
            self._files(number).count(epoch)

    def accepted(self, number: int, limit: int | None) -> None:
        """The trial may go on: its provisional epochs count, up to the epoch `limit`, counted from 1."""
        waiting = self._provisional.pop(number, [])
        counting = [epoch for epoch in waiting if limit is None or epoch < limit]
        if counting:
            self._append("accept", number, epoch=counting[-1])
        for epoch in counting:
            self._files(number).count(epoch)
        if left := waiting[len(counting) :]:
            self._provisional[number] = left
        elif number in self._held:
            status, fields = self._held.pop(number)
            self.trial_ended(number, status, **fields)

    def stopped(self, number: int, rung: int) -> None:
        """The trial ends at the rung, an epoch counted from 1; what it was trained beyond does not count."""
        if self._provisional.pop(number, []):
            self._append("withdraw", number)
        reason = f"stopped by the scheduler at epoch {rung}"
        self._end_trial(number, Status.STOPPED, rung=rung, reason=reason)
        if self._held.pop(number, None) is not None:
            self._files(number).clear()  # else a worker may still be writing, and `trial_ended` follows

    def trial_ended(self, number: int, status: Status, **fields: Any) -> None:
        """Record how a trial ended, now that no worker serves it; only the first end counts.

        One that came to its end before it was decided whether it may has not ended until that is.

        Args:
            fields: `rung`, `reason`, `error` of the journal's record, where there is something to say.
        """
        if status in ENDED and self._provisional.get(number):
            self._held[number] = status, fields
            return
        self._end_trial(number, status, **fields)
        if self._status[number] in ENDED:
            self._files(number).clear()

    def _end_trial(self, number: int, status: Status, **fields: Any) -> None:
        if self._has_ended(number):
            return
        self.trial_began(number)
        self._status[number] = status
        self._append("end", number, status=status, **fields)

    def _append(self, kind: str, number: int | None = None, **fields: Any) -> None:
        try:
            self.journal.append(kind, number, **fields)
        except JournalError as error:
            self._broken = error
            raise

    def _has_ended(self, number: int) -> bool:
        return self._status.get(number, Status.RUNNING) is not Status.RUNNING

    def _files(self, number: int) -> TrialFiles:
        return TrialFiles(self.destination.trials, number)

    def broke_off(self, error: JournalError) -> None:
        """The search cannot go on; `finish` tells why."""
        self._broken = error

    def finish(self) -> None:
        """Write the results when every planned trial has ended, and close the journal truthfully.

        A search that was cut short is INTERRUPTED and one with a failed trial FAILED; neither writes
        results, so that nobody takes a part for the whole. Where the journal itself cannot be written, it
        stays as a killed process would leave it.
        """
        if self.closed:
            return
        try:
            self._finish()
        except JournalError as error:
            self._broken = error
        finally:
            self.journal.close()
        if self._broken is not None:
            self.problem = str(self._broken)

    def _finish(self) -> None:
        for number in [number for number, status in self._status.items() if status is Status.RUNNING]:
            self.trial_ended(number, Status.INTERRUPTED, reason="the search was interrupted")
        for number in [number for number, status in self._status.items() if status in ENDED]:
            self._files(number).clear()  # a process that was killed may have left them
        self.journal.flush()
        planned = [self._status.get(trial.number, Status.INTERRUPTED) for trial in self.plan.trials]
        ended = Counter(planned)
        if missing := ended[Status.INTERRUPTED]:
            self.problem = f"interrupted: {missing} of {len(planned)} trials are missing"
            self._end(Status.INTERRUPTED)
        elif ended[Status.FAILED]:
            self.problem = _failures(self._planned())
            self._end(Status.FAILED)
        elif wrong := self._disagreements(self._planned()):
            self.problem = (
                f"{len(wrong)} of {len(planned)} trials ended elsewhere than this scheduler decides now, "
                f"the first is trial {wrong[0]}: without a trial that failed then, or by another scheduler; "
                "only --again searches anew"
            )
            self._end(Status.FAILED)
        else:
            self._write_results()

    def _planned(self) -> Search:
        """The search as its journal tells it, without trials that an earlier call had planned beyond ours."""
        return load_search(self.destination.folder).first(len(self.plan.trials))

    def _write_results(self) -> None:
        search = self._planned()
        leader = best_run(search)
        if leader is None:
            self.problem = f"no trial reported a finite {search.header.metric}"
            self._end(Status.FAILED)
            return
        best = leader.trial
        try:
            self.results = export(search, self.destination.project.results_of(self.plan.name))
        except (ToolkitError, OSError) as error:
            # The training is whole: the same command writes the results without training again.
            self.problem = f"the results could not be written: {error}"
        for name, path in self.results.items():
            self._append("artifact", best if name == "model" else None, name=name, path=str(path))
        self._end(Status.COMPLETED, best)

    def _end(self, status: Status, best_trial: int | None = None) -> None:
        self._append("end", status=status, best_trial=best_trial)


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
        tracking=_tracking(destination),
        trials=_trials_folder(destination),
        note=f"{len(plan.trials)} trials of {plan.name}, ranked by {plan.search.metric} ({plan.search.mode})",
    )


def _tracking(destination: Destination) -> dict[str, dict[str, Any]]:
    return {name: dict(options) for name, options in destination.tracking.items()}


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
