"""An experiment-tracking-centric MLOps toolkit: searches that reproduce, mirrors that lose nothing.

Importing it starts nothing and loads neither torch, pandas, ray, mlflow nor wandb: the names below
are resolved when they are first used (PEP 562).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit import hpo as hpo
    from toolkit.data import Dataset as Dataset
    from toolkit.leaderboard.framing.compare import compare as compare
    from toolkit.pipeline import Pipeline as Pipeline

__version__ = "0.1.0"
__all__ = ["Dataset", "Pipeline", "__version__", "compare", "hpo"]

_HOMES = {
    "Pipeline": "toolkit.pipeline",
    "Dataset": "toolkit.data",
    "compare": "toolkit.leaderboard.framing.compare",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name == "hpo":
        return importlib.import_module("toolkit.hpo")
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
