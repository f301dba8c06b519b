"""The runs in MLflow that mirror one journal: the search's own, and its trials' below it.

The same search may be recorded twice: here after `runs/` was emptied, or by somebody else who mirrors to
the same server. Ids are equal then, but the journals are two, and their points have times of their own. So
each journal has a parent run of its own, known by the time at which its search began, and leaves the
others' alone.
"""

from collections.abc import Iterator
from typing import Any

from mlflow.entities import Run as MlflowRun
from mlflow.entities import ViewType

_A_PAGE = 1000


def runs_of(client: Any, experiment: str, search_id: str, started: int) -> list[MlflowRun]:
    """The search's run and its trials', the earliest first.

    Args:
        client: an `MlflowClient`, or what acts like one.
        experiment: MLflow's id of it.
        started: when the search began, UTC milliseconds, as its journal says.
    """
    found = list(_every(client, experiment, search_id))
    parents = {
        run.info.run_id
        for run in found
        if run.data.tags["toolkit.run"] == search_id and run.info.start_time == started
    }
    return [run for run in found if {run.info.run_id, run.data.tags.get("mlflow.parentRunId")} & parents]


def _every(client: Any, experiment: str, search_id: str) -> Iterator[MlflowRun]:
    token = None
    while True:
        page = client.search_runs(
            [experiment],
            filter_string=f"tags.`toolkit.search` = '{search_id}'",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=_A_PAGE,
            order_by=["attributes.start_time ASC"],
            page_token=token,
        )
        yield from page
        token = page.token
        if not token:
            return
