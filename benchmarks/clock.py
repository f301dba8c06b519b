"""What a process costs: wall time and CPU time, its start included."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A process that may not keep its compiled modules compiles them anew at every start; nobody's does.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_ENVIRONMENT["PYTHONPATH"] = str(Path(__file__).parents[1])  # this toolkit, whichever is installed
_QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "DVC_NO_ANALYTICS": "true"}


@dataclass(frozen=True)
class Taken:
    """Seconds of one process, and what it printed."""

    wall: float
    cpu: float
    printed: str


def taken(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    limit: float | None = None,
) -> Taken:
    """Run a command in a folder; no other child may run meanwhile.

    Raises:
        CalledProcessError: it failed.
        TimeoutExpired: it was ended after `limit` seconds.
    """
    before, began = _children(), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**_ENVIRONMENT, **_QUIET, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        timeout=limit,
    )
    return Taken(time.perf_counter() - began, _children() - before, done.stdout)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True)
class Cost:
    """Several runs of one command, in seconds.

    Attributes:
        inside: of that, what the question took after the imports; None where nobody looked.
    """

    median: float
    least: float
    cpu: float
    inside: float | None = None

    @classmethod
    def of(cls, several: Sequence[Taken], inside: Sequence[float] = ()) -> "Cost":
        walls = [each.wall for each in several]
        cpu = statistics.median(each.cpu for each in several)
        return cls(statistics.median(walls), min(walls), cpu, statistics.median(inside) if inside else None)


def machine() -> str:
    """The processor, the number of cores, and how busy they are."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    name = names[0].partition(": ")[2] if names else "unknown processor"
    loads = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return f"{os.cpu_count()} cores, {name}; load {loads}"
