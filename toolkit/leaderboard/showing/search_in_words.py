"""One search on a terminal: how it stands, what it searches, its first runs, what it was made with."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console

from toolkit.leaderboard.as_table import print_tables
from toolkit.leaderboard.choosing import choose
from toolkit.leaderboard.columns import metric_in_words
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.showing.about import Mirror, file_at
from toolkit.leaderboard.showing.printing import (
    duration,
    moment,
    print_facts,
    print_heading,
    print_title,
    value_in_words,
)
from toolkit.leaderboard.showing.provenance import code_facts, data_facts
from toolkit.leaderboard.showing.run_in_words import mirror_in_words
from toolkit.leaderboard.showing.space import space_in_words, space_of
from toolkit.leaderboard.window import Window
from toolkit.leaderboard.wording import from_here
from toolkit.runs import Search
from toolkit.runs.sizes import in_words

_FIRST = 5


def print_search(
    search: Search,
    tables: Sequence[Table],
    mirrors: Sequence[Mirror],
    console: Console,
    *,
    config: bool = False,
) -> None:
    """Print everything; `tables` is its leaderboard. With `config` the whole specification."""
    print_title(console, f"{search.experiment}@{search.id}", search.status.value)
    print_facts(console, _standing(search, tables))
    space = space_of(search)
    if space:
        print_heading(console, "Search space")
        print_facts(console, ((path, space_in_words(about)) for path, about in space.items()))
    if config:
        print_heading(console, "Specification")
        print_facts(console, specification(search))
    print_heading(console, f"The first {_FIRST} runs")
    own = [replace(table, rows=[*table.ranked[:_FIRST], *table.unranked]) for table in tables]
    print_tables(choose(own, drop=["experiment", "search"]) if own else [], Window.of(console))
    for heading, facts in (
        ("Data", data_facts(search.header)),
        ("Code", code_facts(search.origin or search.header.provenance)),
        ("Trackers", ((mirror.tracker, mirror_in_words(mirror)) for mirror in mirrors)),
    ):
        print_heading(console, heading)
        print_facts(console, facts)


def _standing(search: Search, tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    header = search.header
    counts = Counter(run.status.value for run in search.runs.values())
    planned = "" if header.num_trials is None else f" of {header.num_trials} planned"
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    yield "trials", f"{len(search.runs)}{planned}" + (f": {told}" if told else "")
    ended = "" if search.ended is None else f", took {duration((search.ended - search.started) / 1000)}"
    yield "began", f"{moment(search.started)}{ended}"
    yield "ranked by", f"{header.metric}, {'lower' if header.mode == 'min' else 'higher'} is better"
    for row in [row for table in tables for row in table.ranked[:1]]:
        value = metric_in_words(row.metrics[header.metric])
        yield "best", f"{search.experiment}/{row.trial}, {value} at epoch {row.epoch}"
    yield from _how(search)
    models = [file_at("model", search.model(trial)).bytes for trial in search.runs]
    kept = [size for size in models if size is not None]
    yield "models", f"{len(kept)} of {len(models)} kept, {in_words(sum(kept))}" if kept else "none kept"
    yield "folder", from_here(search.folder.path.absolute())


def _how(search: Search) -> Iterator[tuple[str, str]]:
    """Seed and scheduler, where there are any."""
    header = search.header
    scheduler = header.spec.get("scheduler")
    if isinstance(scheduler, dict):
        options = [f"{key} {value}" for key, value in scheduler.items() if key != "type"]
        yield "scheduler", ", ".join([str(scheduler.get("type")), *options])
    if header.seed is not None:
        searcher = header.spec.get("searcher")
        yield "seed", f"{header.seed}" + (f", {searcher} search" if searcher else "")


def specification(search: Search) -> Iterator[tuple[str, str]]:
    """Dotted path and value of all that the search was asked for."""
    for path, value in flat(search.header.spec).items():
        yield path, value_in_words(value)
