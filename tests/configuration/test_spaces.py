import json
import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.configuration.spaces import Space, find_spaces, num_trials, sample, trial_seed, with_plain_spaces
from toolkit.errors import ConfigurationError

CONFIG = {
    "pipeline": {
        "head": {"pooler": {"type": {"choice": ["gru", "lstm"]}}, "dims": [{"choice": [32, 64]}, 8]}
    },
    "trainer": {"optimizer": {"type": "adam", "lr": {"loguniform": [0.001, 0.01]}}, "num_epochs": 3},
}


def test_spaces_are_found_anywhere() -> None:
    assert list(find_spaces(CONFIG)) == [
        "pipeline.head.pooler.type",
        "pipeline.head.dims.0",
        "trainer.optimizer.lr",
    ]


def test_a_sample_has_a_value_at_every_space_and_leaves_the_rest_alone() -> None:
    sampled = sample(CONFIG, seed=42, trial=3)
    config = sampled.config
    assert find_spaces(config) == {}
    assert config["pipeline"]["head"]["dims"] == [sampled.params["pipeline.head.dims.0"], 8]
    assert config["trainer"] == {
        "optimizer": {"type": "adam", "lr": sampled.params["trainer.optimizer.lr"]},
        "num_epochs": 3,
    }


def test_another_key_changes_no_other_value() -> None:
    more = {"a": {"uniform": [0, 1]}, **CONFIG}
    for trial in range(5):
        assert sample(more, 42, trial).params.items() >= sample(CONFIG, 42, trial).params.items()


def test_another_process_samples_the_same() -> None:
    code = (
        "import json, sys; from toolkit.configuration.spaces import sample, trial_seed\n"
        "config = json.load(sys.stdin)\n"
        "print(json.dumps([[sample(config, 7, i).params, trial_seed(7, i)] for i in range(20)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(CONFIG), capture_output=True, text=True, check=True
    )
    here = [[sample(CONFIG, 7, i).params, trial_seed(7, i)] for i in range(20)]
    assert json.loads(done.stdout) == here
    assert len({seed for _, seed in here}) == 20


@pytest.mark.parametrize(
    ("space", "holds"),
    [
        (Space("choice", ("a", "b")), lambda v: v in ("a", "b")),
        (Space("uniform", (-1, 2.5)), lambda v: -1 <= v < 2.5),
        (Space("loguniform", (1e-5, 0.1)), lambda v: 1e-5 <= v <= 0.1),
        (Space("quniform", (0.1, 1.0, 0.25)), lambda v: v in (0.25, 0.5, 0.75, 1.0)),
        (Space("qloguniform", (1, 100, 10)), lambda v: v % 10 == 0 and 10 <= v <= 100),
        (Space("randint", (3, 6)), lambda v: v in (3, 4, 5)),
        (Space("lograndint", (1, 100)), lambda v: isinstance(v, int) and 1 <= v < 100),
        (Space("normal", (0, 1)), math.isfinite),
        (Space("grid", (1, None, False)), lambda v: v in (1, None, False)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_every_sample_lies_in_its_space(space: Space, holds: object) -> None:
    @given(st.floats(min_value=0, max_value=1, exclude_max=True))
    def check(u: float) -> None:
        assert holds(space.sample(u))  # type: ignore[operator]

    check()


def test_a_loguniform_space_has_as_many_values_in_each_decade() -> None:
    values = [sample({"lr": {"loguniform": [1e-4, 1e-2]}}, 1, i).params["lr"] for i in range(2000)]
    assert 0.46 < sum(value < 1e-3 for value in values) / 2000 < 0.54


def test_grids_are_walked_num_samples_times() -> None:
    config = {"a": {"grid": [1, 2]}, "b": {"grid_search": ["x", "y", "z"]}, "c": {"uniform": [0, 1]}}
    assert num_trials(config, 2) == 12
    cells = [(s.params["a"], s.params["b"]) for s in (sample(config, 0, i) for i in range(12))]
    assert cells[:6] == cells[6:]
    assert len(set(cells)) == 6
    assert len({sample(config, 0, i).params["c"] for i in range(12)}) == 12


def test_without_spaces_there_are_num_samples_trials() -> None:
    assert num_trials({"a": 1, "b": {"c": []}}, 5) == 5


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"choice": []}, r"pipeline\.x: choice: \[\] holds no value"),
        ({"choice": 3}, r"pipeline\.x: choice: 3: expected a list"),
        ({"grid": []}, "holds no value"),
        ({"uniform": [1, 1]}, "1 is not below 1"),
        ({"uniform": [1]}, r"expected numbers \[low, high\]"),
        ({"uniform": ["a", 2]}, "expected numbers"),
        ({"uniform": [0, math.nan]}, "expected numbers"),
        ({"loguniform": [0, 1]}, "needs low above 0"),
        ({"quniform": [0.1, 0.2, 5]}, "no multiple of 5"),
        ({"randint": [1, 2.5]}, "expected integers"),
        ({"randint": [True, 2]}, "expected integers"),
        ({"normal": [0, 0]}, "deviation above 0"),
        ({"choice": [{"uniform": [0, 1]}]}, "another search space"),
    ],
    ids=str,
)
def test_a_space_without_values_is_refused_with_its_path(value: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        find_spaces({"pipeline": {"x": value}})


@pytest.mark.parametrize("value", [{}, {"choices": [1]}, {"choice": [1], "type": "x"}, [], None, 0])
def test_what_is_no_space(value: object) -> None:
    assert find_spaces({"x": value}) == {}


def test_spaces_come_back_as_they_stand_in_a_file() -> None:
    assert with_plain_spaces(CONFIG) == CONFIG
    assert with_plain_spaces({"a": Space("uniform", (0, 1))}) == {"a": {"uniform": [0, 1]}}
