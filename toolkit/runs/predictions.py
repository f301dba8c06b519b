"""What one model says of every row of a data set, kept beside the model: for tests and confusion matrices.

A file of its own, in JSON, so that whoever compares models needs neither them nor the data.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from toolkit.errors import NotFoundError

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Predictions:
    """One model's answers, a row of the data set after the other, in the order of the file.

    Attributes:
        data: SHA-256 of the CSV file.
        model: SHA-256 of the model archive.
        labels: the label set, sorted; the numbers below count in it.
        actual, predicted: label of each row, from 0.
        probability: of the actual label, from 0 to 1; of each row.
    """

    data: str
    model: str
    labels: list[str]
    actual: list[int]
    predicted: list[int]
    probability: list[float]

    @property
    def correct(self) -> list[bool]:
        """Whether each row was predicted right."""
        return [a == b for a, b in zip(self.actual, self.predicted, strict=True)]


def write_predictions(path: Path, predictions: Predictions) -> None:
    """Write aside and rename, so that no reader meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.writing")
    text = json.dumps({"format": FORMAT_VERSION, **asdict(predictions)}, ensure_ascii=False)
    aside.write_text(f"{text}\n", encoding="utf-8")
    aside.replace(path)


def read_predictions(path: Path) -> Predictions:
    """The predictions that `write_predictions` wrote.

    Raises:
        NotFoundError: there are none, or the file is not of this format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT_VERSION:
            raise ValueError("another format")
        return Predictions(**content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotFoundError(f"no predictions can be read from {path} ({error})") from error
