"""What kept models say of each row of the validation data: predicted once, and kept beside the model."""

import shlex
from collections.abc import Callable
from pathlib import Path

from toolkit.data import Dataset
from toolkit.errors import NotFoundError
from toolkit.pipeline import Pipeline
from toolkit.recorded import recorded_file
from toolkit.runs import Run, Search
from toolkit.runs.layout import trial_predictions
from toolkit.runs.predictions import Predictions, read_predictions, write_predictions
from toolkit.runs.search import file_digest


class Predictor:
    """Gives the predictions of runs on the validation data of their searches.

    Args:
        root: of the project, to which recorded paths are relative.
        say: takes a line before the first model that has to predict.
    """

    def __init__(self, root: Path, say: Callable[[str], None] = lambda line: None) -> None:
        self._root, self._say = root, say
        self._data: dict[Path, Dataset] = {}
        self._told = False

    def of(self, search: Search, run: Run) -> Predictions:
        """What the run's kept model says; what was predicted before is read, if model and data are the same.

        Raises:
            NotFoundError: there is no model; the message says how to have it again.
            DataError: the validation file is missing or is not the recorded one, and it is needed.
            ModelError: the model cannot be read.
        """
        saved_at = trial_predictions(search.folder.path / search.header.trials, run.trial)
        digest = search.header.data.get("validation", {}).get("sha256")
        model = _model(search, run)
        try:
            saved = read_predictions(saved_at)
        except NotFoundError:
            saved = None
        if saved is not None and saved.data == digest and model is None:
            return saved  # the model was dropped after it had said this
        if model is None:
            raise NotFoundError(_how_to_have_it(search, run))
        model_digest = file_digest(model)
        if saved is not None and (saved.data, saved.model) == (digest, model_digest):
            return saved
        if not self._told:
            self._say("the models predict the validation data")
            self._told = True
        made = _predicted(model, model_digest, self._validation(search, run))
        write_predictions(saved_at, made)
        return made

    def _validation(self, search: Search, run: Run) -> Dataset:
        path = recorded_file(search.header, "validation", run, self._root)
        if path not in self._data:
            self._data[path] = Dataset.from_csv(path)
        return self._data[path]


def _model(search: Search, run: Run) -> Path | None:
    """The archive of the run's best epoch; None where it is gone."""
    model = search.model(run.trial)
    if model.is_file():
        return model
    told = [made for made in search.artifacts if (made.name, made.trial) == ("model", run.trial)]
    return next(filter(None, map(search.file_of, reversed(told))), None)


def _how_to_have_it(search: Search, run: Run) -> str:
    why = search.dropped_models.get(run.trial)
    told = "is not there" if why is None else f"was dropped ({why})"
    model = search.model(run.trial)
    shown = model.relative_to(Path.cwd()) if model.is_relative_to(Path.cwd()) else model
    return (
        f"the model of {run.run_id} {told}; "
        f"`toolkit replay {run.run_id} --model {shlex.quote(str(shown))}` trains it again"
    )


def _predicted(model: Path, digest: str, data: Dataset) -> Predictions:
    pipeline = Pipeline.from_pretrained(model)
    places = {label: place for place, label in enumerate(pipeline.labels)}
    answers = pipeline.predict_batch(data.texts)
    return Predictions(
        data=data.digest,
        model=digest,
        labels=list(pipeline.labels),
        actual=[places[label] for label in data.labels],
        predicted=[places[answer["labels"][0]] for answer in answers],
        probability=[
            answer["probabilities"][answer["labels"].index(label)]
            for answer, label in zip(answers, data.labels, strict=True)
        ],
    )
