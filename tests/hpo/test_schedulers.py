import pytest
from ray.tune.schedulers import ASHAScheduler, FIFOScheduler

from toolkit.configuration.experiment import SchedulerConfiguration
from toolkit.hpo.schedulers import make_scheduler


def rungs(config: SchedulerConfiguration, max_epochs: int) -> list[int]:
    """The epochs at which the scheduler decides, from Ray's own bracket."""
    scheduler = make_scheduler(config, max_epochs)
    assert isinstance(scheduler, ASHAScheduler)
    return sorted(int(milestone) for milestone, _ in scheduler._brackets[0]._rungs)


@pytest.mark.parametrize(
    ("config", "max_epochs", "expected"),
    [
        (SchedulerConfiguration(), 3, [1]),
        (SchedulerConfiguration(), 20, [1, 4, 16]),
        (SchedulerConfiguration(grace_period=2, reduction_factor=3), 20, [2, 6, 18]),
        (SchedulerConfiguration(max_t=5), 20, [1, 4]),
    ],
)
def test_asha_decides_at_these_epochs(
    config: SchedulerConfiguration, max_epochs: int, expected: list[int]
) -> None:
    assert rungs(config, max_epochs) == expected


def test_fifo_stops_none() -> None:
    assert type(make_scheduler(SchedulerConfiguration(type="fifo"), 3)) is FIFOScheduler
