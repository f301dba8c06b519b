"""Searches on Ray Tune: `TuneExperiment` for notebooks, `run_search` for files.

The only room that imports ray.
"""

from toolkit.hpo.experiment import TuneExperiment

__all__ = ["TuneExperiment"]
