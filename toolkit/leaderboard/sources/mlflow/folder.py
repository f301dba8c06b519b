"""An MLflow store in a folder of files, which MLflow 3 itself refuses unless it is told to allow it.

    <experiment>/meta.yaml
    <experiment>/datasets/<id>/meta.yaml
    <experiment>/<run>/meta.yaml
    <experiment>/<run>/metrics/<name>       lines: timestamp, value, step
    <experiment>/<run>/params/<name>, tags/<name>
    <experiment>/<run>/inputs/<id>/meta.yaml

A slash in a name is a folder. What lies in `.trash` is deleted; so is a run whose meta.yaml says so.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from toolkit.errors import TrackerError
from toolkit.leaderboard.sources.mlflow.address import Address
from toolkit.leaderboard.sources.mlflow.stored import (
    DESCRIBED,
    METRIC,
    PARENT,
    STATUS,
    STATUSES,
    VALIDATION,
    DataInput,
    Record,
    Sketch,
    Value,
    from_store,
)
from toolkit.runs import Status

_META = "meta.yaml"
_STATUSES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}


class FolderStore:
    """The store below a folder.

    Raises:
        TrackerError: no experiment lies in it.
    """

    def __init__(self, address: Address) -> None:
        assert address.path is not None
        self.name, self._root = address.name, address.path
        self._meta = cache(_meta)
        if not self._homes():
            raise TrackerError(
                f"{self.name} is no MLflow store: no folder in it has a {_META} of an experiment"
            )

    def experiments(self) -> Mapping[str, str]:
        return {home.name: str(self._meta(home)["name"]) for home in self._homes()}

    def sketches(self) -> Sequence[Sketch]:
        found = [
            self._sketch(folder)
            for home in self._homes()
            for folder in sorted(home.iterdir())
            if (folder / _META).is_file() and self._meta(folder).get("lifecycle_stage", "active") == "active"
        ]
        return sorted(found, key=lambda sketch: (sketch.started, sketch.id))

    def records(self, sketches: Sequence[Sketch]) -> Iterator[Record]:
        for sketch in sketches:
            folder = self._folder(sketch)
            yield Record(
                sketch,
                str(self._meta(folder).get("artifact_uri") or ""),
                dict(_texts(folder / "tags")),
                dict(_texts(folder / "params")),
                [value for name, text in _texts(folder / "metrics") for value in _values(name, text)],
                list(self._data(sketch)),
            )

    def metric_names(self) -> Sequence[str]:
        names = (name for sketch in self.sketches() for name in _names(self._folder(sketch) / "metrics"))
        return sorted(set(names))

    def measured(self, sketches: Sequence[Sketch]) -> Set[str]:
        return {sketch.id for sketch in sketches if any(_names(self._folder(sketch) / "metrics"))}

    def validation_digests(self, sketches: Sequence[Sketch]) -> Mapping[str, str]:
        return {
            sketch.id: told.digest
            for sketch in sketches
            for told in self._data(sketch)
            if told.context in VALIDATION
        }

    def _homes(self) -> list[Path]:
        return [
            home
            for home in sorted(self._root.iterdir())
            if not home.name.startswith(".")
            and (home / _META).is_file()
            and {"experiment_id", "name"} <= self._meta(home).keys()
            and self._meta(home).get("lifecycle_stage", "active") == "active"
        ]

    def _folder(self, sketch: Sketch) -> Path:
        return self._root / sketch.experiment / sketch.id

    def _sketch(self, folder: Path) -> Sketch:
        meta, tags = self._meta(folder), folder / "tags"
        status = _STATUSES.get(meta.get("status", 1), "RUNNING")
        parent = _text(tags / PARENT)
        interrupted = status == "KILLED" and _text(tags / STATUS) == Status.INTERRUPTED
        return Sketch(
            folder.name,
            folder.parent.name,
            Status.INTERRUPTED if interrupted else STATUSES[status],
            meta.get("start_time") or 0,
            meta.get("end_time"),
            parent,
            is_search=parent is None and (tags / METRIC).is_file(),
            is_described=parent is None or (tags / DESCRIBED).is_file(),
        )

    def _data(self, sketch: Sketch) -> Iterator[DataInput]:
        for path in sorted((self._folder(sketch) / "inputs").glob(f"*/{_META}")):
            told = self._meta(path.parent)
            data = self._root / sketch.experiment / "datasets" / str(told.get("source_id"))
            if (data / _META).is_file():
                about = {key: str(value or "") for key, value in self._meta(data).items()}
                parts = [about.get(key, "") for key in ("name", "digest", "source", "profile")]
                yield DataInput(str((told.get("tags") or {}).get("mlflow.data.context", "")), *parts)


def _meta(folder: Path) -> Mapping[str, Any]:
    """What the folder's meta.yaml says; nothing where it cannot be read, as while it is being written."""
    yaml = YAML(typ="safe")
    yaml.version = (1, 1)  # as MLflow writes it: `1e3` is a name there, no number
    try:
        found = yaml.load(folder / _META)
    except (OSError, YAMLError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _names(folder: Path) -> Iterator[str]:
    return (name for name, _ in _files(folder))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    return ((name, path.read_text(encoding="utf-8")) for name, path in _files(folder))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _values(name: str, text: str) -> Iterator[Value]:
    """The values of a metric's file; a line that has not been written to its end is none."""
    for line in text.splitlines():
        timestamp, value, step, *_ = [*line.split(" "), "0", "0"]
        try:
            yield Value(name, int(step), int(timestamp), from_store(float(value), is_nan=False))
        except ValueError:
            continue
