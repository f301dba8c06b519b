from collections import Counter
from itertools import accumulate

import pytest

from toolkit.data.names.drawing import Draw


def test_the_sequence_is_the_same_on_every_python() -> None:
    draw = Draw("seed")
    assert [draw.index(1000) for _ in range(6)] == [138, 236, 865, 286, 43, 965]


def test_other_seeds_give_other_draws() -> None:
    first, second = Draw("a"), Draw("b")
    assert [first.index(100) for _ in range(20)] != [second.index(100) for _ in range(20)]


def test_both_ends_are_drawn() -> None:
    draw = Draw("ends")
    assert {draw.between(3, 5) for _ in range(200)} == {3, 4, 5}
    assert {draw.one_of("xyz") for _ in range(200)} == set("xyz")


@pytest.mark.parametrize(("probability", "expected"), [(0.0, False), (1.0, True)])
def test_certain_chances(probability: float, expected: bool) -> None:
    draw = Draw("chance")
    assert {draw.chance(probability) for _ in range(100)} == {expected}


def test_weights_decide_the_shares_and_zero_is_never_drawn() -> None:
    draw = Draw("weights")
    counts = Counter(draw.by_weight(list(accumulate([1, 0, 3]))) for _ in range(4000))
    assert counts.keys() == {0, 2}
    assert counts[2] / counts[0] == pytest.approx(3, rel=0.1)


def test_early_items_are_likelier() -> None:
    draw = Draw("early")
    counts = Counter(draw.early_of(range(10)) for _ in range(5000))
    assert counts[0] > counts[4] > counts[9] > 0


def test_shuffling_keeps_every_item() -> None:
    items = list(range(50))
    Draw("shuffle").shuffle(items)
    assert items != list(range(50))
    assert sorted(items) == list(range(50))
