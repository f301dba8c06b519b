"""What differs between two versions of `dvc.lock`: what the stages were given, and what they made of it.

Digests of results follow from the results and are no news beside them. Other parameters, data, code,
commands or stages are: they say why the results are not the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from toolkit.leaderboard.closeness import MISSING, is_same, pair_in_words
from toolkit.leaderboard.difference import Difference, Weight
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.result_files import LOCK, RESULTS, ResultFile, experiment_of, state_of
from toolkit.runs import Revision

_NAMED = 5


@dataclass(frozen=True)
class Stage:
    """What the lock says of one stage.

    Attributes:
        command: as DVC ran it.
        params: file -> dotted path -> value.
        reads, writes: path -> digest, size and number of files.
    """

    name: str
    command: str
    params: Mapping[str, Mapping[str, Any]]
    reads: Mapping[str, Mapping[str, Any]]
    writes: Mapping[str, Mapping[str, Any]]

    @property
    def experiments(self) -> set[str]:
        """The folders below `results/` that it writes to."""
        return {name for name in map(experiment_of, self.writes) if name is not None}


@dataclass(frozen=True)
class LockChanges:
    """What is not as committed in the lock.

    Attributes:
        differences: the news.
        digests: results of which it has other digests.
    """

    differences: Sequence[Difference] = ()
    digests: Collection[str] = ()


def lock_changes(
    revision: Revision, files: Collection[ResultFile], experiments: Collection[str]
) -> LockChanges:
    """Hold the lock of the revision's folder against the committed one.

    Args:
        files: all results; of those that lie there as committed, the lock must not say something else.
        experiments: look at the stages that write to their folders only; at all where none is named.

    Raises:
        NotFoundError: git cannot say whether the two are the same.
        OSError: the file cannot be read.
    """
    blob, place = revision.files(LOCK).get(LOCK), revision.folder / LOCK
    if blob is None and (not place.is_file() or revision.ignored([LOCK])):
        return LockChanges()
    lock = state_of(revision, LOCK, blob, place)
    if lock.state == "same":
        return LockChanges()
    if lock.state != "changed":
        return LockChanges([Difference(Weight.FILES, None, LOCK, f"is {lock.state}")])
    before, now = read_lock(lock.before, experiments), read_lock(lock.now, experiments)
    if before is None or now is None:
        return LockChanges([Difference(Weight.FILES, None, LOCK, "cannot be read as DVC writes it")])
    found = _changes(before, now, {file.path for file in files if file.state == "same"})
    if found.differences or found.digests or experiments:
        return found
    return LockChanges([Difference(Weight.LAST_DIGITS, None, LOCK, "has the same values, written otherwise")])


def read_lock(content: bytes, experiments: Collection[str] = ()) -> dict[str, Stage] | None:
    """Name -> stage, of those that write to the experiments' folders; None where it is no lock.

    Args:
        experiments: all stages are kept where none is named.
    """
    try:
        document = YAML(typ="safe", pure=True).load(content.decode("utf-8"))
        stages = [_stage(name, about) for name, about in document["stages"].items()]
    except (ValueError, YAMLError, KeyError, TypeError, AttributeError):
        return None
    return {stage.name: stage for stage in stages if not experiments or stage.experiments & {*experiments}}


def _stage(name: str, about: Mapping[str, Any]) -> Stage:
    params = {file: flat(values) for file, values in about.get("params", {}).items()}
    reads, writes = (
        {entry["path"]: {key: value for key, value in entry.items() if key != "path"} for entry in entries}
        for entries in (about.get("deps", []), about.get("outs", []))
    )
    return Stage(name, str(about.get("cmd")), params, reads, writes)


def _changes(
    before: Mapping[str, Stage], now: Mapping[str, Stage], same_results: Collection[str]
) -> LockChanges:
    common = [(before[name], now[name]) for name in before if name in now]
    return LockChanges(
        [
            *_other_stages(before, now),
            *_other_params(common),
            *_other_commands(common),
            *_other_inputs(common),
            *_unfounded(common, same_results),
        ],
        set(_other_results(common)),
    )


def _other_stages(before: Mapping[str, Stage], now: Mapping[str, Stage]) -> Iterator[Difference]:
    for stages, others, word in ((before, now, "gone"), (now, before, "new")):
        names = [name for name in stages if name not in others]
        if names:
            experiments = {name: stages[name].experiments for name in names}
            yield _of_the_lock(f"stages that are {word}: {_listed(names)}", experiments.values())


def _other_params(common: Collection[tuple[Stage, Stage]]) -> Iterator[Difference]:
    """One difference a file; a parameter of several stages stands once."""
    changed: dict[str, dict[str, str]] = {}
    owners: dict[str, set[str]] = {}
    for one, other in common:
        for file in {**one.params, **other.params}:
            told = dict(_told_params(one.params.get(file, {}), other.params.get(file, {})))
            if told:
                changed.setdefault(file, {}).update(told)
                owners.setdefault(file, set()).update(one.experiments)
    for file, told in changed.items():
        yield Difference(Weight.INPUTS, _only(owners[file]), file, _listed(list(told.values())))


def _told_params(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Dotted path -> `search.num_samples 5 -> 3`."""
    for path in {**before, **now}:
        one, other = before.get(path, MISSING), now.get(path, MISSING)
        if not is_same(one, other):
            old, new = pair_in_words(one, other)
            yield path, f"{path} {old} -> {new}"


