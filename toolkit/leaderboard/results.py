"""`search.json`: what a search found, without times, hosts or working files, so that it can be kept in git.

It holds enough to rank the search again where its journal is not: in a fresh clone, in another commit.
Hyperparameters that all runs share stand once. Metrics per label are left out: they would be nine
tenths of the file, and `leaderboard.csv` has those of the best epochs.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit.errors import NotFoundError, SearchError
from toolkit.leaderboard.parameters import flat
from toolkit.leaderboard.ranking import why_unranked
from toolkit.runs import Point, Project, Run, Search, SearchFolder, SearchHeader, Status
from toolkit.runs.layout import run_id
from toolkit.runs.values import dumps, loads

FORMAT_VERSION = 1
FILE_NAME = "search.json"
_KEPT = ("id", "experiment", "job", "metric", "mode", "seed", "data", "labels")
_REPETITION = re.compile(r"(?<=^[0-9a-f]{12})r\d+$")


def without_repetition(search: Search) -> Search:
    """The search under its digest alone, without the `r2` of a repetition.

    The same search trained again must write the same bytes into `results/`.
    """
    plain_id = _REPETITION.sub("", search.id)
    runs = {trial: replace(run, run_id=run_id(plain_id, trial)) for trial, run in search.runs.items()}
    return replace(search, header=replace(search.header, id=plain_id), runs=runs)


def to_results(search: Search) -> str:
    """The text of `search.json`: one line for the search, one for shared values, one a run."""
    configs = {trial: flat(run.config) for trial, run in sorted(search.runs.items())}
    shared = _shared(list(configs.values()))
    header = {key: value for key, value in search.header.to_record().items() if key in _KEPT}
    header["data"] = {role: _portable(about) for role, about in search.header.data.items()}
    runs = [_run_record(search, search.runs[trial], config, shared) for trial, config in configs.items()]
    lines = ",\n".join(dumps(run) for run in runs)
    return (
        f'{{"format": {FORMAT_VERSION},\n"search": {dumps(header)},\n"config": {dumps(shared)},\n'
        f'"runs": [\n{lines}\n]}}\n'
    )


def _portable(about: Mapping[str, Any]) -> dict[str, Any]:
    """The description of a data file with its path as it reads on every machine."""
    if about.get("path") is None:
        return dict(about)
    path, root = Path(about["path"]), Project.here().root
    if path.is_absolute():
        path = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return {**about, "path": path.as_posix()}


def _shared(configs: list[dict[str, Any]]) -> dict[str, Any]:
    if not configs:
        return {}
    first, *others = configs
    return {
        path: value
        for path, value in first.items()
        if all(path in config and config[path] == value for config in others)
    }


def _run_record(
    search: Search, run: Run, config: dict[str, Any], shared: Mapping[str, Any]
) -> dict[str, Any]:
    points = [{"epoch": point.epoch, "metrics": overall(point.metrics)} for point in run.points]
    return {
        "trial": run.trial,
        "status": run.status.value,
        "rung": run.rung,
        "reason": why_unranked(run, search.header.metric),
        "params": run.params,
        "config": {path: value for path, value in config.items() if path not in shared},
        "points": points,
    }


def overall(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics without those of single labels (`validation_fscore__Elektriker`)."""
    return {name: value for name, value in metrics.items() if "__" not in name}


def read_results(path: Path) -> Search:
    """The search that a `search.json` tells of: what its journal says, less times and metrics per label.

    Raises:
        SearchError: the file is not one that `to_results` wrote.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from error
    return results_of_text(text, str(path), path.parent)


def results_of_text(text: str, name: str, folder: Path) -> Search:
    """The search that the text of a `search.json` tells of, wherever the text comes from.

    Args:
        name: of the file, for the error.
        folder: in which it lies, or would lie.

    Raises:
        SearchError: the text is not one that `to_results` wrote.
    """
    try:
        content = loads(text)
        if content["format"] > FORMAT_VERSION:
            raise SearchError(f"{name} has format {content['format']}, this version reads {FORMAT_VERSION}")
        header = SearchHeader(**{key: content["search"][key] for key in _KEPT})
        runs = {record["trial"]: _run(header, record, content["config"]) for record in content["runs"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(name, error) from error
    return Search(header, SearchFolder(folder), started=0, status=Status.COMPLETED, runs=runs)


def _unreadable(name: str, error: Exception) -> SearchError:
    return SearchError(
        f"{name} cannot be read as results of a search ({error}): run its stage again, `dvc repro`"
    )


def _run(header: SearchHeader, record: dict[str, Any], shared: dict[str, Any]) -> Run:
    points = [Point(point["epoch"], 0, point["metrics"], t=0) for point in record["points"]]
    return Run(
        run_id=run_id(header.id, record["trial"]),
        trial=record["trial"],
        params=record["params"],
        config={**shared, **record["config"]},
        started=0,
        status=Status(record["status"]),
        rung=record["rung"],
        reason=record["reason"],
        points=points,
    )


def find_results(results: Path) -> list[Search]:
    """The searches whose results lie below the folder, by name of their experiment.

    Raises:
        NotFoundError: there are none.
    """
    found = [read_results(path) for path in sorted(results.glob(f"*/{FILE_NAME}"))]
    if not found:
        raise NotFoundError(f"no {FILE_NAME} below {results}: search first, `toolkit tune EXPERIMENT.yaml`")
    return sorted(found, key=lambda search: (search.experiment, search.id))
