"""MLflow's client, asked again at once where that can do no harm: for servers that fail now and then.

A run takes a dozen calls to describe; of a server that fails one call in five, hardly any would get through
all of them. MLflow's own retries make no difference between calls, and might create a run twice.
"""

import time
from collections.abc import Callable
from typing import Any

import mlflow

_TRIES = 3
_AT_ONCE_SECONDS = 1.0
_ONCE_ONLY = {"create_experiment", "create_run"}


class PatientClient:
    """An `MlflowClient` whose calls, those apart that create something, are tried three times.

    A call that took more than a second to fail, in a timeout or a lock, is not: that would add up.
    """

    def __init__(self, client: mlflow.MlflowClient) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._client, name)
        return call if name in _ONCE_ONLY else _tried(call)


def _tried(call: Callable[..., Any]) -> Callable[..., Any]:
    def tried(*arguments: Any, **options: Any) -> Any:
        for left in reversed(range(_TRIES)):
            began = time.monotonic()
            try:
                return call(*arguments, **options)
            except Exception:  # whatever the client raises: after the last try it is the caller's
                if not left or time.monotonic() - began > _AT_ONCE_SECONDS:
                    raise
        return None

    return tried
