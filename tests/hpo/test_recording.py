from pathlib import Path
from typing import Any

import pytest

from toolkit.configuration.digest import code_digest
from toolkit.configuration.experiment import ExperimentFile
from toolkit.errors import JournalError, SearchError
from toolkit.hpo import ASHAScheduler
from toolkit.hpo.destination import destination_of
from toolkit.hpo.recording import Recording
from toolkit.hpo.trial_files import TrialFiles
from toolkit.hpo.tune import plan_of
from toolkit.runs import JournalWriter, Project, Status, load_search, read_journal
from toolkit.runs.journal import is_being_written
from toolkit.runs.lineage import processor


@pytest.fixture
def recording(toy_project: Path, toy_experiment: dict[str, Any]) -> Recording:
    plan = plan_of(ExperimentFile(**{**toy_experiment, "search": {"num_samples": 2}}), toy_project)
    return Recording(plan, destination_of(plan, Project.here(), {}))


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
    assert kinds(recording) == ["search", "trial", "point", "end", "end"]


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


def test_a_second_recording_goes_on_with_the_first(recording: Recording) -> None:
    recording.trial_began(0)
    recording.reported(0, point(0, 0.5))
    recording.finish()
    again = Recording(recording.plan, destination_of(recording.plan, Project.here(), {}))
    assert again.destination == recording.destination
    again.trial_began(0)
    again.reported(0, point(0, 0.5))
    again.reported(0, point(1, 0.4))
    again.trial_ended(0, Status.COMPLETED)
    again.finish()
    assert kinds(again)[2:] == ["point", "end", "end", "resume", "resume", "point", "end", "end"]
    run = load_search(recording.destination.folder).runs[0]
    assert [p.metrics["validation_loss"] for p in run.points] == [0.5, 0.4]
    assert (run.status, run.reason) == (Status.COMPLETED, None)


def test_once_more_is_a_journal_of_its_own(recording: Recording) -> None:
    recording.finish()
    again = destination_of(recording.plan, Project.here(), {}, again=True)
    assert again.search_id == f"{recording.plan.id}r2"


def test_what_is_provisional_counts_once_it_is_accepted(recording: Recording) -> None:
    recording.trial_began(0)
    recording.reported(0, point(0, 0.5))
    for epoch in (1, 2, 3):
        recording.reported(0, point(epoch, 0.4), provisional=True)
    folder = recording.destination.folder
    assert len(load_search(folder).runs[0].points) == 1
    assert len(load_search(folder).runs[0].known) == 4
    recording.accepted(0, limit=3, settled=False)
    assert [p.epoch for p in load_search(folder).runs[0].points] == [0, 1, 2]
    recording.trial_ended(0, Status.COMPLETED, held=True)  # trained to its end, which may not count
    assert load_search(folder).runs[0].status is Status.RUNNING
    recording.accepted(0, limit=None, settled=True)
    run = load_search(folder).runs[0]
    assert (run.status, len(run.points), run.provisional) == (Status.COMPLETED, 4, [])


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_what_was_trained_beyond_a_stop_is_withdrawn(recording: Recording, status: Status) -> None:
    recording.trial_began(0)
    recording.reported(0, point(0, 0.5))
    recording.reported(0, point(1, 0.1), provisional=True)
    recording.trial_ended(0, status, held=True)
    recording.stopped(0, rung=1)
    run = load_search(recording.destination.folder).runs[0]
    assert (run.status, run.rung, len(run.points)) == (Status.STOPPED, 1, 1)
    assert kinds(recording) == ["search", "trial", "point", "provisional", "withdraw", "end"]


def test_the_model_is_that_of_the_best_epoch_that_counts(recording: Recording) -> None:
    files = TrialFiles(recording.destination.trials, 0)
    for epoch in (0, 1):
        files.epoch_model(epoch).parent.mkdir(parents=True, exist_ok=True)
        files.epoch_model(epoch).write_text(f"epoch {epoch}")
    recording.trial_began(0)
    recording.reported(0, point(0, 0.5))
    recording.reported(0, point(1, 0.1), provisional=True)
    assert files.model.read_text() == "epoch 0"
    recording.stopped(0, rung=1)
    assert files.epoch_model(1).exists()  # a worker may still write there
    recording.trial_gone(0)
    assert files.model.read_text() == "epoch 0"
    assert not files.epoch_model(1).parent.exists()


def test_a_model_that_a_killed_process_left_aside_is_the_trials_when_its_epoch_counts(
    recording: Recording,
) -> None:
    recording.trial_began(0)
    recording.reported(0, point(0, 0.5))
    files = TrialFiles(recording.destination.trials, 0)
    files.epoch_model(0).parent.mkdir(parents=True)
    files.epoch_model(0).write_text("epoch 0")
    recording.reported(0, point(0, 0.5), provisional=True)  # shown again before it is decided again
    assert files.model.read_text() == "epoch 0"


