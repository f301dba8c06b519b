"""Writes a search's journal while it runs, starts the mirror, and closes both with a truthful end.

Knows nothing of Ray: `journaling.py` translates Ray's hooks into these calls. A journal that is there
already goes on: what it holds is not written again.
"""

import subprocess
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from toolkit.configuration.digest import code_digest
from toolkit.errors import JournalError, SearchError, ToolkitError
from toolkit.hpo.destination import Destination
from toolkit.hpo.model_keeping import ModelKeeping
from toolkit.hpo.plan import SearchPlan
from toolkit.hpo.trial_files import TrialFiles
from toolkit.leaderboard import best_run, export
from toolkit.runs import JournalWriter, Run, Search, SearchHeader, Status, load_search
from toolkit.runs import provenance as provenance_of
from toolkit.runs.changes import tell_changes
from toolkit.runs.journal import has_begun
from toolkit.runs.layout import run_id, within
from toolkit.runs.search import file_digest
from toolkit.runs.status import ENDED_WELL
from toolkit.trackers.follower import start_follower


class Decider(Protocol):
    """What ended trials by a rule: a scheduler that decides in the order of the trials."""

    @property
    def description(self) -> dict[str, Any]:
        """The rule, as it stands in the journal."""

    def ended_elsewhere(self, search: Search) -> list[int]:
        """The trials of a whole search that the rule would have let end elsewhere."""


