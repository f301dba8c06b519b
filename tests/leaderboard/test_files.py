import os
from pathlib import Path

import pytest

from toolkit.leaderboard.files import copy_whole, write_whole


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "x.txt"
    for text in ("one\r\n", "zwölf\n"):
        assert write_whole(path, text) == path
        assert path.read_bytes() == text.encode()
    copy_whole(path, tmp_path / "y.txt")
    assert (tmp_path / "y.txt").read_bytes() == path.read_bytes()
    assert [file.name for file in path.parent.iterdir()] == ["x.txt"]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "folder", "text")
    with pytest.raises(FileNotFoundError):
        copy_whole(tmp_path / "nowhere", tmp_path / "x")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_pipe_is_written_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "a,b\n")
    assert os.read(reader, 100) == b"a,b\n"
    os.close(reader)
    assert pipe.is_fifo()