def test_a_line_that_the_disk_does_not_take_changes_nothing(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(writer: JournalWriter, line: bytes) -> None:
        raise writer._refused(OSError(28, "No space left on device"))

    with monkeypatch.context() as patch, pytest.raises(JournalError):
        patch.setattr(JournalWriter, "_write", full)
        recording.trial_began(0)
    recording.finish()  # now there is room for a short line
    assert kinds(recording) == ["search", "end"]
    assert recording.problem is not None
    assert "No space left on device" in recording.problem


def test_an_interrupt_while_the_results_are_written_leaves_no_half_of_them_for_the_whole(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        recording.trial_began(number)
        recording.reported(number, point(0, 0.5))
        recording.trial_ended(number, Status.COMPLETED)

    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("toolkit.hpo.recording.export", interrupted)
        recording.finish()
    assert recording.problem == "interrupted while the results were written"
    again = Recording(recording.plan, recording.destination)
    again.finish()
    assert again.problem is None
    assert again.results["leaderboard"].is_file()


def test_another_scheduler_does_not_go_on(recording: Recording) -> None:
    recording.finish()
    other = ASHAScheduler(max_t=3)
    with pytest.raises(SearchError, match="begun under another scheduler"):
        Recording(recording.plan, recording.destination, decider=other)
    assert not is_being_written(recording.destination.folder)


def kinds(recording: Recording) -> list[str]:
    return [record.kind for record in read_journal(recording.destination.folder.journal)]


def test_models_go_as_soon_as_they_cannot_be_needed_and_the_journal_says_so(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    content = {**toy_experiment, "search": {"num_samples": 4}, "keep_models": 1}
    plan = plan_of(ExperimentFile(**content), toy_project)
    recording = Recording(plan, destination_of(plan, Project.here(), {}, keep_models=1))

    def ends(number: int, *losses: float, status: Status = Status.COMPLETED) -> None:
        recording.trial_began(number)
        for epoch, loss in enumerate(losses):
            recording.reported(number, point(epoch, loss))
        leave_model(recording, number)
        recording.trial_ended(number, status)
        recording.trial_gone(number)

    ends(2, 0.2)
    ends(1, 0.5, 0.4)  # worse, but it leads the first two
    ends(3, 0.1, status=Status.FAILED)  # would be the best, once it goes well
    assert models(recording) == {1, 2, 3}
    ends(0, 0.3)
    assert models(recording) == {0, 2, 3}
    assert told(recording) == {1: "keep_models: 1"}
    assert kinds(recording)[-2:] == ["end", "drop"]
    again = recording
    recording.finish()

    # Killed between the line and the removal; then the failed trial goes well.
    leave_model(recording, 1)
    recording = Recording(plan, again.destination)
    ends(3, 0.1)
    recording.finish()
    assert recording.problem is None
    assert models(recording) == {0, 2, 3}  # each was the best of those up to its number
    assert told(recording) == {1: "keep_models: 1"}
    assert kinds(recording).count("drop") == 1
    assert (toy_project / "results" / "toy search" / "model.tar.gz").read_text() == "trial 3"


def test_what_is_withdrawn_saves_no_model(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    plan = plan_of(ExperimentFile(**{**toy_experiment, "search": {"num_samples": 2}}), toy_project)
    recording = Recording(plan, destination_of(plan, Project.here(), {}, keep_models=0))
    for number, losses in ((0, [0.3]), (1, [0.4, 0.1])):
        recording.trial_began(number)
        for epoch, loss in enumerate(losses):
            recording.reported(number, point(epoch, loss), provisional=epoch > 0)
        leave_model(recording, number)
    recording.trial_ended(0, Status.COMPLETED)
    recording.trial_gone(0)
    recording.trial_gone(1)
    assert models(recording) == {0, 1}  # not decided: the epoch with 0.1 may yet count
    recording.stopped(1, rung=1)
    assert models(recording) == {0}


def test_all_models_stay_where_that_is_asked_for(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    plan = plan_of(ExperimentFile(**{**toy_experiment, "search": {"num_samples": 3}}), toy_project)
    recording = Recording(plan, destination_of(plan, Project.here(), {}, keep_models=None))
    for number in range(3):
        recording.trial_began(number)
        recording.reported(number, point(0, 0.1 * (number + 1)))
        leave_model(recording, number)
        recording.trial_ended(number, Status.COMPLETED)
    recording.finish()
    assert models(recording) == {0, 1, 2}


def leave_model(recording: Recording, number: int) -> None:
    model = TrialFiles(recording.destination.trials, number).model
    model.parent.mkdir(parents=True, exist_ok=True)
    model.write_text(f"trial {number}")


def models(recording: Recording) -> set[int]:
    numbers = range(len(recording.plan.trials))
    return {n for n in numbers if TrialFiles(recording.destination.trials, n).model.is_file()}


def told(recording: Recording) -> dict[int, str]:
    return load_search(recording.destination.folder).dropped_models
