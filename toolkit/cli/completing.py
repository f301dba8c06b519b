"""What a shell offers for arguments and options when somebody presses Tab.

Whatever goes wrong, nothing is offered: a shell has no place for a message. Nothing here reads a journal, so
what a search has written since the index last caught up is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from toolkit.runs.layout import Project, run_id

if TYPE_CHECKING:
    from toolkit.leaderboard.glancing import Glance

Offered = list[CompletionItem[str]]
Completer = Callable[[click.Context, click.Parameter, str], Offered]

_MOST = 50
"""So many runs or searches are offered; more than that nobody reads."""
_PLAIN = (
    *("experiment", "search", "trial", "run_id", "status", "rung", "epoch", "epochs", "job", "training"),
    *("commit", "seconds", "started", "ended"),
)
_SHOWN_ONLY = ("rank", "source", "reason")
_ASKED_ONLY = ("started", "ended")


def _silent(complete: Completer) -> Completer:
    """The same, offering nothing where it fails."""

    @wraps(complete)
    def offered(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
        try:
            return complete(context, parameter, typed)
        except Exception:  # a shell has no place for it
            return []

    return offered


@_silent
def searches(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """Names of experiments; `name@id` where one is typed in full; folders where nothing goes by that name."""
    with _glance(context) as known:
        return _plain(_searches(known, typed)) or _folders(typed)


@_silent
def runs(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """What names a search, or one of its runs: `experiment/trial` and run ids, the best ones first."""
    with _glance(context) as known:
        return _plain([*_searches(known, typed), *_runs(known, typed)]) or _folders(typed)


@_silent
def only_runs(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """The same, of runs; names of experiments where several begin so."""
    with _glance(context) as known:
        names = _searches(known, typed)
        return _plain([*(names if len(names) > 1 and "@" not in names[1] else []), *_runs(known, typed)])


@_silent
def metric(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """Names of metrics; those of single labels where their beginning is typed."""
    with _glance(context) as known:
        return _plain(_beginning(typed, _metrics(known, typed)))


@_silent
def columns(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """The last one of column names that are separated by commas."""
    return _last_of_several(context, typed, _SHOWN_ONLY, but=_ASKED_ONLY)


@_silent
def groups(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """The same, of the columns that may make groups."""
    return _last_of_several(context, typed)


def _last_of_several(
    context: click.Context, typed: str, more: Sequence[str] = (), but: Sequence[str] = ()
) -> Offered:
    before, comma, last = typed.rpartition(",")
    given = {*before.split(","), *but}
    names = (name for name in _columns(context, last, more) if name not in given)
    return _plain(f"{before}{comma}{name}" for name in names)


@_silent
def order(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """The name of a column; that a `-` may stand before it, the shell's side knows."""
    return _plain(_columns(context, typed))


@_silent
def condition(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """The name of a column at the end of a condition."""
    last = _last_name(typed)
    before = typed[: len(typed) - len(last)]
    if before.count("'") % 2 or before.count('"') % 2:  # a text, no name
        return []
    return _plain(before + name for name in _columns(context, last))


@_silent
def tracker(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """Names of trackers, plug-ins too."""
    from toolkit.trackers.registry import tracker_names

    return _plain(_beginning(typed, tracker_names()))


def folder(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """A folder, for an option that may be something else as well."""
    return _folders(typed)


@_silent
def experiment_file(context: click.Context, parameter: click.Parameter, typed: str) -> Offered:
    """The files in `experiments/`; any file where none of them begins so."""
    found = sorted(path.as_posix() for path in Path("experiments").glob("*.y*ml"))
    return _plain(_beginning(typed, found)) or [CompletionItem(typed, type="file")]


def _glance(context: click.Context) -> AbstractContextManager["Glance"]:
    from toolkit.leaderboard.glancing import glance  # only who completes these needs sqlite

    return glance(Project.here().with_folders(context.params.get("runs"), None).runs)


def _searches(known: "Glance", typed: str) -> list[str]:
    """Names of experiments; with the ids of its searches where only one is meant."""
    name, at, beginning = typed.rpartition("@")
    if at:
        return [f"{name}@{i}" for _, i in known.searches(name) if i.startswith(beginning)][:_MOST]
    names = list(_beginning(typed, known.experiments()))
    if len(names) == 1:
        names += [f"{names[0]}@{i}" for _, i in known.searches(names[0])][:_MOST]
    return names


def _runs(known: "Glance", typed: str) -> list[str]:
    """`experiment/trial` where one experiment is meant; ids of runs where one search is."""
    name, slash, digits = typed.rpartition("/")
    if slash:
        return _trials(known, name, digits)
    names = list(_beginning(typed, known.experiments()))
    return [*(_trials(known, names[0], "") if len(names) == 1 else ()), *_run_ids(known, typed)]


def _trials(known: "Glance", name: str, digits: str) -> list[str]:
    experiment, at, beginning = name.rpartition("@")
    found = known.searches(experiment if at else name)
    numbers = [number for number, its_id in found if not at or its_id.startswith(beginning)][:1]
    return [f"{name}/{trial}" for number in numbers for trial in _numbers(known, number, digits, 1)]


def _run_ids(known: "Glance", typed: str) -> list[str]:
    """Ids of runs where one search is meant, of searches where several are."""
    search, dash, digits = typed.partition("-")
    if not search:
        return []
    found = [(n, its_id) for n, its_id in known.searches_by_id(search) if not dash or its_id == search]
    if len(found) != 1:
        return [its_id for _, its_id in found][:_MOST]
    [(number, its_id)] = found
    return [run_id(its_id, trial) for trial in _numbers(known, number, digits, 5)]


def _numbers(known: "Glance", search: int, digits: str, width: int) -> Sequence[int]:
    """Trials that begin with these digits; where there are none yet, the best ones."""
    if not digits:
        return known.leaders(search, _MOST)
    is_number = digits.isascii() and digits.isdecimal()
    return known.trials(search, digits, width, _MOST) if is_number else []


def _columns(context: click.Context, typed: str, more: Sequence[str] = ()) -> list[str]:
    with _glance(context) as known:
        params = [name for ends in known.params() for name in list(_beginning(typed, ends))[:1]]
        return list(_beginning(typed, [*_PLAIN, *more, *_metrics(known, typed), *params]))


def _metrics(known: "Glance", typed: str) -> Iterator[str]:
    return (name for name in known.metrics() if "__" not in name or "__" in typed)


def _last_name(condition: str) -> str:
    end = len(condition)
    while end and (condition[end - 1].isalnum() or condition[end - 1] in "_."):
        end -= 1
    return condition[end:]


def _beginning(typed: str, names: Iterable[str]) -> Iterator[str]:
    return (name for name in dict.fromkeys(names) if name.startswith(typed))


def _plain(values: Iterable[str]) -> Offered:
    return [CompletionItem(value) for value in values]


def _folders(typed: str) -> Offered:
    return [CompletionItem(typed, type="dir")]
