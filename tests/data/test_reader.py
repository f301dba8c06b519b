"""What the reader answers to each kind of broken file; silently wrong data is the one failure."""

import gzip
import hashlib
import os
import unicodedata
from pathlib import Path

import pytest

from toolkit.data.reader import Limits, read_csv
from toolkit.errors import DataError


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "a file's name.csv"
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def texts(path: Path) -> list[tuple[str, ...]]:
    return read_csv(path).rows


TWO = [("Edv", "Müller Computer"), ("Maler", "Kunze")]


@pytest.mark.parametrize(
    "content",
    [
        "label,text\nEdv,Müller Computer\nMaler,Kunze\n",
        "label,text\nEdv,Müller Computer\nMaler,Kunze",
        "\ufefflabel,text\nEdv,Müller Computer\nMaler,Kunze\n",
        "label,text\r\nEdv,Müller Computer\r\nMaler,Kunze\r\n",
        "label,text\rEdv,Müller Computer\rMaler,Kunze\r",
        "label,text\nEdv,Müller Computer\nMaler,Kunze\n\n\n  \n",
        '"label","text"\n"Edv","Müller Computer"\nMaler,"Kunze"\n',
        "label,text\nEdv ,Müller Computer\n\u00a0Maler,Kunze\n",
        unicodedata.normalize("NFD", "label,text\nEdv,Müller Computer\nMaler,Kunze\n"),
    ],
    ids=["plain", "no-last-newline", "bom", "crlf", "cr", "blank-end", "quoted", "label-spaces", "nfd"],
)
def test_harmless_differences_read_alike(tmp_path: Path, content: str) -> None:
    assert texts(write(tmp_path, content)) == TWO


def test_line_breaks_inside_quotes_are_text_and_lines_are_counted(tmp_path: Path) -> None:
    rows = read_csv(write(tmp_path, 'label,text\r\nEdv,"Eins\r\nZwei\nDrei"\r\nMaler,Vier\r\n'))
    assert rows.rows == [("Edv", "Eins\r\nZwei\nDrei"), ("Maler", "Vier")]
    assert rows.lines == [2, 5]


@pytest.mark.parametrize("value", ["NA", "null", "None", "nan", "007", "1e5", "True", "-", "=1+1", "\u2028x"])
def test_every_value_stays_text(tmp_path: Path, value: str) -> None:
    assert texts(write(tmp_path, f"label,text\nEdv,{value}\n")) == [("Edv", value)]


def test_other_columns_are_kept_verbatim(tmp_path: Path) -> None:
    rows = read_csv(write(tmp_path, "id,text,label,note\n007,Foo,Edv, \n"))
    assert rows.columns == ("id", "text", "label", "note")
    assert rows.rows == [("007", "Foo", "Edv", " ")]


def test_digest_is_of_the_bytes_on_disk(tmp_path: Path) -> None:
    content = "\ufefflabel,text\r\nEdv,Foo\r\n".encode()
    assert read_csv(write(tmp_path, content)).sha256 == hashlib.sha256(content).hexdigest()


