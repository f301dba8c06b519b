"""Predictions kept beside a model."""

from pathlib import Path

import pytest

from toolkit.errors import NotFoundError
from toolkit.runs.predictions import Predictions, read_predictions, write_predictions

SOME = Predictions(
    "ab" * 32, "cd" * 32, ["Bäcker", "Elektriker"], [0, 1, 1], [0, 1, 0], [0.9, 0.1 + 0.2, 0.4]
)


def test_predictions_read_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "training" / "validation_predictions.json"
    write_predictions(path, SOME)
    assert read_predictions(path) == SOME
    assert SOME.correct == [True, True, False]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "data": "ab"}'])
def test_another_file_is_no_predictions(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(NotFoundError, match="no predictions can be read"):
        read_predictions(path)
