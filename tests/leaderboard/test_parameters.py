from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.leaderboard import rank
from toolkit.leaderboard.parameters import flat, short_names


def config(lr: float, pooler: dict[str, Any], seed: int = 1) -> dict[str, Any]:
    head = {"labels": ["a", str(seed)], "pooler": pooler}
    return {
        "pipeline": {"name": f"n{seed}", "head": head},
        "trainer": {"optimizer": {"lr": lr}, "random_seed": seed},
    }


def test_flat_keeps_lists_and_empty_dictionaries_as_values() -> None:
    assert flat({"a": {"b": [1, 2], "c": {}}, "d": None}) == {"a.b": [1, 2], "a.c": {}, "d": None}


def test_sampled_values_and_differing_ones_are_shown_with_every_runs_own_value(tmp_path: Path) -> None:
    gru = {"type": "gru", "num_layers": 1}
    searched = write_search(
        tmp_path / "1",
        [Trial([0.5], params={"trainer.optimizer.lr": 0.001}, config=config(0.001, gru))],
    )
    fixed = write_search(
        tmp_path / "2",
        [Trial([0.6], config=config(0.01, {**gru, "num_layers": 2}, seed=2))],
        experiment="base",
    )
    rival = write_search(tmp_path / "3", [Trial([0.4], config={"baseline": {"C": 10}})], experiment="rival")
    [table] = rank([searched, fixed, rival])
    assert table.params == ["trainer.optimizer.lr", "pipeline.head.pooler.num_layers"]
    assert {row.experiment: dict(row.params) for row in table.rows} == {
        "names": {"trainer.optimizer.lr": 0.001, "pipeline.head.pooler.num_layers": 1},
        "base": {"trainer.optimizer.lr": 0.01, "pipeline.head.pooler.num_layers": 2},
        "rival": {},
    }


def test_a_sampled_dictionary_is_one_parameter(tmp_path: Path) -> None:
    trials = [
        Trial([0.5], params={"pipeline.head.pooler": pooler}, config=config(0.1, pooler))
        for pooler in ({"type": "gru"}, {"type": "lstm"})
    ]
    [table] = rank([write_search(tmp_path, trials)])
    assert table.params == ["pipeline.head.pooler"]
    assert table.rows[1].params == {"pipeline.head.pooler": {"type": "lstm"}}


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["trainer.optimizer.lr"], ["optimizer.lr"]),
        (
            ["a.pooler.type", "b.pooler.type", "b.encoder.type"],
            ["a.pooler.type", "b.pooler.type", "encoder.type"],
        ),
        (["lr"], ["lr"]),
        (["a.b", "x.a.b"], ["a.b", "x.a.b"]),
    ],
)
def test_short_names_are_unique_suffixes(paths: list[str], names: list[str]) -> None:
    assert list(short_names(paths).values()) == names