HEADER = "label,text\n"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "is empty"),
        ("\n\n", 1, "is empty"),
        (HEADER, 1, "no data rows"),
        (HEADER + "\n\n", 1, "no data rows"),
        ("label,text\nEdv,Foo\n".encode("utf-16"), 1, "UTF-16"),
        ("label,text\nEdv,Foo\n".encode("utf-16-le"), 1, "looks like UTF-16"),
        (gzip.compress(b"label,text\nEdv,Foo\n"), 1, "gzip"),
        (b"PK\x03\x04rest", 1, "zip archive"),
        ("label,text\nEdv,Foo\nEdv,Müller\n".encode("latin-1"), 3, "Latin-1"),
        (b"\xef\xbb\xbf" + "label,text\rEdv,Foo\rEdv,Müller\r".encode("latin-1"), 3, "0xfc"),
        ("label,text\nEdv,Fo\0o\n", 2, "NUL"),
        ("text\nFoo\n", 1, "must name 'label', it has 'text'"),
        ("Label,text\nEdv,Foo\n", 1, "did you mean 'Label'?"),
        ("label, text\nEdv,Foo\n", 1, "did you mean ' text'?"),
        ("Edv,Müller\nMaler,Kunze\n", 1, "is the first line a header"),
        ("\nlabel,text\nEdv,Foo\n", 1, "it has nothing"),
        ("label,text,text\nEdv,a,b\n", 1, "'text' more than once"),
        ("label;text\nEdv;Foo\n", 1, "separated by semicolons"),
        ("label\ttext\nEdv\tFoo\n", 1, "separated by tabs"),
        (HEADER + "Edv,Foo\nMaler\n", 3, "has 1 field, the header has 2"),
        (HEADER + "Edv,Foo\nMaler;Bar\n", 3, "comma instead of a semicolon"),
        (HEADER + "Edv,Müller, Peter\n", 2, "put a text with a comma in quotes"),
        (HEADER + "Edv,Foo\n\nMaler,Bar\n", 3, "blank line between rows"),
        (HEADER + 'Edv,Foo\nEdv,"Bar\nMaler,Baz\n', 3, "never closed"),
        (HEADER + 'Edv,"Bar\nMaler,"Baz"\n', 2, "never closed"),
        (HEADER + 'Edv,"Foo" Bar\nMaler,Baz\n', 2, "text follows a closing quote"),
        (HEADER + '"Edv\nx",ok\nEdv,"Foo" Bar\n', 4, "text follows a closing quote"),
        (HEADER + 'Edv,"Eins\nZwei"\n"a\nb","Foo" Bar\n', 5, "text follows a closing quote"),
        (HEADER + "Edv,\n", 2, "'text' is blank"),
        (HEADER + "Edv,   \n", 2, "'text' is blank"),
        (HEADER + "Edv,\u00a0\u200b\u3000\n", 2, "'text' is blank"),
        (HEADER + "\u200d,Foo\n", 2, "'label' is blank"),
        (HEADER + "Edv," + "x" * 10_001 + "\n", 2, "has 10,001 characters"),
        (HEADER + 'Edv,Foo\nEdv,"Bar\n' + "Maler,Kunze\n" * 20_000, 3, "quote left open"),
    ],
)
def test_broken_files_are_refused_by_line(tmp_path: Path, content: str | bytes, line: int, said: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_csv(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)


def test_a_field_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    assert len(texts(write(tmp_path, HEADER + "Edv," + "x" * 10_000 + "\n"))[0][1]) == 10_000


def test_problems_come_together(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + 'Edv\nEdv,"Foo" Bar\nEdv,fine\nEdv,\nMaler,"Baz\n,Foo\n')
    with pytest.raises(DataError) as caught:
        read_csv(path)
    found = [line.split(": ")[0].rpartition(":")[2] for line in str(caught.value).splitlines()]
    assert found == ["2", "3", "5", "6", "7"]


def test_only_the_first_ten_problems_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "Edv,\n" * 25)
    with pytest.raises(DataError) as caught:
        read_csv(path)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines[:10]] == [f"{path}:{number}" for number in range(2, 12)]
    assert len(lines) == 11
    assert "first 10 problems" in lines[10]


def test_limits_of_bytes_and_rows(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "Edv,Foo\n" * 3)
    assert len(read_csv(path, limits=Limits(bytes=35, rows=3)).rows) == 3
    with pytest.raises(DataError, match="larger than 34 bytes"):
        read_csv(path, limits=Limits(bytes=34))
    with pytest.raises(DataError, match=r"csv:4: the file has more than 2 rows"):
        read_csv(path, limits=Limits(rows=2))


def test_twin_labels_are_warned_about(tmp_path: Path) -> None:
    rows = read_csv(write(tmp_path, HEADER + "Edv,a\nedv,b\nMaler,c\nMaler ,d\n"))
    assert [row[0] for row in rows.rows] == ["Edv", "edv", "Maler", "Maler"]
    case, spaces = rows.warnings
    assert "'Edv' (line 2) and 'edv' (line 3)" in case and "kept as 2 labels" in case
    assert "'Maler' (line 4) and 'Maler ' (line 5)" in spaces and "read as one label" in spaces


def test_clean_labels_warn_of_nothing(tmp_path: Path) -> None:
    assert read_csv(write(tmp_path, HEADER + "Edv,a\nMaler,b\n")).warnings == []


def test_a_quote_left_open_that_closes_by_chance_is_warned_about(tmp_path: Path) -> None:
    rows = read_csv(write(tmp_path, HEADER + 'Edv,a\nMaler,"b\nEdv,c\nMaler,d"\nEdv,"two, and\nthree"\n'))
    assert len(rows.rows) == 3
    (warning,) = rows.warnings
    assert ":3: a quoted field holds what looks like rows" in warning


def test_missing_file_with_a_pointer_says_dvc_pull(tmp_path: Path) -> None:
    (tmp_path / "data.dvc").write_text("outs:\n- path: data\n")
    with pytest.raises(DataError, match=r"dvc pull .*data\.dvc"):
        read_csv(tmp_path / "data" / "names" / "train.csv")


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read_csv(tmp_path / "no.csv")
    (tmp_path / "train.csv").write_text("label,text\n")
    with pytest.raises(DataError, match=r"is a folder: name a CSV file, such as .*train\.csv"):
        read_csv(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="not a regular file"):
        read_csv(tmp_path / "pipe")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    path = write(tmp_path, HEADER + "Edv,Foo\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)  # root, who runs many tests, may read everything
    with pytest.raises(DataError, match="may not be read by this user"):
        read_csv(path)


def test_labels_may_be_left_out_when_not_required(tmp_path: Path) -> None:
    assert read_csv(write(tmp_path, "text\nFoo\n"), require=("text",)).rows == [("Foo",)]
