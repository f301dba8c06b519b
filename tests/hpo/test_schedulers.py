from typing import Any

import pytest
from ray.tune.schedulers import ASHAScheduler as AsyncASHAScheduler
from ray.tune.schedulers import FIFOScheduler

from toolkit.configuration.experiment import SchedulerConfiguration
from toolkit.hpo import ASHAScheduler, MedianStoppingRule
from toolkit.hpo.schedulers import make_scheduler


@pytest.mark.parametrize(
    ("arguments", "max_epochs", "expected"),
    [
        ({}, 3, [1]),
        ({}, 20, [1, 4, 16]),
        ({"grace_period": 2, "reduction_factor": 3}, 20, [2, 6, 18]),
        ({"max_t": 5}, 20, [1, 4]),
        ({"grace_period": 30}, 20, []),
    ],
)
def test_asha_decides_at_the_epochs_of_rays(
    arguments: dict[str, Any], max_epochs: int, expected: list[int]
) -> None:
    ours = make_scheduler(SchedulerConfiguration(**arguments), max_epochs)
    assert isinstance(ours, ASHAScheduler)
    assert list(ours.order.rule.rungs) == expected
    theirs = make_scheduler(SchedulerConfiguration(type="asha_async", **arguments), max_epochs)
    assert isinstance(theirs, AsyncASHAScheduler)
    milestones = sorted(int(milestone) for milestone, _ in theirs._brackets[0]._rungs)
    assert [rung for rung in milestones if rung < theirs._max_t] == expected


def test_the_median_rule_decides_after_each_epoch() -> None:
    scheduler = make_scheduler(SchedulerConfiguration(type="median", grace_period=2), 5)
    assert isinstance(scheduler, MedianStoppingRule)
    assert scheduler.order.rule.rungs == (2, 3, 4)


def test_fifo_stops_none() -> None:
    assert type(make_scheduler(SchedulerConfiguration(type="fifo"), 3)) is FIFOScheduler
