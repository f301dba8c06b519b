"""A first experiment over somebody's own CSV files, and its place among the stages of `dvc.yaml`."""

import io
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from toolkit.errors import ConfigurationError

SPLITS = ("train", "valid", "test")


def path_for(name: str, folder: str, root: Path) -> Path:
    """Where the experiment file belongs, once it is known that it can be written.

    Args:
        name: letters, digits, dots, dashes and underscores.
        folder: with `train.csv`, `valid.csv` and `test.csv`, relative to `root`.

    Raises:
        ConfigurationError: the name cannot be one, a file is missing, or the experiment exists.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ConfigurationError(f"{name!r} cannot name an experiment: use letters, digits, '.', '-' and '_'")
    missing = [f"{split}.csv" for split in SPLITS if not (root / folder / f"{split}.csv").is_file()]
    if missing:
        raise ConfigurationError(f"{folder}: has no {', '.join(missing)}; it must hold train, valid and test")
    path = root / "experiments" / f"{name}.yaml"
    if path.exists():
        raise ConfigurationError(f"{path} exists already: choose another name, or edit it")
    return path


def experiment_text(name: str, folder: str) -> str:
    """The experiment file over the CSV files of a folder."""
    template = resources.files(__package__).joinpath("new_experiment.yaml").read_text(encoding="utf-8")
    return template.replace("@NAME@", name).replace("@DIR@", folder)


def pipeline_text(dvc_yaml: Path, name: str, folder: str) -> str:
    """The file with the experiment among the stages of a project like this one; its comments stay.

    Raises:
        ConfigurationError: it is no YAML, or lacks the variables and stages that this project's has.
    """
    yaml = YAML()
    yaml.width = 1000
    try:
        content = yaml.load(dvc_yaml.read_text(encoding="utf-8"))
        _add(content, name, folder)
    except (KeyError, TypeError, AttributeError, StopIteration, YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{dvc_yaml} has no vars data, experiments and baselines and no stage compare to add {name} to: "
            f"call `toolkit tune experiments/{name}.yaml` directly"
        ) from error
    stream = io.StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def _add(content: Any, name: str, folder: str) -> None:
    data = _variable(content, "data")
    key = next((key for key, path in data.items() if path == folder), name)
    data.setdefault(key, folder)
    _variable(content, "experiments")[name] = {"data": key, "test": f"{folder}/test.csv"}
    _variable(content, "baselines")[name] = key
    compare = content["stages"]["compare"]
    if not isinstance(compare["cmd"], str):
        raise TypeError("a list of commands has no place for names")
    compare["deps"] += [f"results/{search}/search.json" for search in (name, f"{name}-baseline")]
    compare["cmd"] += f" {name} {name}-baseline"


def _variable(content: Any, name: str) -> Any:
    return next(entry[name] for entry in content["vars"] if isinstance(entry, Mapping) and name in entry)
