"""Processors and GPUs: what is there against what may be used."""

import math
import os
from pathlib import Path

from toolkit.doctor.finding import Findings, ok, warning
from toolkit.doctor.setup import Setup

CGROUP = Path("/sys/fs/cgroup")
DEVICES = Path("/dev")


def processors(setup: Setup) -> Findings:
    """Whether a container allows fewer processors than it shows."""
    count, quota = os.cpu_count() or 1, _quota()
    if quota is not None and math.ceil(quota) < count:
        workers = max(1, math.floor(quota))
        yield warning(
            f"this container may use {quota:g} of {count} processors", f"toolkit tune --workers {workers}"
        )
    else:
        yield ok(f"{count} processors")


def _quota() -> float | None:
    """Processors that the control group allows; None for all."""
    try:
        limit, period = (CGROUP / "cpu.max").read_text().split()
        return None if limit == "max" else int(limit) / int(period)
    except (OSError, ValueError):
        pass
    try:
        limit, period = ((CGROUP / "cpu" / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return int(limit) / int(period) if int(limit) > 0 else None
    except (OSError, ValueError):
        return None


def gpus(setup: Setup) -> Findings:
    """Whether GPUs are there that nobody asks for, or asked for and not there."""
    there = len([path for path in DEVICES.glob("nvidia*") if path.name.removeprefix("nvidia").isdigit()])
    visible = setup.environment.get("CUDA_VISIBLE_DEVICES")
    hidden = visible is not None and visible.strip() in ("", "-1")
    asking = [file.name for file in setup.experiments if file.search.resources_per_trial.get("gpu", 0) > 0]
    if asking and (not there or hidden):
        why = "CUDA_VISIBLE_DEVICES hides it" if there else "there is none"
        yield warning(f"{', '.join(asking)} ask for a GPU, but {why}", "trials train on the CPU then")
    elif there and not hidden and not asking:
        yield warning(
            f"no experiment asks for the GPUs that are there ({there})",
            "search.resources_per_trial: {gpu: 1}",
        )
    else:
        yield ok(f"{there} GPUs" + (", hidden by CUDA_VISIBLE_DEVICES" if there and hidden else ""))
