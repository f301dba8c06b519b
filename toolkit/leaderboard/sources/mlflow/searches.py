"""Runs of an MLflow store as searches of ours.

A step of MLflow's is an epoch. Where a metric has several values at one step, the latest one counts, and of
equally late ones the highest, as in MLflow's own pages.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from toolkit.leaderboard.sources.mlflow.grouping import Group
from toolkit.leaderboard.sources.mlflow.params import value_of
from toolkit.leaderboard.sources.mlflow.stored import METRIC, Record, Value
from toolkit.runs import Point, Run, Search, SearchFolder, SearchHeader, Status
from toolkit.runs.layout import run_id
from toolkit.runs.values import loads
from toolkit.trackers._mlflow_limits import fitting_name

LABELS = "toolkit.labels"
CONFIRMS = "toolkit.confirms"


def search_of(group: Group, header: SearchHeader, records: Iterable[Record], store: str) -> Search:
    """The group's search with the runs that these records tell of.

    Args:
        header: as `header_of` makes it.
        records: of all runs of the group, or of some.
        store: its address as it may be printed.
    """
    numbers = {sketch.id: number for number, sketch in enumerate(group.runs)}
    status, ended = _ending(group)
    if group.parent is None:
        runs = [_foreign_run(record, numbers[record.sketch.id]) for record in records]
    else:
        runs = [_run(record, header, numbers[record.sketch.id]) for record in records]
    return Search(
        header,
        SearchFolder(Path(store)),
        started=group.runs[0].started if group.parent is None else group.parent.sketch.started,
        status=status,
        ended=ended,
        runs={run.trial: run for run in sorted(runs, key=lambda run: run.trial)},
    )


def _ending(group: Group) -> tuple[Status, int | None]:
    """How the search stands, and since when; one of other runs goes on while one of them does."""
    if group.parent is not None:
        return group.parent.sketch.status, group.parent.sketch.ended
    going = any(sketch.status is Status.RUNNING for sketch in group.runs)
    ended = max(sketch.ended or 0 for sketch in group.runs) or None
    return Status.RUNNING if going else Status.COMPLETED, ended


def header_of(
    group: Group, name: str, store: str, metric: str | None = None, mode: str | None = None
) -> SearchHeader:
    """What the search is.

    Args:
        name: of MLflow's experiment.
        store: its address as it may be printed.
        metric, mode: of runs that toolkit did not write; of others it is known.
    """
    if group.parent is None:
        validation = {} if group.validation is None else {"validation": {"sha256": group.validation}}
        digest = hashlib.sha256("\n".join([store, group.experiment, group.validation or ""]).encode())
        return SearchHeader(
            digest.hexdigest()[:12], name, metric or "", mode or "min", job="mlflow", data=validation
        )
    tags = group.parent.tags
    record = {} if LABELS in tags else _own_record(group.parent)
    return SearchHeader(
        id=tags.get("toolkit.search", group.parent.sketch.id),
        experiment=tags.get("toolkit.experiment", name),
        metric=tags[METRIC],
        mode=tags.get("toolkit.mode", "min"),
        job=tags.get("toolkit.job", "tune"),
        seed=_whole(tags.get("toolkit.seed")),
        num_trials=_whole(tags.get("toolkit.trials")),
        spec={"confirms": json.loads(tags[CONFIRMS])} if CONFIRMS in tags else {},
        data=_data(group.parent),
        labels=_labels(tags[LABELS]) if LABELS in tags else list(record.get("labels", [])),
        provenance=_provenance(tags),
    )


def _provenance(tags: Mapping[str, str]) -> dict[str, Any]:
    """What MLflow tells of where the code came from; what the journal did not know stands nowhere."""
    found: dict[str, Any] = {ours: tags[theirs] for ours, theirs in _PROVENANCE.items() if theirs in tags}
    return {**found, "dirty": tags[_DIRTY] == "true"} if _DIRTY in tags else found


_DIRTY = "mlflow.source.git.dirty"
_PROVENANCE = {
    "commit": "mlflow.source.git.commit",
    "branch": "mlflow.source.git.branch",
    "remote": "mlflow.source.git.repoURL",
    "command": "mlflow.source.name",
    "host": "toolkit.host",
}


def _own_record(parent: Record) -> Mapping[str, Any]:
    """`search.json` among the run's files, which has what no tag of an older version says.

    Only where the files lie on this machine; else nothing is known.
    """
    place = urlsplit(parent.artifacts)
    if place.scheme not in ("", "file") or not place.path:
        return {}
    folder = Path(unquote(place.path) if place.scheme else parent.artifacts)
    try:
        record = loads((folder / "search.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _labels(text: str) -> list[str]:
    """The label set; of one that no tag holds its digest, which tells it from others all the same."""
    found = value_of(text)
    return list(found) if isinstance(found, list) else [text]


def _data(parent: Record) -> dict[str, dict[str, Any]]:
    digests = value_of(parent.tags.get("toolkit.data", "{}"))
    data: dict[str, dict[str, Any]] = {
        role: {"sha256": sha256} for role, sha256 in (digests if isinstance(digests, dict) else {}).items()
    }
    for told in parent.data:
        source, profile = _object(told.source), _object(told.profile)
        about = {"path": source.get("uri") or None, "rows": profile.get("rows")}
        if told.context in data:
            data[told.context] |= {key: value for key, value in about.items() if value is not None}
    return data


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _run(record: Record, header: SearchHeader, number: int) -> Run:
    """A trial that toolkit wrote."""
    tags, sketch = record.tags, record.sketch
    trial = _whole(tags.get("toolkit.trial"))
    trial = number if trial is None else trial
    sampled = {
        name: record.params[fitted]
        for name in _sampled(tags.get("toolkit.sampled", "[]"))
        if (fitted := fitting_name(name)) in record.params
    }
    others = record.params.keys() - {fitting_name(name) for name in sampled}
    return Run(
        run_id=tags.get("toolkit.run", run_id(header.id, trial)),
        trial=trial,
        params={name: value_of(text) for name, text in sampled.items()},
        config={name: value_of(text) for name, text in record.params.items() if name in others},
        seed=_whole(record.params.get("trainer.random_seed")),
        started=sketch.started,
        status=sketch.status,
        rung=_whole(tags.get("toolkit.rung")),
        reason=tags.get("toolkit.reason"),
        ended=sketch.ended,
        points=list(_points(record.values)),
        origin=_provenance(tags),
    )


def _foreign_run(record: Record, number: int) -> Run:
    sketch = record.sketch
    return Run(
        run_id=sketch.id,
        trial=number,
        params={name: value_of(text) for name, text in record.params.items()},
        config={},
        started=sketch.started,
        status=sketch.status,
        reason="MLflow does not say why it failed" if sketch.status is Status.FAILED else None,
        ended=sketch.ended,
        points=list(_points(record.values)),
    )


def _sampled(text: str) -> list[str]:
    """The names in the list; of one that MLflow's limit has cut, those that are whole."""
    try:
        return list(json.loads(text))
    except ValueError:
        whole = text.rpartition('", "')[0]
        return list(json.loads(f'{whole}"]')) if whole else []


def _points(values: Iterable[Value]) -> Iterator[Point]:
    latest: dict[tuple[int, str], tuple[tuple[int, float], float]] = {}
    for name, step, timestamp, value in values:
        # NaN is told apart from numbers, and below all of them.
        worth = timestamp, value if value == value else float("-inf")
        if (step, name) not in latest or worth >= latest[step, name][0]:
            latest[step, name] = worth, value
    at: dict[int, dict[str, float]] = {}
    times: dict[int, int] = {}
    for (step, name), ((timestamp, _), value) in sorted(latest.items(), key=lambda item: item[0]):
        at.setdefault(step, {})[name] = value
        times[step] = max(timestamp, times.get(step, 0))
    for step, metrics in at.items():
        yield Point(epoch=step, step=0, metrics=metrics, t=times[step])


def _whole(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
