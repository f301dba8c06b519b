"""The callback through which a search of ours, and only ours, gets its journal.

Ray makes one of these for every `tune.run` of the process, because the environment variable
RAY_TUNE_CALLBACKS names the class. It learns its search through the experiment's `public_spec`; other
people's runs have none, and it stays inert.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ray.tune import Callback
from ray.tune.experiment import Trial
from ray.tune.logger import TBXLoggerCallback

from toolkit.hpo.ray_spaces import TRIAL_INDEX
from toolkit.hpo.recording import Recording
from toolkit.hpo.trainable import REPORT
from toolkit.runs import Status

if TYPE_CHECKING:
    from toolkit.hpo.experiment import TuneExperiment

SPEC_KEY = "toolkit_experiment"
"""Key of `public_spec` under which callbacks find our experiment."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def register() -> None:
    """Have Ray make these callbacks for every run of this process."""
    ours = [f"{__name__}.{cls.__name__}" for cls in (JournalCallback, EventFilesOfOthers)]
    named = [name for name in os.environ.get("RAY_TUNE_CALLBACKS", "").split(",") if name.strip()]
    os.environ["RAY_TUNE_CALLBACKS"] = ",".join(dict.fromkeys([*named, *ours]))


class JournalCallback(Callback):
    """Writes what the trials report into the search's journal and returns at once."""

    def __init__(self) -> None:
        self._recording: Recording | None = None

    def setup(self, *args: Any, **info: Any) -> None:
        experiment: TuneExperiment | None = info.get(SPEC_KEY)
        if experiment is not None:
            self._recording = experiment.begin_recording()

    def on_trial_start(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        if self._recording is not None:
            self._recording.trial_began(_number(trial))

    def on_trial_result(
        self, iteration: int, trials: list[Trial], trial: Trial, result: Mapping[str, Any], **info: Any
    ) -> None:
        if self._recording is not None:
            self._recording.reported(_number(trial), point_of(result))

    def on_trial_complete(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        if self._recording is None:
            return
        report = trial.last_result.get(REPORT, {})
        if report.get("finished"):
            self._recording.trial_ended(_number(trial), Status.COMPLETED)
            return
        epochs = report["epoch"] + 1 if report else 0
        reason = f"stopped by the scheduler at epoch {epochs}"
        self._recording.trial_ended(_number(trial), Status.STOPPED, rung=epochs, reason=reason)

    def on_trial_error(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        if self._recording is None:
            return
        error = error_text(trial)
        self._recording.trial_ended(_number(trial), Status.FAILED, reason=error.splitlines()[-1], error=error)

    def on_experiment_end(self, trials: list[Trial], **info: Any) -> None:
        if self._recording is not None:
            self._recording.finish()


def point_of(result: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps of a result: exactly what the trial reported, nothing of Ray's own."""
    report = result[REPORT]
    metrics = {name: result[name] for name in report["metrics"]}
    return {
        "epoch": report["epoch"],
        "step": report["step"],
        "metrics": metrics,
        "seconds": report["seconds"],
    }


def error_text(trial: Trial) -> str:
    """What Ray wrote down when the trial failed: the traceback of the worker, without colours."""
    # The driver's own copy: the one in storage is not there yet.
    path = trial.error_file
    text = Path(path).read_text(encoding="utf-8") if path is not None else ""
    return _COLOUR.sub("", text).strip() or "the trial's process died"


def _number(trial: Trial) -> int:
    return trial.config[TRIAL_INDEX]


class EventFilesOfOthers(TBXLoggerCallback):
    """Ray's TensorBoard logger, except for our trials: the mirror writes theirs.

    Ray adds a logger of its own where it sees none of this class.
    """

    _ours = False

    def setup(self, *args: Any, **info: Any) -> None:
        self._ours = SPEC_KEY in info
        super().setup(*args, **info)

    def log_trial_start(self, trial: Trial) -> None:
        if not self._ours:
            super().log_trial_start(trial)

    def log_trial_result(self, iteration: int, trial: Trial, result: dict[str, Any]) -> None:
        if not self._ours:
            super().log_trial_result(iteration, trial, result)

    def log_trial_end(self, trial: Trial, failed: bool = False) -> None:
        if not self._ours:
            super().log_trial_end(trial, failed)