class Recording:
    """The open journal of one search.

    Args:
        journal: of the destination, where it is open already.
        decider: None where another scheduler decides, on whatever comes first.

    Attributes:
        follower: the process that ships the journal to the trackers.
        results: name -> path of the result files; filled by `finish`.
        problem: why there are no results, in one line; None when there are.
        goes_on: whether the same command goes on from here, where there is a problem.

    Raises:
        JournalError: another process writes this search.
        SearchError: the search was begun under another scheduler.
    """

    def __init__(
        self,
        plan: SearchPlan,
        destination: Destination,
        journal: JournalWriter | None = None,
        decider: Decider | None = None,
    ) -> None:
        self.plan, self.destination, self.decider = plan, destination, decider
        self.follower: subprocess.Popen[bytes] | None = None
        self.results: dict[str, Path] = {}
        self.problem: str | None = None
        self.goes_on = True
        self._status: dict[int, Status] = {}
        self._epochs: dict[int, int] = {}
        self._provisional: dict[int, list[int]] = {}
        self._held: dict[int, tuple[Status, dict[str, Any]]] = {}
        self._gone: set[int] = set()
        self._models = ModelKeeping(plan.search.metric, plan.search.mode, destination.keep_models)
        self._broken: JournalError | None = None
        self.journal = JournalWriter(destination.folder) if journal is None else journal
        try:
            self._begin()
        except BaseException:
            self.journal.close()
            raise
        if destination.tracking:
            self.follower = start_follower(destination.folder, destination.project)

    def _begin(self) -> None:
        folder = self.destination.folder
        decides = None if self.decider is None else self.decider.description
        if not has_begun(folder):
            origin = provenance_of(self.destination.project.root, folder)
            self._append("search", **_header(self.plan, self.destination, decides, origin).to_record())
            tell_changes(self.journal, origin)
            return
        earlier = load_search(folder)
        if earlier.header.spec.get("decides") != decides:
            raise SearchError(
                f"the search in {folder.path} was begun under another scheduler: give the same one, or "
                "search anew with again=True"
            )
        for run in earlier.runs.values():
            self._remember(run)
        self._models.dropped(earlier.dropped_models)
        origin = provenance_of(self.destination.project.root, folder)
        self._append(
            "resume",
            num_trials=len(self.plan.trials),
            tracking=_tracking(self.destination),
            provenance=origin,
        )
        tell_changes(self.journal, origin)

    def _remember(self, run: Run) -> None:
        self._status[run.trial] = run.status
        self._epochs[run.trial] = len(run.known)
        if run.provisional:
            self._provisional[run.trial] = [point.epoch for point in run.provisional]
        for point in run.known:
            self._models.reported(run.trial, point.epoch, point.metrics)
        if run.status in ENDED_WELL:
            self._models.ended(run.trial)

    @property
    def closed(self) -> bool:
        return self.journal.closed

    def trial_began(self, number: int) -> None:
        """Record that a trial begins, or goes on after it had ended, however often its worker starts."""
        if number not in self._status:
            trial = self.plan.trials[number]
            run = run_id(self.destination.search_id, number)
            self._append("trial", number, run=run, params=trial.params, config=trial.config, seed=trial.seed)
            self._epochs[number] = 0
        elif self._status[number] in (Status.INTERRUPTED, Status.FAILED):
            self._append("resume", number)
        else:
            return
        self._status[number] = Status.RUNNING

    def reported(self, number: int, point: Mapping[str, Any], *, provisional: bool = False) -> None:
        """Record one epoch: `epoch`, `step`, `metrics`, `seconds`; one that is there already only once.

        Args:
            provisional: it is not decided yet whether the trial goes on to this epoch.
        """
        epoch = point["epoch"]
        if self.has_ended(number):
            return
        if epoch >= self._epochs[number]:
            self._append("provisional" if provisional else "point", number, **point)
            self._epochs[number] = epoch + 1
            self._models.reported(number, epoch, point["metrics"])
            if provisional:
                self._provisional.setdefault(number, []).append(epoch)
        if epoch not in self._provisional.get(number, []):
            self._files(number).count(epoch)  # also where it was recorded before, and its model was not moved

    def accepted(self, number: int, limit: int | None, *, settled: bool) -> None:
        """The trial may go on: its provisional epochs count, up to the epoch `limit`, counted from 1.

        Args:
            settled: nothing that the trial has reached is undecided any more.
        """
        waiting = self._provisional.get(number, [])
        counting = [epoch for epoch in waiting if limit is None or epoch < limit]
        if counting:
            self._append("accept", number, epoch=counting[-1])
            self._provisional[number] = waiting[len(counting) :]
        for epoch in counting:
            self._files(number).count(epoch)
        if settled and number in self._held:
            status, fields = self._held.pop(number)
            self.trial_ended(number, status, **fields)

    def stopped(self, number: int, rung: int) -> None:
        """The trial ends at the rung, an epoch counted from 1; what it was trained beyond does not count."""
        if self._provisional.get(number):
            self._append("withdraw", number)
            self._models.withdrawn(number, self._provisional[number][0])
            self._provisional[number] = []
        self._held.pop(number, None)
        self.trial_ended(number, Status.STOPPED, rung=rung, reason=by_scheduler(rung))

    def trial_ended(self, number: int, status: Status, *, held: bool = False, **fields: Any) -> None:
        """Record how a trial ended; only the first end counts.

        Args:
            held: it came to this end before it was decided whether it may, so it has not ended yet.
            fields: `rung`, `reason`, `error` of the journal's record, where there is something to say.
        """
        if held:
            self._held[number] = status, fields
        elif not self.has_ended(number):
            self.trial_began(number)
            self._append("end", number, status=status, **fields)
            self._status[number] = status
        self._tidy(number)

    def trial_gone(self, number: int) -> None:
        """No worker serves the trial any more."""
        self._gone.add(number)
        self._tidy(number)

    def _tidy(self, number: int) -> None:
        """Leave nothing of a trial that has ended but its model, and that only while it may be needed."""
        if number not in self._gone or self._status.get(number) not in ENDED_WELL:
            return
        self._files(number).clear()
        self._models.ended(number)
        for other in self._models.may_go():
            if self._files(other).model.is_file():
                self._drop_model(other)

    def _drop_model(self, number: int) -> None:
        """Remove a model; the journal tells it before, so that a model that is missing was always told."""
        if self._models.to_be_told(number):
            reason = f"keep_models: {self.destination.keep_models}"
            self._append("drop", number, name="model", reason=reason)
        with suppress(OSError):  # it costs room, not the search
            self._files(number).drop_model()

    def _append(self, kind: str, number: int | None = None, **fields: Any) -> None:
        try:
            self.journal.append(kind, number, **fields)
        except JournalError as error:
            self._broken = error
            raise

    def has_ended(self, number: int) -> bool:
        """Whether the journal has an end of the trial."""
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
        self.problem = "interrupted while the results were written"  # unless it comes to its end
        try:
            self.problem = self._finish()
        except JournalError as error:
            self._broken = error
        finally:
            self.journal.close()
        if self._broken is not None:
            self.problem = str(self._broken)

    def _finish(self) -> str | None:
        """Close the journal; why there are no results, None when there are."""
        for number in [number for number, status in self._status.items() if status is Status.RUNNING]:
            self.trial_ended(number, Status.INTERRUPTED, reason="the search was interrupted")
        for number in self._status:
            self.trial_gone(number)  # a process that was killed may have left files
        self.journal.flush()
        planned = [self._status.get(trial.number, Status.INTERRUPTED) for trial in self.plan.trials]
        ended = Counter(planned)
        if missing := ended[Status.INTERRUPTED]:
            self._end(Status.INTERRUPTED)
            return f"interrupted: {missing} of {len(planned)} trials are missing"
        search = self._planned()
        if ended[Status.FAILED]:
            self._end(Status.FAILED)
            return _failures(search)
        if wrong := [] if self.decider is None else self.decider.ended_elsewhere(search):
            self.goes_on = False
            self._end(Status.FAILED)
            return (
                f"{len(wrong)} of {len(planned)} trials did not end where the scheduler lets them end, "
                f"the first is trial {wrong[0]}: a trial before it had failed then; "
                "only --again searches anew"
            )
        return self._write_results(search)

    def _planned(self) -> Search:
        """The search as its journal tells it, without trials that an earlier call had planned beyond ours."""
        return load_search(self.destination.folder).first(len(self.plan.trials))

    def _write_results(self, search: Search) -> str | None:
        leader = best_run(search)
        if leader is None:
            self._end(Status.FAILED)
            return f"no trial reported a finite {search.header.metric}"
        best, problem = leader.trial, None
        try:
            self.results = export(search, self.destination.project.results_of(self.plan.name))
        except (ToolkitError, OSError) as error:
            # The training is whole: the same command writes the results without training again.
            problem = f"the results could not be written: {error}"
        for name, path in self.results.items():
            digest = file_digest(path)
            trial = best if name == "model" else None
            self._append("artifact", trial, name=name, path=str(path), sha256=digest)
        self._end(Status.COMPLETED, best)
        return problem

    def _end(self, status: Status, best_trial: int | None = None) -> None:
        self._append("end", status=status, best_trial=best_trial)


def by_scheduler(rung: int) -> str:
    """The reason of a run that the scheduler stopped."""
    return f"stopped by the scheduler at epoch {rung}"


def _header(
    plan: SearchPlan, destination: Destination, decides: dict[str, Any] | None, origin: dict[str, Any]
) -> SearchHeader:
    return SearchHeader(
        id=destination.search_id,
        experiment=plan.name,
        metric=plan.search.metric,
        mode=plan.search.mode,
        seed=plan.search.seed,
        num_trials=len(plan.trials),
        spec={**plan.identity, "num_samples": plan.search.num_samples, "decides": decides},
        data=_data(plan, destination.project.root),
        labels=list(plan.labels),
        code=code_digest(),
        provenance=origin,
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
