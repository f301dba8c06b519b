"""The history of metrics of many runs, in few requests: a call per run and metric takes a minute over HTTP.

A server answers for a hundred runs at once (`metrics/get-history-bulk-interval`). It thins out what is longer
than a limit; a run that comes near it is asked for alone. Another store, or a server without that endpoint,
is asked run by run.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.protos.service_pb2 import GetMetricHistoryBulkInterval
from mlflow.store.tracking.rest_store import RestStore
from mlflow.utils.proto_json_utils import message_to_json

RUNS_A_CALL = 100
_POINTS_A_RUN = 2500


class StoredPoint(NamedTuple):
    """A value as MLflow keeps it; `run` is MLflow's id."""

    run: str
    step: int
    timestamp: int
    value: float


def histories(
    client: mlflow.MlflowClient, runs: Sequence[str], metric: str
) -> Iterator[tuple[str, int, float]]:
    """(MLflow's run id, step, value) of every stored point of the metric, as often as stored.

    Args:
        runs: MLflow's ids of the runs that have the metric.
    """
    return ((point.run, point.step, point.value) for point in stored_points(client, runs, metric))


def stored_points(client: mlflow.MlflowClient, runs: Sequence[str], metric: str) -> Iterator[StoredPoint]:
    """Every stored point of the metric, as `histories` has it, with its time."""
    rest = iter(runs)
    while some := list(itertools.islice(rest, RUNS_A_CALL)):
        whole = _at_once(client, some, metric)
        yield from (point for points in whole.values() for point in points)
        for run in some:
            if run not in whole:
                history = client.get_metric_history(run, metric)
                yield from (StoredPoint(run, point.step, point.timestamp, point.value) for point in history)


def _at_once(client: mlflow.MlflowClient, runs: Sequence[str], metric: str) -> dict[str, list[StoredPoint]]:
    """Run -> its points, for the runs of which the server surely sent every point."""
    store = client._tracking_client.store  # the client has no verb for it
    if not isinstance(store, RestStore):
        return {}
    request = GetMetricHistoryBulkInterval(run_ids=runs, metric_key=metric, max_results=_POINTS_A_RUN)
    try:
        points = store._call_endpoint(GetMetricHistoryBulkInterval, message_to_json(request)).metrics
    except MlflowException:  # an older server; what is really wrong is told by the call that follows
        return {}
    counts = Counter(point.run_id for point in points)
    found: dict[str, list[StoredPoint]] = {run: [] for run, count in counts.items() if count < _POINTS_A_RUN}
    for point in points:
        if point.run_id in found:
            found[point.run_id].append(StoredPoint(point.run_id, point.step, point.timestamp, point.value))
    return found
