"""The toy search of the search's own tests, for faults that need no larger one."""

from tests.hpo.conftest import ray_running, toy_experiment, toy_project

__all__ = ["ray_running", "toy_experiment", "toy_project"]
