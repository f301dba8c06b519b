"""From what a user types for a model to its file: a path, or the run that left it."""

from pathlib import Path

from toolkit.errors import NotFoundError
from toolkit.leaderboard.keeping import dropped_model
from toolkit.runs import Project, Run, Search, SearchFolder, find_run, load_search

_ARCHIVE = ".tar.gz"


def find_model(given: str) -> Path:
    """The file of a model; a path that ends as a model's does is taken as it is.

    Raises:
        NotFoundError: no file and no run goes by that name, or the run's model was dropped.
    """
    path = Path(given)
    if not path.exists() and given.endswith(_ARCHIVE):
        _tell_if_dropped(path.absolute())
    if path.exists() or given.endswith(_ARCHIVE):
        return path
    try:
        search, run = find_run(Project.here(), given)
    except NotFoundError as error:
        raise NotFoundError(f"{given}: there is no such model file, and {error}") from None
    return _model_of(search, run)


def _model_of(search: Search, run: Run) -> Path:
    model = search.model(run.trial)
    told = [made.path for made in search.artifacts if (made.name, made.trial) == ("model", run.trial)]
    # Of a plain training, only what is told; of a search, results/ has a copy of the best one.
    places = [model, *(search.folder.path / path for path in reversed(told))]
    found = next((path for path in places if path.is_file()), None)
    if found is not None:
        return found
    if run.trial in search.dropped_models:
        raise NotFoundError(dropped_model(search, run.trial))
    raise NotFoundError(f"{run.run_id} has no model: there is no {model}")


def _tell_if_dropped(path: Path) -> None:
    """Where a trial's model is missing because it was dropped, say that."""
    folder = next((parent for parent in path.parents if SearchFolder(parent).journal.is_file()), None)
    if folder is None:
        return
    search = load_search(folder)
    for trial in search.dropped_models:
        if search.model(trial) == path:
            raise NotFoundError(dropped_model(search, trial))
