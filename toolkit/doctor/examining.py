"""All checks, in the order in which they are told."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from toolkit.doctor import disk, installation, machine, mlflow_store, recorded, repository, services
from toolkit.doctor.finding import Finding, Findings, ok, warning
from toolkit.doctor.setup import Setup

CHECKS: dict[str, Callable[[Setup], Findings]] = {
    "python": installation.python,
    "packages": installation.packages,
    "project": repository.project,
    "git": repository.git,
    "data": repository.data,
    "remote": repository.remote,
    "stages": repository.stages,
    "experiments": services.experiments,
    "trackers": services.trackers,
    "variables": services.variables,
    "mlflow": mlflow_store.store,
    "wandb": services.wandb,
    "journals": recorded.journals,
    "searches": recorded.unfinished,
    "mirrors": recorded.mirrors,
    "clock": recorded.clock,
    "leftovers": recorded.leftovers,
    "disk": disk.space,
    "memory": disk.shared_memory,
    "home": disk.home,
    "paths": disk.paths,
    "processors": machine.processors,
    "gpu": machine.gpus,
}


def examine(setup: Setup) -> Iterator[Finding]:
    """What every check finds, as it finds it; a check that cannot be made is a warning."""
    for name, check in CHECKS.items():
        found = False
        try:
            for finding in check(setup):
                found = True
                yield replace(finding, check=name)
            if not found:
                yield replace(ok("there is nothing of that kind here"), check=name)
        except Exception as error:  # whatever is broken here, the other checks go on
            cause = " ".join(str(error).split())
            yield replace(
                warning(f"this could not be checked ({type(error).__name__}: {cause})", "look yourself"),
                check=name,
            )
