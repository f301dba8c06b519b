import hashlib
import pickle
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from toolkit import Dataset
from toolkit.errors import DataError

CSV = "label,text,id\nMaler,Kunze,7\nEdv,NA,007\nEdv,Mu\u0308ller,x\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(CSV, encoding="utf-8", newline="")
    return path


def test_from_csv(file: Path) -> None:
    data = Dataset.from_csv(file)
    assert len(data) == 3
    assert data.columns == ["label", "text", "id"]
    assert data.texts == data["text"] == ["Kunze", "NA", "Müller"]
    assert data.labels == ["Maler", "Edv", "Edv"]
    assert data.unique("label") == ["Edv", "Maler"]
    assert data["id"] == ["7", "007", "x"]
    assert data.path == str(file)
    assert data.digest == hashlib.sha256(CSV.encode()).hexdigest()
    assert data.where(1) == f"{file}:3"


@pytest.mark.parametrize(("n", "rows"), [(0, 0), (2, 2), (5, 3), (None, 3)])
def test_head(file: Path, n: int | None, rows: int) -> None:
    head = Dataset.from_csv(str(file)).head(n)
    assert isinstance(head, pd.DataFrame)
    assert head.shape == (rows, 3)


def test_what_it_gives_out_does_not_change_it(file: Path) -> None:
    data = Dataset.from_csv(file)
    for frame in (data.head(None), data.to_pandas()):
        frame.loc[0, "text"] = "changed"
    data["text"].append("more")
    assert data.texts == ["Kunze", "NA", "Müller"]


def test_in_memory_data_has_the_digest_of_its_file(tmp_path: Path) -> None:
    columns = {"label": ["Edv", "Maler"], "text": ['Müller "Pc", Kiel', "Kunze"]}
    data = Dataset.from_dict(columns)
    same = Dataset.from_pandas(pd.DataFrame(columns, index=[5, 3]))
    path = tmp_path / "rows.csv"
    path.write_bytes('label,text\nEdv,"Müller ""Pc"", Kiel"\nMaler,Kunze\n'.encode())
    assert data.digest == same.digest == Dataset.from_csv(path).digest
    assert data.path is None
    assert data.where(1) == "row 1"
    assert Dataset.from_dict({**columns, "text": ["a", "b"]}).digest != data.digest


def test_a_frame_is_taken_without_its_index_and_left_as_it_was() -> None:
    frame = pd.DataFrame({"text": [" a", "b"], "label": ["x ", "y"]}, index=[5, 3])
    before = frame.copy()
    data = Dataset.from_pandas(frame)
    assert data.head(None).index.tolist() == [0, 1]
    pd.testing.assert_frame_equal(frame, before)


def test_in_memory_data_is_cleaned_like_a_file() -> None:
    data = Dataset.from_dict({"text": ["Mu\u0308ller"], "label": [" Edv "], "n": [1]})
    assert data.texts == ["Müller"]
    assert data.labels == ["Edv"]
    assert data["n"] == [1]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"text": ["a", None]}, "row 1: 'text' must be a string, got"),
        ({"text": ["a", 3]}, "row 1: 'text' must be a string, got 3"),
        ({"text": ["a", "\u200b "]}, "row 1: 'text' is blank"),
        ({"text": ["a"], "label": [""]}, "row 0: 'label' is blank"),
        ({"text": ["a", "b"], "label": ["x"]}, "same length, got {'text': 2, 'label': 1}"),
    ],
)
def test_bad_columns_are_refused(columns: dict, said: str) -> None:
    with pytest.raises(DataError) as caught:
        Dataset.from_dict(columns)
    assert said in str(caught.value)


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(DataError, match=r"\['text'\] more than once"):
        Dataset.from_pandas(pd.DataFrame([["a", "b"]], columns=["text", "text"]))


def test_a_missing_column_names_the_near_one(file: Path) -> None:
    with pytest.raises(DataError) as caught:
        Dataset.from_csv(file)["Lable"]
    assert "'label', 'text', 'id'" in str(caught.value)
    assert "did you mean 'label'?" in str(caught.value)


def test_pickles(file: Path) -> None:
    data = Dataset.from_csv(file)
    copy = pickle.loads(pickle.dumps(data))
    assert (copy.texts, copy.labels, copy.digest, copy.path) == (
        data.texts,
        data.labels,
        data.digest,
        data.path,
    )


def test_twin_labels_are_a_user_warning(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("label,text\nEdv,a\nedv,b\n")
    with pytest.warns(UserWarning, match="differ only by case") as caught:
        Dataset.from_csv(path)
    assert caught[0].filename == __file__


def test_importing_the_room_loads_no_pandas() -> None:
    code = "import sys, toolkit.data.reader; print('pandas' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
    )
