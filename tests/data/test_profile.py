from pathlib import Path

import pytest

from toolkit.data import Dataset
from toolkit.data.profile import profile, profile_splits
from toolkit.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my names"
    folder.mkdir()
    (folder / "train.csv").write_bytes(
        "label,text\nEdv,Eins Zwei\nEdv,Eins Zwei\nMaler,Ä-b c\nEdv,x\n".encode()
    )
    (folder / "valid.csv").write_bytes(b"label,text\nEdv,x\nMaler,y\n")
    return folder


def test_profile(folder: Path) -> None:
    found = profile(folder)
    assert found["name"] == "my names"
    assert found["rows"] == 6
    assert found["labels"] == ["Edv", "Maler"]
    assert found["duplicates"] == {"within_splits": 1, "across_splits": 1, "two_labels": 0}
    assert found["splits"].keys() == {"train", "valid"}
    train = found["splits"]["train"]
    assert train == {
        "sha256": Dataset.from_csv(folder / "train.csv").digest,
        "rows": 4,
        "shares": {"Edv": 0.75, "Maler": 0.25},
        "characters": {"mean": 6.0, "median": 7.0, "p95": 9},
        "tokens": {"mean": 2.0, "median": 2.0, "p95": 3},
    }


def test_a_text_under_two_labels_is_counted() -> None:
    data = Dataset.from_dict({"text": ["a", "a", "b"], "label": ["x", "y", "x"]})
    assert profile_splits("memory", {"train": data})["duplicates"]["two_labels"] == 1


def test_ninety_five_per_cent_of_a_hundred_rows() -> None:
    data = Dataset.from_dict({"text": ["x" * n for n in range(1, 101)], "label": ["a"] * 100})
    assert profile_splits("memory", {"train": data})["characters"] == {
        "mean": 50.5,
        "median": 50.5,
        "p95": 95,
    }


def test_a_test_split_is_read_when_it_is_there(folder: Path) -> None:
    (folder / "test.csv").write_bytes(b"label,text\nEdv,z\n")
    assert list(profile(folder)["splits"]) == ["train", "valid", "test"]


def test_problems_of_all_splits_come_together(folder: Path) -> None:
    for split in ("train", "valid"):
        (folder / f"{split}.csv").write_bytes(b"label,text\nEdv,\n")
    with pytest.raises(DataError) as caught:
        profile(folder)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        f"{folder}/train.csv:2",
        f"{folder}/valid.csv:2",
    ]
