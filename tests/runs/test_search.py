"""What a journal's lines come to: parameters that change, and the call that a run belongs to."""

import math
from pathlib import Path

import pytest

from toolkit.errors import JournalError
from toolkit.runs import ParamChange, Search, load_search
from toolkit.testing.toy import ToyJournal, toy_header


@pytest.fixture
def journal(tmp_path: Path) -> ToyJournal:
    journal = ToyJournal(tmp_path, toy_header())
    journal.trial(0)
    return journal


def changes(search: Search) -> list[tuple[int, dict]]:
    return [(change.epoch, change.params) for change in search.runs[0].changes]


def test_parameters_that_change_stand_beside_those_it_began_with(journal: ToyJournal) -> None:
    journal.change(0, 1, {"trainer.optimizer.lr": 0.5})
    journal.close()
    (run,) = load_search(journal.folder).runs.values()
    assert run.params == {"trainer.optimizer.lr": 0.001}
    assert run.changes == [ParamChange(1, {"trainer.optimizer.lr": 0.5}, run.changes[0].t)]
    assert run.changes[0].t >= run.started


def test_an_epoch_that_is_trained_again_says_it_again(journal: ToyJournal) -> None:
    said = [
        (1, {"a": 1}),
        (1, {"b": math.nan}),
        (3, {"a": 2}),
        (1, {"a": 1}),
        (1, {"b": math.nan}),
        (3, {"a": 2}),
    ]
    for epoch, params in said:
        journal.change(0, epoch, params)
    journal.close()
    found = changes(load_search(journal.folder))
    assert [epoch for epoch, _ in found] == [1, 1, 3]
    assert (found[0][1], found[2][1]) == ({"a": 1}, {"a": 2})


def test_a_change_of_a_trial_that_has_not_begun_is_no_journal(journal: ToyJournal) -> None:
    journal.change(7, 1, {"a": 1})
    journal.close()
    with pytest.raises(JournalError, match=r"unusable 'params' record .trial 7 has not begun"):
        load_search(journal.folder)


def test_a_trial_that_begins_after_a_resume_comes_from_that_call(journal: ToyJournal) -> None:
    journal.writer.append("resume", provenance={"commit": "e" * 40})
    journal.writer.append("resume", 0)
    journal.trial(1)
    journal.close()
    runs = load_search(journal.folder).runs
    assert [runs[number].origin["commit"] for number in (0, 1)] == ["f" * 40, "e" * 40]
