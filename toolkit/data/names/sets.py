"""The embedded data sets: their sizes and noise, their rows, and the files that hold them."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from toolkit.data.names.composing import Composer
from toolkit.data.names.drawing import Draw
from toolkit.data.names.labels import LABELS, quotas
from toolkit.data.names.noise import Noise
from toolkit.data.writer import csv_bytes

# Counts up with every change that gives other rows.
VERSION = 1
COLUMNS = ("label", "text")
SPLITS = ("train", "valid", "test")
_SHORTEST, _LONGEST = 3, 180  # characters
_ATTEMPTS = 200


@dataclass(frozen=True)
class NameSet:
    """One embedded data set, fully described: the same description gives the same bytes."""

    name: str
    rows: tuple[int, int, int]  # of training, validation and test data
    seed: int
    noise: Noise


@dataclass(frozen=True)
class Row:
    """One invented business; `has_cue` is known only here and is not written to the files."""

    label: str
    text: str
    has_cue: bool


SETS = {
    "business-names": NameSet("business-names", (8000, 2000, 2000), 8, Noise()),
    "business-names-noisy": NameSet(
        "business-names-noisy", (4000, 1000, 1000), 11, Noise(typos=0.10, merged=0.06, bare_factor=4.0)
    ),
}


def draw_rows(names: NameSet) -> dict[str, list[Row]]:
    """The rows of each split, in their order; no text comes twice, whatever its case or punctuation."""
    draw = Draw(f"business-names/{VERSION}/{names.seed}")
    composer = Composer(draw, names.noise)
    taken: set[str] = set()
    splits = {}
    for split, size in zip(SPLITS, names.rows, strict=True):
        rows = [
            _new_row(composer, label, taken) for label, count in quotas(size).items() for _ in range(count)
        ]
        draw.shuffle(rows)
        splits[split] = rows
    return splits


def _new_row(composer: Composer, label: str, taken: set[str]) -> Row:
    for _ in range(_ATTEMPTS):
        name = composer.name(label)
        text = unicodedata.normalize("NFC", name.text)
        key = _letters_of(text)
        if _SHORTEST <= len(text) <= _LONGEST and key and key not in taken:
            taken.add(key)
            return Row(label, text, name.has_cue)
    raise AssertionError(f"the grammar of {label} has no new names left")


def _letters_of(text: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def make_files(names: NameSet) -> dict[str, bytes]:
    """The files of a data set by name: a CSV per split and `meta.json`, always the same bytes."""
    splits = draw_rows(names)
    files = {
        f"{split}.csv": csv_bytes(COLUMNS, ((row.label, row.text) for row in rows))
        for split, rows in splits.items()
    }
    meta = {
        "name": names.name,
        "labels": sorted(LABELS),
        "generator_version": VERSION,
        "seed": names.seed,
        "noise": asdict(names.noise),
        "rows": dict(zip(SPLITS, names.rows, strict=True)),
        "without_cue": {split: sum(not row.has_cue for row in rows) for split, rows in splits.items()},
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    files["meta.json"] = (json.dumps(meta, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode(
        "utf-8"
    )
    return files


def write_files(folder: Path, files: dict[str, bytes]) -> Iterable[Path]:
    """Write the files into a folder, which is made if need be; each is written aside and renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        aside = folder / f".{name}.part"
        aside.write_bytes(data)
        aside.replace(path)
        yield path
