"""Leaders that were trained again on fresh seeds are known as that in the stores of trackers too."""

from pathlib import Path

import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.leaderboard.asked import Asked
from toolkit.leaderboard.board import open_board
from toolkit.leaderboard.differing.of_runs import incomparable
from toolkit.leaderboard.question import Question
from toolkit.runs import Project, find_searches
from toolkit.trackers import mirror


@pytest.fixture
def shipped(project: Path) -> Project:
    """A search and the one that confirms its leader, in the journals, in MLflow and in W&B."""
    here = Project.here()
    confirms = {"confirms": [{"run": "aaaa00000000-00000", "epoch": 0}]}
    for experiment, search_id, spec in (("names", "a" * 12, {}), ("names-confirm", "b" * 12, confirms)):
        tracking = {"mlflow": {}, "wandb": {"mode": "offline"}}
        search = write_search(
            here.search(experiment, search_id).path,
            [Trial([0.5]), Trial([0.4])],
            id=search_id,
            experiment=experiment,
            spec=spec,
            tracking=tracking,
        )
        assert all(outcome.remaining == 0 for outcome in mirror(search.folder, here))
    return here


@pytest.mark.parametrize("top", [1, None])
@pytest.mark.parametrize("source", ["journals", "mlflow", "wandb"])
def test_they_are_left_out_unless_they_are_named(shipped: Project, source: str, top: int | None) -> None:
    others = {
        "journals": {},
        "mlflow": {"mlflow": (f"sqlite:///{shipped.home / 'mlflow.db'}",), "journals": False},
        "wandb": {"wandb": (str(shipped.home),), "journals": False},
    }
    question = Question(top=top, unranked=0)
    for addresses, expected in ((), {"names"}), (("names", "names-confirm"), {"names", "names-confirm"}):
        asked = Asked(addresses=addresses, **others[source])  # type: ignore[arg-type]
        with open_board(shipped, asked) as board:
            tables = board.ask(question)
        assert {row.experiment for table in tables for row in table.rows} == expected
        assert len(tables) == len(expected)  # never ranked with what they came from


def test_no_difference_calls_one_of_them_better(shipped: Project) -> None:
    search, confirmation = find_searches(shipped, ["names", "names-confirm"])
    assert incomparable(search, confirmation).startswith("leaders trained again on fresh seeds stand apart")
    assert incomparable(search, search) == ""
