"""`--register NAME`, of `toolkit tune` and `toolkit sync`: the best model into MLflow's model registry."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from toolkit.errors import ConfigurationError, NotFoundError, TrackerError

if TYPE_CHECKING:
    from toolkit.runs import Project, Search

ALIAS = "champion"
"""MLflow's own word for the version that serves."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def register_options(command: _Command) -> _Command:
    """The two options, for a command that takes `register` and `alias`."""
    named = click.option("--register", metavar="NAME", help="Register the best model in MLflow as NAME.")
    aliased = click.option(
        "--alias", default=ALIAS, show_default=True, help="Alias that then points to the registered model."
    )
    return named(aliased(command))


def check_can_register(tracking: Mapping[str, Any]) -> None:
    """Refuse before a search what would be refused after it.

    Raises:
        ConfigurationError: the search is not mirrored to MLflow.
    """
    if tracking.get("mlflow", False) is False:
        raise ConfigurationError("--register needs the tracker mlflow, which is off: see tracking.mlflow")


def one_search(project: "Project", addresses: Sequence[str]) -> "Search":
    """The one search whose model is to be registered.

    Raises:
        NotFoundError: the addresses name none, or several.
    """
    from toolkit.runs import find_searches

    found = find_searches(project, addresses)
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{search.experiment}@{search.id}" for search in found)
    there = f"there are: {names}" if names else f"there are none below {project.runs}"
    raise NotFoundError(f"--register takes the model of one search, so name it; {there}")


def register(search: "Search", project: "Project", name: str, alias: str) -> None:
    """Ship the search to MLflow where it is not there yet, register its best model, and say so on stderr.

    Raises:
        TrackerError: why it cannot be registered.
    """
    from toolkit.trackers import mirror

    # MLflow's client would try an absent server for minutes in one call; the mirror tries again itself.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    (outcome,) = mirror(search.folder, project, only=["mlflow"])
    if outcome.error is not None:
        raise TrackerError(f"{search.experiment}@{search.id} is not in MLflow yet: {outcome.error}")
    # Imported here: MLflow takes seconds.
    from toolkit.trackers._mlflow_registry import register_best

    done = register_best(search, project, name, alias)
    model = f"{done.run_id} ({done.metric} {done.value:.4f})"
    what = "registered" if done.is_new else "was registered before"
    click.echo(f"{model} {what} as {done.name} version {done.version}", err=True)
    instead = "" if done.replaced is None else f", instead of to version {done.replaced}"
    click.echo(f"  {done.uri} points to it{instead}", err=True)