def _other_commands(common: Collection[tuple[Stage, Stage]]) -> Iterator[Difference]:
    changed = [one for one, other in common if one.command != other.command]
    if changed:
        names = _listed([stage.name for stage in changed])
        yield _of_the_lock(f"stages with another command: {names}", [stage.experiments for stage in changed])


def _other_inputs(common: Collection[tuple[Stage, Stage]]) -> Iterator[Difference]:
    """Code and data, and what a stage reads or writes now and did not before, in one difference."""
    changed: dict[str, None] = {}
    experiments = []
    for one, other in common:
        paths = [path for path in _other_paths(one.reads, other.reads) if not _is_result(path)]
        paths += {*one.reads} ^ {*other.reads} | {*one.writes} ^ {*other.writes}
        if paths:
            changed.update(dict.fromkeys(sorted(paths)))
            experiments.append(one.experiments)
    if changed:
        yield _of_the_lock(f"what the stages read or write changed: {_listed(list(changed))}", experiments)


def _unfounded(
    common: Collection[tuple[Stage, Stage]], same_results: Collection[str]
) -> Iterator[Difference]:
    """Digests that changed though the files did not: the lock and the results are of two runs."""
    for path in dict.fromkeys(_other_results(common)):
        if path in same_results:
            told = f"has another digest of {path}, which lies there as committed"
            yield Difference(Weight.VALUES, experiment_of(path), LOCK, told)


def _other_results(common: Collection[tuple[Stage, Stage]]) -> Iterator[str]:
    for one, other in common:
        paths = [*_other_paths(one.writes, other.writes), *_other_paths(one.reads, other.reads)]
        yield from (path for path in paths if path in one.writes or _is_result(path))


def _other_paths(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The paths in both whose digests differ."""
    return [path for path, about in before.items() if path in now and now[path] != about]


def _is_result(path: str) -> bool:
    return path.startswith(f"{RESULTS}/")


def _of_the_lock(what: str, experiments: Collection[set[str]]) -> Difference:
    return Difference(Weight.INPUTS, _only(set().union(*experiments)), LOCK, what)


def _only(experiments: set[str]) -> str | None:
    """The one experiment there is; None where there are several or none."""
    return next(iter(experiments)) if len(experiments) == 1 else None


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def timed_experiments(stages: Mapping[str, Stage]) -> set[str]:
    """Experiments whose scheduler stops trials by the order in which their reports arrive."""
    return {
        experiment
        for stage in stages.values()
        if any(about.get("search.scheduler.type") == "asha_async" for about in stage.params.values())
        for experiment in stage.experiments
    }
