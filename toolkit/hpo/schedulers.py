"""From the experiment file's `search.scheduler` to the scheduler that Ray runs."""

from ray.tune.schedulers import ASHAScheduler as AsyncASHAScheduler
from ray.tune.schedulers import FIFOScheduler, TrialScheduler

from toolkit.configuration.experiment import SchedulerConfiguration
from toolkit.hpo.in_order_scheduler import ASHAScheduler, MedianStoppingRule


def make_scheduler(config: SchedulerConfiguration, max_epochs: int) -> TrialScheduler:
    """The scheduler of a search; metric and mode reach it through `tune.run`.

    Args:
        max_epochs: most epochs that any trial gets by its own configuration.

    `asha` is Asynchronous Successive Halving (Li et al. 2020, arXiv:1810.05934) with its decisions in the
    order of the trials, `asha_async` is Ray's, which decides on each report as it arrives and so is not
    reproducible; `median` is the median stopping rule (Golovin et al. 2017), in order; `fifo` stops none.
    """
    if config.type == "fifo":
        return FIFOScheduler()
    max_t = max(config.max_t or max_epochs, config.grace_period)
    if config.type == "median":
        return MedianStoppingRule(max_t=max_t, grace_period=config.grace_period)
    scheduler = ASHAScheduler if config.type == "asha" else AsyncASHAScheduler
    return scheduler(
        time_attr="training_iteration",
        max_t=max_t,
        grace_period=config.grace_period,
        reduction_factor=config.reduction_factor,
    )
