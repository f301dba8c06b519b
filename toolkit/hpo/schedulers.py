"""From the experiment file's `search.scheduler` to the scheduler that Ray runs."""

from ray.tune.schedulers import ASHAScheduler, FIFOScheduler, TrialScheduler

from toolkit.configuration.experiment import SchedulerConfiguration


def make_scheduler(config: SchedulerConfiguration, max_epochs: int) -> TrialScheduler:
    """The scheduler of a search; metric and mode reach it through `tune.run`.

    Args:
        max_epochs: most epochs that any trial gets by its own configuration.

    `asha_async` is Ray's Asynchronous Successive Halving (Li et al. 2020, arXiv:1810.05934). It decides
    on each report as it arrives, so its decisions are not reproducible.
    """
    if config.type == "fifo":
        return FIFOScheduler()
    return ASHAScheduler(
        time_attr="training_iteration",
        max_t=max(config.max_t or max_epochs, config.grace_period),
        grace_period=config.grace_period,
        reduction_factor=config.reduction_factor,
    )
