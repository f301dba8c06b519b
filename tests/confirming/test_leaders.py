"""Who is a leader: one configuration each, no baseline, all of one table."""

from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from toolkit.confirming import choose_leaders, find_leaders, leaders
from toolkit.errors import NotFoundError, SearchError
from toolkit.runs import Project


def config(size: int, seed: int = 0) -> dict[str, Any]:
    return {"pipeline": {"size": size}, "trainer": {"num_epochs": 3, "random_seed": seed}}


def trial(loss: float, size: int, seed: int = 0, **fields: Any) -> Trial:
    return Trial([loss + 0.1, loss], config=config(size, seed), **fields)


def names(field: Any) -> list[str]:
    return [leader.name for leader in field.leaders]


def test_leaders_are_the_first_of_the_leaderboard(tmp_path: Path) -> None:
    one = write_search(tmp_path / "a", [trial(0.5, 1), trial(0.2, 2), Trial([]), trial(0.4, 3)])
    two = write_search(tmp_path / "b", [trial(0.3, 4)], id="b" * 12, experiment="other")
    field = choose_leaders([one, two], 3)
    assert names(field) == ["names/1", "other/0", "names/3"]
    assert [leader.score for leader in field.leaders] == [0.2, 0.3, 0.4]
    assert field.entrants == 4
    assert names(choose_leaders([one, two], 1, "validation_loss", "max")) == ["names/0"]


def test_another_seed_is_no_other_leader(tmp_path: Path) -> None:
    search = write_search(tmp_path / "a", [trial(0.2, 1, seed=1), trial(0.3, 1, seed=2), trial(0.4, 2)])
    field = choose_leaders([search], 2)
    assert names(field) == ["names/0", "names/2"]
    assert field.left_out == ["names/1 is names/0 with another seed"]


def test_however_many_seeds_stand_before_the_next_configuration(tmp_path: Path) -> None:
    seeds = [trial(0.2 + seed / 100, 1, seed=seed) for seed in range(12)]
    search = write_search(tmp_path / "a", [*seeds, trial(0.5, 2), Trial([])])
    field = choose_leaders([search], 2)
    assert names(field) == ["names/0", "names/12"]
    assert (len(field.left_out), field.entrants) == (11, 13)


def test_only_the_journals_of_leaders_are_read_whole(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = project / "runs"
    write_search(runs / "names" / ("a" * 12), [trial(0.2, 1), trial(0.4, 2)], id="a" * 12)
    write_search(runs / "other" / ("b" * 12), [trial(0.5, 3)], id="b" * 12, experiment="other")
    read: list[str] = []
    load = leaders.load_search
    monkeypatch.setattr(leaders, "load_search", lambda path: read.append(path.name) or load(path))
    field = find_leaders(Project.here(), [], 2, unreadable=pytest.fail)
    assert (names(field), field.entrants, read) == (["names/0", "names/1"], 3, ["a" * 12])
    with pytest.raises(NotFoundError, match="ask for --top 1"):
        find_leaders(Project.here(), ["other"], 2, unreadable=pytest.fail)
    with pytest.raises(NotFoundError, match="no search below"):
        find_leaders(Project.here().with_folders(project / "none", None), [], 2, unreadable=pytest.fail)


def test_a_baseline_stays_in_the_picture_and_is_no_leader(tmp_path: Path) -> None:
    search = write_search(tmp_path / "a", [trial(0.2, 1), trial(0.3, 2)])
    rival = write_search(tmp_path / "b", [Trial([0.1])], id="b" * 12, experiment="rival", job="baseline")
    field = choose_leaders([search, rival], 2)
    assert (names(field), field.baselines, field.entrants) == (["names/0", "names/1"], [("rival/0", 0.1)], 2)
    with pytest.raises(NotFoundError, match="no run but baselines has a usable validation_loss"):
        choose_leaders([rival], 1)


@pytest.mark.parametrize(("status", "epochs"), [("COMPLETED", 3), ("STOPPED", 2), ("INTERRUPTED", 2)])
def test_a_leader_gets_the_epochs_that_its_score_had(tmp_path: Path, status: str, epochs: int) -> None:
    search = write_search(tmp_path / "a", [trial(0.2, 1, status=status)])
    assert choose_leaders([search], 1).leaders[0].epochs == epochs


def test_the_same_search_under_two_names_is_two(tmp_path: Path) -> None:
    one = write_search(tmp_path / "a", [trial(0.2, 1)])
    two = write_search(tmp_path / "b", [trial(0.1, 2)], experiment="other")
    assert names(choose_leaders([one, two], 2)) == ["other/0", "names/0"]


def test_what_cannot_be_confirmed_is_told(tmp_path: Path) -> None:
    search = write_search(tmp_path / "a", [trial(0.2, 1), Trial([float("nan")])])
    with pytest.raises(NotFoundError, match=r"5 leaders were asked for, but only 1 .*: ask for --top 1"):
        choose_leaders([search], 5)
    with pytest.raises(NotFoundError, match="no run has a rank yet"):
        choose_leaders([write_search(tmp_path / "b", [Trial([])], id="b" * 12)], 1)
    elsewhere = {"data": {"validation": OTHER_VALIDATION}, "id": "c" * 12, "experiment": "other"}
    other = write_search(tmp_path / "c", [trial(0.2, 1)], **elsewhere)
    with pytest.raises(
        SearchError, match=r"\(other validation data\): name those of one table \(names; other\)"
    ):
        choose_leaders([search, other], 1)
    taken_in = write_search(tmp_path / "d", [trial(0.2, 1)], id="d" * 12, job="ray")
    with pytest.raises(SearchError, match="names/0 comes from plain Ray Tune"):
        choose_leaders([taken_in], 1)
    running = write_search(tmp_path / "e", [trial(0.2, 1)], id="e" * 12, ended=False)
    with pytest.raises(SearchError, match=r"names@e+, of names/0, has not ended"):
        choose_leaders([running], 1)


def test_fresh_seeds_are_chosen_from_nothing(tmp_path: Path) -> None:
    told = {"spec": {"confirms": [{"run": "aaaa00000000-00000", "epochs": 2}]}}
    fresh = write_search(tmp_path / "b", [trial(0.1, 1)], id="b" * 12, experiment="names-confirm", **told)
    search = write_search(tmp_path / "a", [trial(0.2, 1)])
    assert fresh.confirms == ["aaaa00000000-00000"]
    assert names(choose_leaders([search, fresh], 1)) == ["names/0"]
    with pytest.raises(SearchError, match="leaders on fresh seeds already"):
        choose_leaders([fresh], 1)
