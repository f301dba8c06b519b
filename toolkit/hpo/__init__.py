"""Searches on Ray Tune: `TuneExperiment` for notebooks, `run_search` for files.

The only room that imports ray.
"""

from toolkit.hpo.experiment import TuneExperiment
from toolkit.hpo.in_order_scheduler import ASHAScheduler, MedianStoppingRule

__all__ = ["ASHAScheduler", "MedianStoppingRule", "TuneExperiment"]
