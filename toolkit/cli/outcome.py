"""How `toolkit tune` and `toolkit baseline` tell what came of a search: as JSON, and in lines."""

import re
import shlex
from typing import Any

import click

from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.index import rank
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.leaderboard.ranking import Row
from toolkit.runs import Project, Search, SearchFolder, Status


def as_json(outcome: SearchOutcome) -> dict[str, Any]:
    """The outcome as JSON can hold it; `best` is None where no run can be ranked."""
    search, best = outcome.search, _best(outcome.search)
    counts = {str(status): sum(run.status is status for run in search.runs.values()) for status in Status}
    return {
        "experiment": search.experiment,
        "search": search.id,
        "metric": search.header.metric,
        "mode": search.header.mode,
        "status": str(search.status),
        "counts": {status: count for status, count in counts.items() if count},
        "best": None if best is None else row_as_json(best),
        "results": {name: str(path) for name, path in outcome.results.items()},
        "unmirrored": outcome.unmirrored,
    }


def tell(outcome: SearchOutcome) -> None:
    """Say on stderr what was found, where it lies, and what the trackers do not have yet."""
    search, best = outcome.search, _best(outcome.search)
    if not outcome.trained:
        again = " (--again trains anew)" if search.header.job == "tune" else ""
        click.echo(f"search {search.id} was finished before: results written again{again}", err=True)
    if best is not None:
        trials = len(search.runs)
        click.echo(f"best of {trials} trial{'' if trials == 1 else 's'}: {best.run_id}", err=True)
        for name in dict.fromkeys((search.header.metric, "validation_loss", "validation_accuracy")):
            if isinstance(best.metrics.get(name), int | float):
                click.echo(f"  {name}: {best.metrics[name]:.4f}", err=True)
    for name, path in outcome.results.items():
        click.echo(f"  {name}: {path}", err=True)
    _tell_what_is_missing(outcome)


def _best(search: Search) -> Row | None:
    return next((row for table in rank([search]) for row in table.rows if row.rank == 1), None)


def _tell_what_is_missing(outcome: SearchOutcome) -> None:
    behind = {tracker: points for tracker, points in outcome.unmirrored.items() if points}
    for tracker, points in behind.items():
        cause = _cause(outcome.search.folder, tracker)
        told = "" if cause is None else f" ({cause})"
        click.echo(f"{points} point{'' if points == 1 else 's'} not yet in {tracker}{told}", err=True)
    if behind:
        click.echo(f"to send them: toolkit sync {shlex.quote(_address(outcome.search))}", err=True)


def _address(search: Search) -> str:
    """What `toolkit sync` finds the search by: its folder, where that is not below the project's `runs/`."""
    own = Project.here().search(search.experiment, search.id).path
    folder = search.folder.path.resolve()
    return f"{search.experiment}@{search.id}" if folder == own.resolve() else str(folder)


def _cause(folder: SearchFolder, tracker: str) -> str | None:
    """The last thing that the follower had to say about the tracker, or why it ended altogether."""
    try:
        log = folder.follower_log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    said = re.findall(rf"^(?:[\d:]{{8}} {re.escape(tracker)}|Error): (.+)$", log, re.MULTILINE)
    return re.sub(r"; trying again in \d+ s$", "", said[-1]) if said else None
