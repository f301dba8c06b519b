"""The folder of an output is there, or it is said at once why it cannot be."""

from pathlib import Path

import pytest

from toolkit.errors import ModelError
from toolkit.training.output_folder import make_output_folder


def test_makes_parents_and_takes_a_folder_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert make_output_folder(folder) == make_output_folder(str(folder)) == folder
    assert folder.is_dir()


@pytest.mark.parametrize("below", ["file", "file/x", "file/x/y"])
def test_names_the_folder_that_cannot_be(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ModelError, match=rf"{below}: cannot be made the folder of the output: .+; name another"
    ):
        make_output_folder(tmp_path / below)


def test_names_the_folder_that_nothing_may_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(ModelError, match="can be written to"):
        make_output_folder(tmp_path)
