import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from toolkit.data.names import SETS, NameSet, draw_rows, make_files, write_files
from toolkit.data.names.labels import LABELS, quotas
from toolkit.data.names.noise import Noise

SMALL = NameSet("small", (400, 100, 100), 3, Noise())
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return make_files(SMALL)


def test_the_same_description_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    assert make_files(SMALL) == files
    assert make_files(replace(SMALL, seed=4))["train.csv"] != files["train.csv"]


def test_bytes_depend_neither_on_hash_seed_nor_on_packages() -> None:
    """As on another machine: other hash seed, no site-packages, so nothing but the standard library."""
    code = (
        "import hashlib; from toolkit.data.names import SETS, make_files;"
        "print(hashlib.sha256(b''.join(make_files(SETS['business-names']).values())).hexdigest())"
    )
    expected = hashlib.sha256(b"".join(make_files(SETS["business-names"]).values())).hexdigest()
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected


def test_the_pulled_files_are_what_the_generator_makes() -> None:
    for name, description in SETS.items():
        for file, data in make_files(description).items():
            assert (ROOT / "data" / name / file).read_bytes() == data, f"data/{name}/{file}"


def test_form_of_the_files(files: dict[str, bytes]) -> None:
    data = files["train.csv"]
    text = data.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf")
    assert text.startswith("label,text\n") and text.endswith("\n") and not text.endswith("\n\n")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == 401
    quoted = sum("," in label or "," in name for label, name in rows)
    assert text.count('"') == 2 * quoted  # quotes only where a comma asks for them


def test_meta(files: dict[str, bytes]) -> None:
    meta = json.loads(files["meta.json"])
    assert meta["labels"] == sorted(LABELS)
    assert meta["rows"] == {"train": 400, "valid": 100, "test": 100}
    assert meta["seed"] == 3
    assert meta["noise"] == {"typos": 0.012, "merged": 0.025, "bare_factor": 1.0}
    assert meta["sha256"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "meta.json"
    }


def test_no_text_comes_twice() -> None:
    texts = [row.text.casefold() for rows in draw_rows(SMALL).values() for row in rows]
    assert len(set(texts)) == len(texts) == 600


def test_noise_is_what_is_asked_for() -> None:
    clean = draw_rows(replace(SMALL, noise=Noise(bare_factor=0.0)))["train"]
    bare = draw_rows(replace(SMALL, noise=Noise(bare_factor=8.0)))["train"]
    assert (
        sum(not row.has_cue for row in clean) < 0.03 * 400 < 0.15 * 400 < sum(not row.has_cue for row in bare)
    )


@pytest.mark.parametrize("rows", [22, 100, 1000, 8000])
def test_quotas_add_up_and_keep_the_shares(rows: int) -> None:
    counts = quotas(rows)
    total = sum(label.weight for label in LABELS.values())
    assert sum(counts.values()) == rows
    assert all(abs(counts[name] - rows * LABELS[name].weight / total) < 1 for name in LABELS)


def test_rows_follow_the_quotas() -> None:
    assert Counter(row.label for row in draw_rows(SMALL)["train"]) == Counter(quotas(400))


def test_writing_replaces_files_and_leaves_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "set"
    for _ in range(2):
        written = list(write_files(folder, {"a.csv": b"1", "b.csv": b"2"}))
    assert written == [folder / "a.csv", folder / "b.csv"]
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv"]
