"""One run on a terminal: how it stands, its epochs, what it was made with and of, and what is left of it."""

from collections.abc import Iterator

from rich.console import Console

from toolkit.leaderboard.columns import metric_in_words
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.showing.about import AboutRun, File, Mirror
from toolkit.leaderboard.showing.epochs import print_epochs
from toolkit.leaderboard.showing.printing import (
    duration,
    moment,
    print_facts,
    print_heading,
    print_title,
    say,
    value_in_words,
)
from toolkit.leaderboard.showing.provenance import code_facts, data_facts
from toolkit.leaderboard.wording import from_here
from toolkit.runs import Run
from toolkit.runs.sizes import in_words


def print_run(about: AboutRun, console: Console, *, config: bool = False, error: bool = False) -> None:
    """Print everything; with `config` the whole configuration, with `error` the traceback."""
    search, run, header = about.search, about.run, about.search.header
    print_title(console, f"{search.experiment}/{run.trial}", run.status.value)
    print_facts(console, _standing(about))
    if error and run.error:
        for line in run.error.rstrip().splitlines():
            say(console, f"  {line}")
    print_heading(console, "Epochs")
    print_epochs(console, run, header.metric, header.mode)
    if run.params or run.changes:
        print_heading(console, "Hyperparameters")
        print_facts(console, _hyperparameters(run))
    if config:
        print_heading(console, "Configuration")
        print_facts(console, ((path, value_in_words(value)) for path, value in flat(run.config).items()))
    print_heading(console, "Data")
    print_facts(console, data_facts(header))
    print_heading(console, "Code")
    print_facts(console, code_facts(run.origin or header.provenance))
    print_heading(console, "Files")
    print_facts(console, ((file.what, file_in_words(file)) for file in about.files))
    if about.mirrors:
        print_heading(console, "Trackers")
        print_facts(console, ((mirror.tracker, mirror_in_words(mirror)) for mirror in about.mirrors))


def _standing(about: AboutRun) -> Iterator[tuple[str, str]]:
    search, run, header = about.search, about.run, about.search.header
    yield "run", f"{run.run_id}, {header.job}" + ("" if run.seed is None else f", seed {run.seed}")
    if about.best is not None:
        value = metric_in_words(about.best.metrics[header.metric])
        better = "lower" if header.mode == "min" else "higher"
        yield "best", f"{header.metric} {value} at epoch {about.best.epoch} ({better} is better)"
    if about.rank is not None:
        yield "rank", f"{about.rank} of {about.ranked} in {search.experiment}@{search.id}"
    else:
        yield "rank", f"none: {about.unranked}"
    ended = f", took {duration((run.ended - run.started) / 1000)}" if run.ended is not None else ""
    yield "began", f"{moment(run.started)}{ended}"
    if run.rung is not None:
        yield "stopped", f"by the scheduler at rung {run.rung}, after so many epochs"
    if run.reason:
        yield "reason", run.reason
    if run.error:
        lines = run.error.strip().splitlines()
        more = "" if len(lines) < 2 else f" ({len(lines)} lines: --error shows them)"
        yield "error", f"{lines[-1].strip() if lines else '-'}{more}"


def _hyperparameters(run: Run) -> Iterator[tuple[str, str]]:
    for path, value in run.params.items():
        yield path, value_in_words(value)
    for change in run.changes:
        told = ", ".join(f"{path} = {value_in_words(value)}" for path, value in change.params.items())
        yield f"from epoch {change.epoch}", told


def file_in_words(file: File) -> str:
    """Size and path, or why it is not there."""
    if file.bytes is None:
        return file.remark or f"not there: {from_here(file.path.absolute())}"
    return f"{in_words(file.bytes)}, {from_here(file.path.absolute())}"


def mirror_in_words(mirror: Mirror) -> str:
    """What the tracker has, and where."""
    if not mirror.store:
        return "nothing sent yet"
    lacks = f"lacks {mirror.unsent} epoch{'' if mirror.unsent == 1 else 's'}"
    return f"{lacks if mirror.unsent else 'has every epoch'}, {mirror.store}"
