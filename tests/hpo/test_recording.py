from pathlib import Path
from typing import Any

import pytest

from toolkit.configuration.digest import code_digest
from toolkit.configuration.experiment import ExperimentFile
from toolkit.errors import SearchError
from toolkit.hpo.recording import Recording, destination_of
from toolkit.hpo.tune import plan_of
from toolkit.runs import Project, Status, load_search
from toolkit.runs.provenance import processor


@pytest.fixture
def recording(toy_project: Path, toy_experiment: dict[str, Any]) -> Recording:
    plan = plan_of(ExperimentFile(**{**toy_experiment, "search": {"num_samples": 2}}), toy_project)
    return Recording.begin(plan, destination_of(plan, Project.here(), {}))


def point(epoch: int, loss: float) -> dict[str, Any]:
    return {"epoch": epoch, "step": epoch + 1, "metrics": {"validation_loss": loss}, "seconds": 0.1}


def test_only_the_first_end_of_a_trial_counts(recording: Recording) -> None:
    recording.trial_began(0)
    recording.trial_began(0)
    recording.reported(0, point(0, 0.5))
    recording.trial_ended(0, Status.STOPPED, rung=1)
    recording.trial_ended(0, Status.COMPLETED)
    recording.finish()
    recording.finish()
    search = load_search(recording.destination.folder)
    assert (search.runs[0].status, search.runs[0].rung) == (Status.STOPPED, 1)
    kinds = [line.split('"kind":"')[1].split('"')[0] for line in journal_lines(recording)]
    assert kinds == ["search", "trial", "point", "end", "end"]


def test_a_search_that_was_cut_short_has_no_results(recording: Recording, toy_project: Path) -> None:
    recording.trial_began(0)
    recording.finish()
    search = load_search(recording.destination.folder)
    assert search.status is Status.INTERRUPTED
    assert search.runs[0].status is Status.INTERRUPTED
    assert recording.problem == "interrupted: 2 of 2 trials are missing"
    assert not (toy_project / "results").exists()


def test_nobody_wins_with_a_loss_that_is_not_a_number(recording: Recording) -> None:
    for number in range(2):
        recording.trial_began(number)
        recording.reported(number, point(0, float("nan")))
        recording.trial_ended(number, Status.COMPLETED)
    recording.finish()
    assert recording.problem == "no trial reported a finite validation_loss"
    assert load_search(recording.destination.folder).status is Status.FAILED


def test_paths_within_the_project_are_recorded_as_its_files_have_them(recording: Recording) -> None:
    recording.finish()
    data = load_search(recording.destination.folder).header.data
    assert {role: about["path"] for role, about in data.items()} == {
        "training": "data/train.csv",
        "validation": "data/valid.csv",
    }


def test_the_record_names_code_and_processor(recording: Recording) -> None:
    recording.finish()
    header = load_search(recording.destination.folder).header
    assert header.code == code_digest()
    assert header.provenance["processor"] == processor()


def test_a_second_recording_of_the_same_search_is_refused(recording: Recording) -> None:
    recording.finish()
    with pytest.raises(SearchError, match="holds this search already"):
        Recording.begin(recording.plan, recording.destination)
    again = destination_of(recording.plan, Project.here(), {})
    assert again.search_id == f"{recording.plan.id}r2"


def journal_lines(recording: Recording) -> list[str]:
    return recording.destination.folder.journal.read_text(encoding="utf-8").splitlines()
