"""Which hyperparameters tell the runs of a leaderboard apart, and the short names they go by.

Shown are all paths that a search sampled, and those values of the resolved configurations that differ
between runs that have them: so a run without search spaces stands beside sampled ones with its own
values. A path that only some runs have is no difference by itself, else a rival of another kind (the
baseline) would bring the whole configuration into view. Labels, names and the random seed are not
hyperparameters.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_NO_HYPERPARAMETERS = frozenset({"pipeline.head.labels", "pipeline.name", "trainer.random_seed"})


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted path -> value of everything in the nested dictionary that is no dictionary itself."""
    found: dict[str, Any] = {}
    _flatten(config, "", found)
    return found


def _flatten(config: Mapping[str, Any], prefix: str, found: dict[str, Any]) -> None:
    for key, value in config.items():
        if isinstance(value, dict) and value:  # asking for a Mapping takes four times as long
            _flatten(value, f"{prefix}{key}.", found)
        else:
            found[f"{prefix}{key}"] = value


def is_shown(path: str, sampled: Iterable[str]) -> bool:
    """Whether a path that tells runs apart is a hyperparameter that no sampled one covers."""
    covered = any(path == other or path.startswith(f"{other}.") for other in sampled)
    return not covered and path not in _NO_HYPERPARAMETERS


def short_names(paths: Sequence[str], words: int = 2) -> dict[str, str]:
    """Dotted path -> its shortest suffix of at least `words` words that names no other of the paths."""
    return {path: _short_name(path, paths, words) for path in paths}


def _short_name(path: str, paths: Sequence[str], words: int) -> str:
    parts = path.split(".")
    for count in range(min(words, len(parts)), len(parts)):
        suffix = ".".join(parts[-count:])
        if not any(other != path and f".{other}".endswith(f".{suffix}") for other in paths):
            return suffix
    return path
