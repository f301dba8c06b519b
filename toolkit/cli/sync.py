"""`toolkit sync`: bring the trackers up to the journals, now or while a search runs."""

import os
import sys
import time
from collections.abc import Iterator

import click

from toolkit.errors import JournalError
from toolkit.runs import Project, Search, SearchFolder, find_searches, load_search
from toolkit.trackers import Outcome, mirror, tracker_names


@click.command(name="sync")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...")
@click.option("--follow", is_flag=True, help="Stay until the search has ended and everything is shipped.")
@click.option("--to", "only", multiple=True, metavar="NAME", help="Only this tracker; can be given again.")
def command(searches: tuple[str, ...], follow: bool, only: tuple[str, ...]) -> None:
    """Ship what the trackers do not have yet; twice in a row changes nothing.

    SEARCH is an experiment's name, name@id, or a folder; all searches of the project without one.

    \b
    Example:
      toolkit sync
      toolkit sync german-business-names --to mlflow
    """
    _check_names(only)
    _prepare_environment()
    unreadable: list[JournalError] = []
    incomplete, missed = False, dict.fromkeys(only)
    for label, outcomes in _each(Project.here(), searches, follow, only, unreadable):
        for outcome in outcomes:
            click.echo(_line(label, outcome))
            missed.pop(outcome.tracker, None)
            incomplete |= outcome.remaining > 0 or outcome.error is not None
    for name in missed:
        click.echo(f"Warning: no search here has {name} switched on: nothing was shipped to it", err=True)
    sys.exit(1 if incomplete or unreadable else 0)


def _each(
    project: Project,
    addresses: tuple[str, ...],
    follow: bool,
    only: tuple[str, ...],
    unreadable: list[JournalError],
) -> Iterator[tuple[str, list[Outcome]]]:
    if follow and len(addresses) == 1:  # its journal may not have begun yet
        folder = SearchFolder(project.root / addresses[0])
        if folder.path.is_dir():
            outcomes = mirror(folder, project, follow=True, only=only, talk=_talk)
            yield _label(load_search(folder)), outcomes
            return
    found = find_searches(project, addresses, every=True, unreadable=unreadable.append)
    for error in unreadable:
        click.echo(f"Warning: {error}", err=True)
    if not found and not addresses and not unreadable:
        raise JournalError(f"there are no searches below {project.runs}; `toolkit tune` makes one")
    for search in found:
        yield _label(search), mirror(search.folder, project, follow=follow, only=only, talk=_talk)


def _label(search: Search) -> str:
    return f"{search.experiment}@{search.id}"


def _line(label: str, outcome: Outcome) -> str:
    line = f"{label}  {outcome.tracker}: {outcome.shipped} points shipped"
    if outcome.remaining:
        line += f", {outcome.remaining} remain"
    return line if outcome.error is None else f"{line} ({outcome.error})"


def _talk(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {line}", err=True)


def _check_names(only: tuple[str, ...]) -> None:
    for name in only:
        if name not in tracker_names():
            raise click.BadParameter(f"{name!r} is none of {', '.join(tracker_names())}", param_hint="--to")


def _prepare_environment() -> None:
    """Settle how the services' clients behave in this process, before they are imported."""
    # MLflow's client would try for minutes inside one call, and might create a run twice doing so.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "60")
    # W&B's running service belongs to who started us; it would refuse runs that it still holds open.
    os.environ.pop("WANDB_SERVICE", None)
    # MLflow logs the traceback of what it raises; what came of it is told in a line of ours.
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "CRITICAL")
    for name, value in (("MLFLOW_DISABLE_TELEMETRY", "true"), ("WANDB_ERROR_REPORTING", "false")):
        os.environ.setdefault(name, value)
