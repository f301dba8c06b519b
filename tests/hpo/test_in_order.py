"""The decisions of a parallel search are those of one worker that trains trial after trial."""

import math
import random
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ray.tune.schedulers.async_hyperband import _Bracket

from toolkit.errors import ConfigurationError
from toolkit.hpo.in_order import Decision, InOrder, ended_elsewhere
from toolkit.hpo.stopping_rules import Halving, MedianStopping, StoppingRule

Curves = Sequence[Sequence[float]]
RULES: list[Callable[[int], StoppingRule]] = [
    lambda max_t: Halving(max_t),
    lambda max_t: Halving(max_t, grace_period=2, reduction_factor=1.5),
    lambda max_t: MedianStopping(max_t, grace_period=2, min_samples=1),
]
costs = st.one_of(st.integers(-3, 3).map(float), st.sampled_from([math.nan, math.inf, -math.inf]))


def one_after_the_other(curves: Curves, rule: StoppingRule) -> list[int]:
    """How many epochs each trial gets when they are trained one by one: the definition."""
    got: list[list[float]] = []
    for curve in curves:
        epochs = len(curve)
        for rung in rule.rungs:
            earlier = [before[:rung] for before in got if len(before) >= rung]
            if rung < len(curve) and rule.stops(curve[:rung], earlier):
                epochs = rung
                break
        got.append(list(curve[:epochs]))
    return [len(curve) for curve in got]


@st.composite
def searches(draw: st.DrawFn) -> tuple[Curves, int]:
    """Curves of different lengths, with ties, NaN and infinities."""
    max_t = draw(st.integers(1, 20))
    lengths = st.integers(1, max_t)
    curve = lengths.flatmap(lambda length: st.lists(costs, min_size=length, max_size=length))
    return draw(st.lists(curve, min_size=1, max_size=12)), max_t


@pytest.mark.parametrize("make_rule", RULES)
@settings(max_examples=150, deadline=None)
@given(search=searches(), seed=st.integers(0, 2**32))
def test_any_order_of_arrival_decides_as_one_worker(
    make_rule: Callable[[int], StoppingRule], search: tuple[Curves, int], seed: int
) -> None:
    curves, max_t = search
    rule, rng = make_rule(max_t), random.Random(seed)
    order, trained = InOrder(rule), [0] * len(curves)
    while open_ones := [
        trial
        for trial in range(len(curves))
        if trained[trial] < len(curves[trial]) and order.stopped_at(trial) is None
    ]:
        trial = rng.choice(open_ones)  # also one that is not decided: it is trained on the chance
        trained[trial] += 1
        last = trained[trial] == len(curves[trial])
        order.report(trial, trained[trial], curves[trial][trained[trial] - 1], last=last)
    wanted = one_after_the_other(curves, rule)
    for trial, epochs in enumerate(wanted):
        assert order.decided(trial)
        limit = order.counting(trial)
        assert min(trained[trial], trained[trial] if limit is None else limit) == epochs
        assert (order.stopped_at(trial) == epochs) == (epochs < len(curves[trial]))


