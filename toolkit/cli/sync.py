"""`toolkit sync`: bring the trackers up to the journals, now or while a search runs."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli import completing
from toolkit.cli.registering import one_search, register_options
from toolkit.cli.registering import register as register_best
from toolkit.errors import JournalError
from toolkit.runs import Project, SearchFolder

if TYPE_CHECKING:
    from toolkit.runs import Search
    from toolkit.trackers import Outcome

Elsewhere = Mapping[str, Mapping[str, Any]] | None


@click.command(name="sync")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...", shell_complete=completing.searches)
@click.option("--follow", is_flag=True, help="Stay until the search has ended and everything is shipped.")
@click.option(
    "--again", is_flag=True, help="Send everything once more, for a service that has lost something."
)
@click.option(
    "--to",
    "only",
    multiple=True,
    metavar="NAME",
    help="Only this tracker; can be given again.",
    shell_complete=completing.tracker,
)
@click.option(
    "--mlflow", "uri", metavar="URI", help="Mirror into this MLflow store, whatever is set elsewhere."
)
@click.option("--metric", help="What ranks the trials of a folder of plain Ray Tune results.")
@click.option("--mode", type=click.Choice(["min", "max"]), help="Direction of that metric.")
@click.option("--verify", is_flag=True, help="Ship nothing; compare the trackers with the journals.")
@click.option("--json", "as_json", is_flag=True, help="With --verify: print what came of it as JSON.")
@register_options
def command(
    searches: tuple[str, ...],
    follow: bool,
    again: bool,
    only: tuple[str, ...],
    uri: str | None,
    metric: str | None,
    mode: str | None,
    verify: bool,
    as_json: bool,
    register: str | None,
    alias: str,
) -> None:
    """Ship what the trackers do not have yet; twice in a row changes nothing.

    SEARCH is an experiment's name, name@id, or a folder; all searches of the project without one. A
    folder may hold plain results of Ray Tune: they become a search of this project.

    \b
    Example:
      toolkit sync
      toolkit sync german-business-names --to mlflow
      toolkit sync german-business-names --mlflow http://mlflow.example.org
      toolkit sync --verify
    """
    # Imported here, as below: a shell that completes this command waits for it.
    from toolkit.runs.ray_journal import with_ray_folders

    _check_names(only)
    if verify and (follow or again):
        raise click.UsageError("--verify ships nothing: --follow and --again say nothing to it")
    if as_json and not verify:
        raise click.UsageError("--json prints what --verify finds: give that too")
    if verify and register is not None:
        raise click.UsageError("--verify ships nothing, so it does not --register either")
    _prepare_environment()
    only, elsewhere = _destination(only, uri)
    project = Project.here()
    to_register = None if register is None else one_search(project, searches)
    unreadable: list[JournalError] = []
    addresses = tuple(with_ray_folders(project, searches, metric, mode))
    if verify:
        proven = _verify(project, addresses, only, elsewhere, unreadable, as_json)
        sys.exit(0 if proven and not unreadable else 1)
    incomplete = False
    for label, outcomes in _each(project, addresses, follow, again, only, elsewhere, unreadable):
        for outcome in outcomes:
            click.echo(_line(label, outcome))
            incomplete |= outcome.remaining > 0 or outcome.error is not None
    if to_register is not None:
        register_best(to_register, project, str(register), alias)
    sys.exit(1 if incomplete or unreadable else 0)


def _destination(only: tuple[str, ...], uri: str | None) -> tuple[tuple[str, ...], Elsewhere]:
    if uri is None:
        return only, None
    if not uri.strip():
        raise click.BadParameter(
            "must be the address of a store, such as http://host:5000", param_hint="--mlflow"
        )
    from toolkit.trackers.mlflow_address import go_to

    return tuple(dict.fromkeys((*only, "mlflow"))), {"mlflow": {"uri": go_to(uri)}}


def _each(
    project: Project,
    addresses: tuple[str, ...],
    follow: bool,
    again: bool,
    only: tuple[str, ...],
    elsewhere: Elsewhere,
    unreadable: list[JournalError],
) -> Iterator[tuple[str, "list[Outcome]"]]:
    from toolkit.runs import load_search
    from toolkit.trackers import mirror

    way = _follow if follow else mirror
    ship = partial(way, project=project, again=again, only=only, elsewhere=elsewhere, talk=_talk)
    if follow and len(addresses) == 1:  # its journal may not have begun yet
        folder = SearchFolder(project.root / addresses[0])
        if folder.path.is_dir():
            outcomes = ship(folder)
            yield _label(load_search(folder)), outcomes
            return
    for search in _find(project, addresses, unreadable):
        yield _label(search), ship(search.folder)


def _follow(folder: SearchFolder, *, project: Project, **arguments: Any) -> "list[Outcome]":
    """Mirror the search until it has ended, and keep the leaderboard's index up with it."""
    from toolkit.leaderboard.index.keeping_up import keeping_up
    from toolkit.trackers import mirror

    with keeping_up(folder, project, _talk):
        return mirror(folder, project, follow=True, **arguments)


def _verify(
    project: Project,
    addresses: tuple[str, ...],
    only: tuple[str, ...],
    elsewhere: Elsewhere,
    unreadable: list[JournalError],
    as_json: bool,
) -> bool:
    """Compare and tell; whether every tracker holds what its journal says."""
    from toolkit.cli.verified import tell_verified, verified_as_json
    from toolkit.trackers.registry import chosen
    from toolkit.trackers.verification import verify_mirror

    verified = []
    for search in _find(project, addresses, unreadable):
        trackers = chosen(search.header, only, elsewhere)
        if not trackers:
            click.echo(f"{_label(search)}  names no tracker; --to compares with one", err=True)
        for name, options in trackers.items():
            found = verify_mirror(search.folder, project, name, options)
            verified.append((search, found))
            if not as_json:
                tell_verified(_label(search), found)
    if as_json:
        click.echo(json.dumps([verified_as_json(*entry) for entry in verified], ensure_ascii=False, indent=2))
    return all(found.proven for _, found in verified)


def _find(project: Project, addresses: tuple[str, ...], unreadable: list[JournalError]) -> "list[Search]":
    from toolkit.runs import find_searches

    found = find_searches(project, addresses, every=True, unreadable=unreadable.append)
    for error in unreadable:
        click.echo(f"Warning: {error}", err=True)
    if not found and not addresses and not unreadable:
        raise JournalError(f"there are no searches below {project.runs}; `toolkit tune` makes one")
    return found


def _label(search: "Search") -> str:
    return f"{search.experiment}@{search.id}"


def _line(label: str, outcome: "Outcome") -> str:
    line = f"{label}  {outcome.tracker}: {outcome.shipped} points shipped"
    if outcome.remaining:
        line += f", {outcome.remaining} remain"
    return line if outcome.error is None else f"{line} ({outcome.error})"


def _talk(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {line}", err=True)


def _check_names(only: tuple[str, ...]) -> None:
    from toolkit.trackers import tracker_names

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
    for name, value in (
        # MLflow logs the traceback of what it raises; what came of it is told in a line of ours.
        ("MLFLOW_LOGGING_LEVEL", "CRITICAL"),
        ("MLFLOW_DISABLE_TELEMETRY", "true"),
        ("WANDB_ERROR_REPORTING", "false"),
        # MLflow's client would print the address of every run that it ends, in the middle of our lines.
        ("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true"),
        ("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false"),
    ):
        os.environ.setdefault(name, value)
