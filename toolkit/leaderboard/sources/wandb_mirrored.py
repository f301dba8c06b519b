"""Searches of ours as W&B has them: what the mirror wrote, read back into what the journal says.

W&B has no wall time of an epoch and no count of optimiser updates; those of such a run are not known.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from toolkit.leaderboard.sources.wandb_run import OWN_NAMES, WandbRun
from toolkit.runs import ParamChange, Point, Run, Search, SearchFolder, SearchHeader, Status

_OF_THE_SEARCH = frozenset(
    {"search", "experiment", "metric", "mode", "search_seed", "data", "labels", "confirms"}
)
_OF_THE_TRIAL = frozenset({"trial", "seed", "params", "changes"})
_TEXTS = ("search", "experiment", "metric")


def is_mirrored(run: WandbRun) -> bool:
    """Whether our mirror wrote the run: its configuration has a section `toolkit` that names its search."""
    about = run.config.get("toolkit")
    if not isinstance(about, Mapping) or about.get("mode") not in ("min", "max"):
        return False
    return all(isinstance(about.get(name), str) for name in _TEXTS)


def mirrored_searches(runs: Iterable[WandbRun], place: Path) -> list[Search]:
    """The searches that the runs belong to, in the order in which they began.

    Args:
        runs: of trials, and of whole searches, which say how those ended.
        place: folder that the searches are said to lie in.
    """
    found: dict[tuple[str, str], Search] = {}
    for run in runs:
        about = run.config["toolkit"]
        key = (about["experiment"], about["search"])
        if key not in found:
            found[key] = Search(_header(run), SearchFolder(place), started=_began(run))
        _add(found[key], run)
    for search in found.values():
        search.runs = dict(sorted(search.runs.items()))
        _measure(search)
    return sorted(found.values(), key=lambda search: (search.started, search.id))


def _header(run: WandbRun) -> SearchHeader:
    about = run.config["toolkit"]
    return SearchHeader(
        id=about["search"],
        experiment=about["experiment"],
        metric=about["metric"],
        mode=about["mode"],
        job=run.job,
        seed=about.get("search_seed"),
        spec={"confirms": about["confirms"]} if "confirms" in about else {},
        data=about.get("data") or {},
        labels=_labels(run.config),
        provenance=_origin(about),
        note=run.notes,
    )


def _labels(config: Mapping[str, Any]) -> list[str]:
    """As the mirror notes them; those of the classifier where an older version of it wrote the run."""
    given = config["toolkit"].get("labels")
    head = config.get("pipeline", {}).get("head", {})
    return sorted(head.get("labels") or []) if given is None else given


def _origin(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in about.items() if name not in _OF_THE_SEARCH | _OF_THE_TRIAL}


def _began(run: WandbRun) -> int:
    """When it was trained, which may be long before it was sent."""
    return min(map(run.time_of, run.rows), default=run.started)


def _add(search: Search, run: WandbRun) -> None:
    """Take the run into its search: as a trial, or as what the search itself says."""
    trial = run.config["toolkit"].get("trial")
    if not isinstance(trial, int):
        search.status = _status(run)
        return
    search.started = min(search.started, _began(run))
    if search.header.job == "search":  # the page of the whole search came first
        search.header = _header(run)
    search.runs.setdefault(trial, _run(run, trial))


def _status(run: WandbRun) -> Status:
    """What the mirror noted; without a note the run had not ended when the mirror last wrote."""
    told = run.note.get("status")
    return Status(str(told)) if told in [*Status] else Status.RUNNING


def _run(run: WandbRun, trial: int) -> Run:
    about = run.config["toolkit"]
    changes = about.get("changes") or []
    return Run(
        run_id=run.id,
        trial=trial,
        params=about.get("params") or {},
        config={name: value for name, value in run.config.items() if name != "toolkit"},
        started=run.started,
        seed=about.get("seed"),
        status=_status(run),
        rung=run.note.get("rung"),
        reason=run.note.get("reason"),
        error=run.note.get("error"),
        points=_points(run),
        origin=_origin(about),
        changes=[ParamChange(change["epoch"], change["params"], change["t"]) for change in changes],
    )


def _points(run: WandbRun) -> list[Point]:
    points: dict[int, Point] = {}
    for row in run.rows:
        epoch = row.get("_step")
        if isinstance(epoch, int):
            points.setdefault(epoch, Point(epoch, 0, _metrics(row), run.time_of(row)))
    return [points[epoch] for epoch in sorted(points)]


def _metrics(row: Mapping[str, Any]) -> dict[str, Any]:
    """By name: a history keeps no order."""
    from toolkit.trackers._wandb import original_name  # loads wandb, which whoever has such runs has loaded

    return {original_name(name): row[name] for name in sorted(row.keys() - OWN_NAMES - {"epoch"})}


def _measure(search: Search) -> None:
    """Make floats of the whole numbers of a metric that also has fractions: W&B says 1 for 1.0.

    Those of single labels (`validation_fscore__Hotels`) are one metric: a rare label may have 0.0 throughout.
    """
    metrics = [point.metrics for run in search.runs.values() for point in run.points]
    measured = {_family(name) for values in metrics for name in values if type(values[name]) is float}
    for values in metrics:
        for name, value in values.items():
            if type(value) is int and abs(value) < 2**53 and _family(name) in measured:
                values[name] = float(value)


def _family(name: str) -> str:
    return name.partition("__")[0]
