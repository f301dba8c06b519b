"""YAML 1.2 as DVC reads it: `1e-4` is a number and `on` is a word."""

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from toolkit.errors import ConfigurationError


def read_yaml(path: str | Path) -> dict[str, Any]:
    """The dictionary in a YAML file.

    Raises:
        ConfigurationError: no such file, not YAML (with the line), or not a dictionary.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from None
    return from_yaml(text, where=str(path))


def from_yaml(text: str, *, where: str) -> dict[str, Any]:
    """The dictionary that the YAML text holds; `where` names it in messages."""
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f":{mark.line + 1}"
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ConfigurationError(f"{where}{line}: is not YAML: {problem}") from None
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: must hold a dictionary, got {type(value).__name__}")
    return value


def to_yaml(value: dict[str, Any]) -> str:
    """The dictionary as YAML in block style, keys in their order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()
