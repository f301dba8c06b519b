"""What MLflow loads a registered model with: `mlflow.pyfunc.load_model("models:/NAME@champion")`.

A model's `MLmodel` file names this module as its loader, so the module keeps its name and `_load_pyfunc`.
It imports no mlflow: MLflow calls it, with the `model.tar.gz` of the run that was registered.
"""

from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.pipeline import Pipeline

TEXT = "text"


class TextModel:
    """A trained pipeline as MLflow calls it."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> list[dict[str, list[Any]]]:
        """Of each text what `Pipeline.predict` says of it: all labels and their probabilities.

        Text by text: in a batch the last bits of a probability hang on the texts beside it.

        Args:
            model_input: texts, a list of dictionaries with the key `text`, or a frame with that column.

        Raises:
            DataError: there is no such column, or a text is blank.
        """
        return [self.pipeline.predict(text) for text in _texts(model_input)]


def _load_pyfunc(data_path: str) -> TextModel:
    return TextModel(Pipeline.from_pretrained(data_path))


def _texts(model_input: Any) -> list[Any]:
    """MLflow makes a frame of whatever it was given; a list of texts is its column 0."""
    frame = model_input if isinstance(model_input, pd.DataFrame) else pd.DataFrame(model_input)
    for column in (TEXT, 0):
        if column in frame.columns:
            return frame[column].tolist()
    raise DataError(
        f"there are no texts: the first column must be {TEXT!r}, it is {', '.join(map(repr, frame.columns))}"
    )
