"""From a tracker's name under `tracking` to its adapter, ours and those of installed plug-ins.

A plug-in declares an entry point in the group `toolkit.trackers`: the name, and a class that is called as
`toolkit.trackers.protocol.TrackerFactory` says.
"""

import difflib
import importlib
from collections.abc import Collection, Mapping
from importlib import metadata
from typing import Any

from toolkit.errors import ConfigurationError, TrackerError
from toolkit.runs import Project, SearchFolder, SearchHeader
from toolkit.runs.secrets import holds_password, is_telling
from toolkit.trackers.protocol import Tracker, TrackerFactory
from toolkit.trackers.stored import Reader

ENTRY_POINT_GROUP = "toolkit.trackers"

# Imported when used: MLflow alone takes four seconds.
_OURS = {
    "mlflow": ("toolkit.trackers._mlflow", "MlflowTracker"),
    "wandb": ("toolkit.trackers._wandb", "WandbTracker"),
    "tensorboard": ("toolkit.trackers._tensorboard", "TensorboardTracker"),
    "memory": ("toolkit.trackers.memory", "MemoryTracker"),
}

# What reads a service back, for the trackers above.
_READERS = {
    "mlflow": ("toolkit.trackers._mlflow_reader", "MlflowReader"),
    "wandb": ("toolkit.trackers._wandb_reader", "WandbReader"),
    "tensorboard": ("toolkit.trackers._tensorboard_reader", "TensorboardReader"),
    "memory": ("toolkit.trackers.memory_reader", "MemoryReader"),
}

_INSTEAD = (
    "leave it to the environment (for MLflow MLFLOW_TRACKING_URI, or MLFLOW_TRACKING_USERNAME with "
    "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN)"
)

_ANY_TEXT: tuple[str, ...] = ()

# Option -> the values it may have. A tracker that does not stand here checks its options itself.
OPTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "mlflow": {"uri": _ANY_TEXT, "experiment": _ANY_TEXT},
    "wandb": {"mode": ("online", "offline", "disabled"), "project": _ANY_TEXT, "entity": _ANY_TEXT},
    "tensorboard": {},
}


def tracker_names() -> list[str]:
    """Every name that may stand under `tracking`; nothing is imported to find out."""
    plugins = {point.name for point in metadata.entry_points(group=ENTRY_POINT_GROUP)}
    return [*_OURS, *sorted(plugins - _OURS.keys())]


def enabled(header: SearchHeader) -> dict[str, dict[str, Any]]:
    """Tracker -> its options, for the trackers of a search that are not switched off (`false`)."""
    tracking: Mapping[str, Any] = header.tracking
    return {
        name: dict(options) if isinstance(options, Mapping) else {}
        for name, options in tracking.items()
        if options is not False
    }


def chosen(
    header: SearchHeader,
    only: Collection[str] = (),
    elsewhere: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, dict[str, Any]]:
    """Tracker -> options, for those that are asked for.

    Args:
        only: their names; one that the search does not name, or has switched off, has its defaults. All
            that the search names when empty.
        elsewhere: tracker -> options that replace some of the search's own.
    """
    named, replaced = enabled(header), elsewhere or {}
    return {name: {**named.get(name, {}), **replaced.get(name, {})} for name in only or named}


def make_tracker(name: str, project: Project, header: SearchHeader, options: Mapping[str, Any]) -> Tracker:
    """The adapter called `name`, ready to be opened.

    Raises:
        TrackerError: no such tracker, it cannot be imported, or it does not know an option.
    """
    return _factory(name)(project, header, options)


def make_reader(
    name: str, project: Project, folder: SearchFolder, header: SearchHeader, options: Mapping[str, Any]
) -> Reader:
    """What reads a search back out of the tracker called `name`.

    A plug-in's class names its reader's class in an attribute `reader`.

    Raises:
        TrackerError: no such tracker, it cannot be imported, or nothing reads it back.
    """
    if name in _READERS:
        module, attribute = _READERS[name]
        made: type[Reader] = getattr(importlib.import_module(module), attribute)
    else:
        found = getattr(_factory(name), "reader", None)
        if found is None:
            raise TrackerError(f"the tracker {name!r} has no reader: what it stored cannot be compared")
        made = found
    return made(project, folder, header, options)


def check_tracking(tracking: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse what no adapter would take, before anything starts; no adapter is imported for it.

    Args:
        tracking: tracker -> its options, as in an experiment file.

    Raises:
        ConfigurationError: an unknown tracker or option, or a value that it cannot have; names its dotted
            path and the nearest one. Also a password or a token: it would stand in the journal.
    """
    known = tracker_names()
    for name, options in tracking.items():
        if name not in known:
            raise ConfigurationError(f"tracking.{name}: is no tracker{_nearest(name, known)}")
        if isinstance(options, bool) or options is None:  # on with its defaults, or off
            continue
        if not isinstance(options, Mapping):
            raise ConfigurationError(f"tracking.{name}: must be a dictionary of options, got {options!r}")
        for option, value in options.items():
            _check_option(name, str(option), value)


def _check_option(tracker: str, option: str, value: object) -> None:
    path, known = f"tracking.{tracker}.{option}", OPTIONS.get(tracker)
    if isinstance(value, str) and (is_telling(option) or holds_password(value)):
        raise ConfigurationError(
            f"{path}: holds a password or a token, and would stand in journals and trackers: {_INSTEAD}"
        )
    if known is None:
        return
    if option not in known:
        raise ConfigurationError(f"{path}: {tracker} has no such option{_nearest(option, known)}")
    if value is None:
        return
    if not isinstance(value, str):
        raise ConfigurationError(f"{path}: must be text, got {value!r}")
    allowed = known[option]
    if allowed and value not in allowed:
        raise ConfigurationError(f"{path}: cannot be {value!r}{_nearest(value, allowed)}")


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f", did you mean {near[0]!r}?"
    return f"; there are: {', '.join(known)}" if known else ": it has none"


def check_options(tracker: str, options: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse an option that the adapter does not know; for adapters.

    Raises:
        TrackerError: names the option and the known ones.
    """
    unknown = sorted(options.keys() - set(known))
    if unknown:
        raise TrackerError(
            f"tracking.{tracker} has no option {unknown[0]!r}; it knows {', '.join(sorted(known))}"
        )


def _factory(name: str) -> TrackerFactory:
    origin = ""
    try:
        if name in _OURS:
            module, attribute = _OURS[name]
            return getattr(importlib.import_module(module), attribute)
        for point in metadata.entry_points(group=ENTRY_POINT_GROUP, name=name):
            origin = f" of {point.dist.name}" if point.dist is not None else ""
            return point.load()
    except Exception as error:  # whatever a plug-in's import raises: it is named, the others go on
        raise TrackerError(
            f"the tracker {name!r}{origin} cannot be loaded ({type(error).__name__}: {error}); "
            "install what it needs or update it, or switch it off under `tracking`"
        ) from error
    raise TrackerError(f"there is no tracker {name!r}; there are {', '.join(tracker_names())}")
