"""The runs of a project of W&B, asked for over its API; only where there is an account.

Three requests a run: whole histories, where `run.history()` would give a sample of 500 points.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from toolkit.errors import NotFoundError, TrackerError
from toolkit.leaderboard.sources.wandb_run import WandbRun
from toolkit.runs import Status
from toolkit.runs.values import loads
from toolkit.trackers.causes import in_words
from toolkit.trackers.wandb_account import has_account

_PER_PAGE = 100
_TOLD_EVERY = 25
_ENDS = {"finished": Status.COMPLETED, "failed": Status.FAILED} | dict.fromkeys(
    ("crashed", "killed", "preempted"), Status.INTERRUPTED
)


def runs_online(path: str, talk: Callable[[str], None] = lambda line: None) -> list[WandbRun]:
    """The runs of a project, in the order in which they were created.

    Args:
        path: `ENTITY/PROJECT`.
        talk: takes a line now and then that says how far it has got.

    Raises:
        TrackerError: there is no account, or W&B does not answer as it should.
        NotFoundError: there is no such project, or it has no runs.
    """
    if not has_account(os.environ):
        raise TrackerError(
            f"W&B cannot be asked for {path!r} without an account: `wandb login`, or set WANDB_API_KEY; "
            "there is no folder of that name either"
        )
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")  # no telemetry
    try:
        found = _ask(path, talk)
    except Exception as error:  # a foreign service: whatever it raises
        if "Could not find project" in str(error):
            raise NotFoundError(f"W&B shows no project {path!r} to this account") from error
        raise TrackerError(f"W&B cannot be asked for {path!r}: {in_words(error)}") from error
    if not found:
        raise NotFoundError(f"W&B's project {path!r} has no runs")
    return found


def _ask(path: str, talk: Callable[[str], None]) -> list[WandbRun]:
    import wandb

    found = []
    with _scratch():
        runs = wandb.Api().runs(path, per_page=_PER_PAGE, lazy=False)
        for number, run in enumerate(runs, start=1):
            found.append(_run(run, path.partition("/")[2]))
            if number % _TOLD_EVERY == 0:
                talk(f"wandb {path}: {number} of {len(runs)} runs")
    return found


@contextmanager
def _scratch() -> Iterator[None]:
    """A folder that goes away again: wandb makes one for each run that it hears of, below WANDB_DIR."""
    before = os.environ.get("WANDB_DIR")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WANDB_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["WANDB_DIR"]
            if before is not None:
                os.environ["WANDB_DIR"] = before


def _run(run: Any, project: str) -> WandbRun:
    about = run.summary_metrics.get("toolkit")
    return WandbRun(
        id=run.id,
        project=project,
        config=_decoded(run.config),
        note=_decoded(about) if isinstance(about, Mapping) else {},
        rows=list(run.scan_history(use_cache=False)),
        started=int(datetime.fromisoformat(run.created_at).timestamp() * 1000),
        status=_ENDS.get(run.state, Status.RUNNING),
        group=run.group or "",
        job=run.job_type or "",
        notes=run.notes or "",
    )


def _decoded(value: Mapping[str, Any]) -> dict[str, Any]:
    """With the NaN and infinities that the mirror has marked, JSON having none."""
    decoded: dict[str, Any] = loads(json.dumps(dict(value)))
    return decoded
