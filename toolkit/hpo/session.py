"""Starting Ray on this machine so that it works from any folder, quietly and without telemetry."""

import os
import shlex
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import ray

from toolkit.errors import ConfigurationError
from toolkit.hpo.journaling import register


@contextmanager
def ray_session(workers: int | None = None) -> Iterator[None]:
    """Ray for the time of a block; one that runs already is used and left running."""
    was_running = ray.is_initialized()
    ensure_ray(workers)
    try:
        yield
    finally:
        if not was_running:
            ray.shutdown()


def ensure_ray(workers: int | None = None) -> None:
    """Start Ray unless it runs already, with as many slots as there are workers (default: cores)."""
    register()
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with _commands_quoted():
        ray.init(
            num_cpus=workers,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            # Ray builds `bash -c "exec <python> ..."` without quotes: a path with a space would hang.
            runtime_env={"py_executable": shlex.quote(sys.executable)},
        )


@contextmanager
def _commands_quoted() -> Iterator[None]:
    """Ray joins its commands with `subprocess.list2cmdline`, which quotes as Windows does.

    In a path with an apostrophe the shell would then wait for its twin.
    """
    original = subprocess.list2cmdline
    if os.name == "posix":
        subprocess.list2cmdline = lambda seq: shlex.join(map(str, seq))
    try:
        yield
    finally:
        subprocess.list2cmdline = original


def available_resources(wanted: Mapping[str, float]) -> dict[str, float]:
    """The resources of a trial; a GPU asked for where there is none is 0, with one warning.

    Ray would wait for ever for what is not there.

    Raises:
        ConfigurationError: a trial asks for more than Ray has.
    """
    resources = {"cpu": 1, "gpu": 0, **wanted}
    there = ray.cluster_resources()
    for name, amount in resources.items():
        has = there.get(name.upper(), 0)
        if amount > has and has > 0:
            raise ConfigurationError(
                f"search.resources_per_trial.{name}: a trial asks for {amount:g}, but there are {has:g}"
            )
    if resources["gpu"] > 0 and not there.get("GPU"):
        warnings.warn(
            f"resources_per_trial asks for {resources['gpu']} GPU, but there is none: training on the CPU",
            UserWarning,
            stacklevel=3,
        )
        resources["gpu"] = 0
        if resources["cpu"] == 0:
            resources["cpu"] = 1
    return resources