@settings(max_examples=100, deadline=None)
@given(search=searches(), workers=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_workers_that_take_what_is_chosen_for_them_finish_and_agree(
    search: tuple[Curves, int], workers: int, seed: int
) -> None:
    curves, max_t = search
    rule, rng = Halving(max_t), random.Random(seed)
    order, trained = InOrder(rule), [0] * len(curves)
    waiting, running = set(range(len(curves))), set[int]()
    while waiting or running:
        waiting -= {trial for trial in waiting if order.stopped_at(trial) is not None}
        while len(running) < workers and (chosen := order.choose(waiting)) is not None:
            running.add(chosen)
            waiting.discard(chosen)
        if not running:
            continue
        trial = rng.choice(sorted(running))
        running.discard(trial)
        if order.stopped_at(trial) is not None:
            continue
        trained[trial] += 1
        last = trained[trial] == len(curves[trial])
        order.report(trial, trained[trial], curves[trial][trained[trial] - 1], last=last)
        if not last:
            waiting.add(trial)
    limits = [order.counting(trial) for trial in range(len(curves))]
    counted = [min(epochs, limit or epochs) for epochs, limit in zip(trained, limits, strict=True)]
    assert counted == one_after_the_other(curves, rule)


@settings(max_examples=100, deadline=None)
@given(
    curves=st.lists(st.lists(st.integers(0, 9), min_size=17, max_size=17), min_size=1, max_size=15),
    factor=st.sampled_from([2, 4]),  # a third is no float: equal costs would be ties for one of the two only
)
def test_the_rule_is_that_of_rays_asha(curves: list[list[int]], factor: int) -> None:
    bracket = _Bracket(1, 17, factor, 0, stop_last_trials=True)
    theirs = []
    for number, curve in enumerate(curves):
        epochs = 17
        for epoch, cost in enumerate(curve[:-1], start=1):
            if bracket.on_result(_trial(number), epoch, -cost) == "STOP":
                epochs = epoch
                break
        theirs.append(epochs)
    assert one_after_the_other(curves, Halving(17, reduction_factor=factor)) == theirs


def _trial(number: int) -> SimpleNamespace:
    return SimpleNamespace(trial_id=str(number))


def test_a_trial_waits_for_those_before_it() -> None:
    order = InOrder(Halving(max_t=5, reduction_factor=4))
    order.report(1, 1, 5.0)
    assert not order.decided(1)
    assert order.take_decisions() == []
    order.report(1, 2, 4.0)
    assert order.counts(1, 1)
    assert not order.counts(1, 2)
    order.report(0, 1, 1.0)
    assert order.take_decisions() == [Decision(0, 1, True), Decision(1, 1, False)]
    assert order.stopped_at(1) == 1
    assert not order.counts(1, 2)


def test_what_a_free_worker_takes() -> None:
    order = InOrder(Halving(max_t=5))
    order.report(1, 1, 5.0)
    order.report(2, 1, 5.0)
    assert order.choose({1, 2, 3, 4}) == 3  # sure to count
    assert order.has_work({1, 2, 3})
    assert order.choose({1, 2}) == 1  # on the chance
    assert not order.has_work({1, 2})
    order.report(0, 1, 6.0)
    assert order.choose({0, 1, 2, 3}) == 0
    assert order.choose({2, 3}) == 2
    assert order.choose(set()) is None


def test_a_failed_trial_is_not_waited_for() -> None:
    order = InOrder(Halving(max_t=5))
    order.report(1, 1, 5.0)
    order.finish(0)
    assert order.decided(1)
    assert order.stopped_at(1) is None


def test_a_trial_that_fails_beyond_a_rung_is_still_decided_about_there() -> None:
    order = InOrder(Halving(max_t=5))
    order.report(1, 1, 5.0)
    order.finish(1)
    assert not order.decided(1)
    order.report(0, 1, 1.0)
    assert order.stopped_at(1) == 1


@settings(max_examples=100, deadline=None)
@given(search=searches(), number=st.integers(0, 11), change=st.sampled_from([-1, 1]))
def test_what_ended_elsewhere_is_found(search: tuple[Curves, int], number: int, change: int) -> None:
    curves, max_t = search
    rule = Halving(max_t)
    epochs = one_after_the_other(curves, rule)
    ended = {
        trial: (curve[:length], length < len(curve))
        for trial, (curve, length) in enumerate(zip(curves, epochs, strict=True))
    }
    assert ended_elsewhere(rule, ended) == []
    trial = number % len(curves)
    length = epochs[trial] + change
    if 0 < length <= len(curves[trial]):
        ended[trial] = (curves[trial][:length], length < len(curves[trial]))
        assert trial in ended_elsewhere(rule, ended)


def test_a_trial_that_ends_by_itself_at_a_rung_is_measured_there_and_not_stopped() -> None:
    order = InOrder(Halving(max_t=5))
    order.report(0, 1, 1.0)
    order.report(1, 1, 9.0, last=True)
    assert order.stopped_at(1) is None
    order.report(2, 1, 8.0)
    assert order.stopped_at(2) == 1  # the quantile of 1 and 9 is 3


def test_what_was_reported_before_changes_nothing() -> None:
    order = InOrder(Halving(max_t=5))
    order.report(0, 1, 1.0)
    order.report(0, 1, 7.0)
    order.report(1, 1, 2.0)
    assert order.stopped_at(1) == 1
    with pytest.raises(ValueError, match="epoch 5 after epoch 1"):
        order.report(0, 5, 1.0)


@pytest.mark.parametrize(
    ("rule", "rungs"),
    [
        (Halving(3), (1,)),
        (Halving(1), ()),
        (Halving(100), (1, 4, 16, 64)),
        (Halving(16), (1, 4)),
        (Halving(10, grace_period=2, reduction_factor=1.5), (2, 3, 5, 7)),
        (MedianStopping(4), (1, 2, 3)),
    ],
)
def test_rungs(rule: StoppingRule, rungs: tuple[int, ...]) -> None:
    assert rule.rungs == rungs


@pytest.mark.parametrize("arguments", [{"grace_period": 0}, {"reduction_factor": 1}])
def test_a_rule_that_cannot_be_is_refused(arguments: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(arguments))):
        Halving(5, **arguments)
    with pytest.raises(ConfigurationError, match=r"grace_period|min_samples"):
        MedianStopping(5, 0, 0)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_cost_that_is_no_number_is_the_worst(bad: float) -> None:
    assert not Halving(5).stops([bad], [])
    assert not Halving(5).stops([bad], [[bad]])
    assert Halving(5).stops([bad], [[bad], [3.0]])
    assert MedianStopping(5, min_samples=1).stops([bad], [[3.0]])
    assert not MedianStopping(5, min_samples=1).stops([3.0], [[bad]])
