"""Trials of a search, trained again from their journal."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from toolkit.configuration.digest import code_digest
from toolkit.configuration.experiment import ExperimentFile
from toolkit.errors import DataError, ReplayError
from toolkit.hpo.destination import destination_of
from toolkit.hpo.experiment import trial_inputs
from toolkit.hpo.recording import Recording
from toolkit.hpo.tune import plan_of, run_search
from toolkit.replay import Change, Replay, replay
from toolkit.runs import Project, Search, Status, load_search

NO_CHANGE = "code, commit, versions and processor are those of the record"


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """What is recorded here without Ray is trained on one thread, as in a trial's process."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def record(content: Mapping[str, Any], epochs: Sequence[int]) -> Search:
    """Journal a search as its driver would: trial i gets so many epochs, and is STOPPED where it had more."""
    project = Project.here()
    plan = plan_of(ExperimentFile(**content), project.root)
    recording, inputs = Recording(plan, destination_of(plan, project, {})), trial_inputs(plan)
    for number, count in enumerate(epochs):
        recording.trial_began(number)
        _, training = inputs.texts[inputs.keys[number]].start(inputs.configs[number])
        for epoch in range(count):
            metrics = training.epoch()
            recording.reported(
                number, {"epoch": epoch, "step": training.step, "metrics": metrics, "seconds": 0.1}
            )
        if training.finished:
            recording.trial_ended(number, Status.COMPLETED)
        else:
            recording.trial_ended(number, Status.STOPPED, rung=count, reason=f"stopped at epoch {count}")
    recording.finish()
    return load_search(recording.destination.folder)


@pytest.fixture
def search(toy_project: Path, toy_experiment: dict[str, Any]) -> Search:
    """Two trials: one completed with three epochs, one stopped after its second."""
    return record({**toy_experiment, "search": {"num_samples": 2}}, [3, 2])


def edited(search: Search, edit: Callable[[dict[str, Any]], object]) -> Search:
    """The search with every line of its journal edited in place; an edit that gives False drops the line."""
    path = search.folder.journal
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if edit(line) is not False]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in kept), encoding="utf-8")
    return load_search(search.folder)


def with_header(search: Search, **fields: Any) -> Search:
    return edited(search, lambda line: line.update(fields) if line["kind"] == "search" else None)


def replayed(search: Search, trial: int = 0, said: list[str] | None = None) -> Replay:
    return replay(search, search.runs[trial], Project.here().root, [].append if said is None else said.append)


def test_a_run_trained_again_is_the_same_to_the_last_bit(search: Search) -> None:
    said: list[str] = []
    found = replayed(search, said=said)
    assert (found.run_id, found.epochs, found.identical) == (search.runs[0].run_id, 3, True)
    assert found.metrics == dict.fromkeys(search.runs[0].points[0].metrics)
    assert len(found.metrics) > 9
    assert found.environment == {}
    epochs = [f"epoch {epoch}: identical" for epoch in range(3)]
    assert said == [f"{found.run_id}, trial 0 of toy search, COMPLETED with 3 epochs", NO_CHANGE, *epochs]


def test_a_stopped_run_gets_only_its_own_epochs(search: Search) -> None:
    assert search.runs[1].status is Status.STOPPED
    said: list[str] = []
    found = replayed(search, 1, said)
    assert (found.epochs, found.identical) == (2, True)
    assert said[0] == f"{found.run_id}, trial 1 of toy search, STOPPED with 2 epochs (stopped at epoch 2)"
    assert said[2:] == ["epoch 0: identical", "epoch 1: identical"]


@pytest.mark.parametrize("metric", ["validation_loss", "validation_fscore__Hotel"])
def test_the_smallest_edit_of_one_metric_is_found(search: Search, metric: str) -> None:
    def edit(line: dict[str, Any]) -> None:
        if line["kind"] == "point" and (line["trial"], line["epoch"]) == (0, 1):
            line["metrics"][metric] += 1e-12

    said: list[str] = []
    found = replayed(edited(search, edit), said=said)
    assert found.differences.keys() == {metric}
    difference = found.differences[metric]
    assert (difference.epoch, difference.size) == (1, pytest.approx(1e-12, rel=1e-3))
    assert difference.replayed == search.runs[0].points[1].metrics[metric] != difference.recorded
    assert said[-2] == f"epoch 1: 1 of {len(found.metrics)} metrics differ"


def test_another_seed_is_another_training(search: Search) -> None:
    def edit(line: dict[str, Any]) -> None:
        if line["kind"] == "trial":
            line["config"]["trainer"]["random_seed"] += 1

    assert "training_loss" in replayed(edited(search, edit)).differences


def test_a_metric_that_only_one_side_has_differs(search: Search) -> None:
    def edit(line: dict[str, Any]) -> None:
        if line["kind"] == "point":
            line["metrics"]["bleu"] = line["metrics"].pop("training_accuracy")

    assert replayed(edited(search, edit)).differences.keys() == {"bleu", "training_accuracy"}


def test_the_limits_of_the_vocabulary_are_the_recorded_ones(
    toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    content = {**toy_experiment, "vocabulary": {"min_count": {"word": 2}}, "search": {"num_samples": 1}}
    search = record(content, [3])
    assert replayed(search).identical
    without = with_header(search, spec={**search.header.spec, "vocabulary": {}})
    assert not replayed(without).identical


def test_it_trains_on_one_thread_and_gives_the_others_back(search: Search) -> None:
    torch.set_num_threads(2)
    seen: list[int] = []
    replay(search, search.runs[0], Project.here().root, lambda _: seen.append(torch.get_num_threads()))
    assert seen == [2, 2, 1, 1, 1]
    assert torch.get_num_threads() == 2


def test_a_trial_is_trained_where_ray_trained_it(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray hides a GPU from trials that ask for none; this machine has none that could be used."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert replayed(search).identical


def test_other_data_are_refused_in_one_line(search: Search, toy_project: Path) -> None:
    path = toy_project / "data" / "valid.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Brot", "Brod", 1), encoding="utf-8")
    said: list[str] = []
    with pytest.raises(DataError) as error:
        replayed(search, said=said)
    (line,) = str(error.value).splitlines()
    recorded = search.header.data["validation"]["sha256"]
    assert line.startswith(f"{path}: is not the validation data of {search.runs[0].run_id}")
    assert recorded in line
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", line))) == 2
    assert not any(line.startswith("epoch") for line in said)


def test_data_that_are_not_there_are_named_with_their_digest(search: Search, toy_project: Path) -> None:
    (toy_project / "data" / "train.csv").unlink()
    with pytest.raises(DataError) as error:
        replayed(search)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{toy_project / 'data' / 'train.csv'}: there is no such file (training data of ")
    assert search.header.data["training"]["sha256"] in line


def test_what_differs_from_the_record_is_told(search: Search) -> None:
    provenance = {**search.header.provenance, "commit": "f" * 40, "python": "3.9.1", "host": "elsewhere"}
    provenance["versions"] = {**provenance["versions"], "torch": "1.0", "ray": "1.0"}
    provenance["processor"] = "Z80"
    said: list[str] = []
    found = replayed(with_header(search, code="ab" * 32, provenance=provenance), said=said)
    assert found.identical
    assert list(found.environment) == ["code", "commit", "python", "torch", "processor"]
    assert found.environment["code"] == Change("ab" * 32, code_digest())
    assert f"training code: abababababab in the record, {code_digest()[:12]} now" in said
    assert f"torch: 1.0 in the record, {search.header.provenance['versions']['torch']} now" in said
    assert "commit: ffffffffffff in the record, unknown now" in said
    assert NO_CHANGE not in said


def test_what_an_old_journal_does_not_say_is_unknown(search: Search) -> None:
    def edit(line: dict[str, Any]) -> None:
        if line["kind"] == "search":
            del line["code"], line["provenance"]["processor"], line["provenance"]["versions"]

    said: list[str] = []
    found = replayed(edited(search, edit), said=said)
    assert found.identical
    assert list(found.environment) == ["code", "torch", "numpy", "processor"]
    assert f"training code: unknown in the record, {code_digest()[:12]} now" in said


@pytest.mark.parametrize(
    ("end", "standing"),
    [
        (None, "still RUNNING, so far 2 epochs"),
        (
            {"status": "FAILED", "reason": "MemoryError:\nno room"},
            "FAILED with 2 epochs (MemoryError: no room)",
        ),
        ({"status": "INTERRUPTED"}, "INTERRUPTED with 2 epochs"),
    ],
    ids=["running", "failed", "interrupted"],
)
def test_a_run_that_did_not_complete_is_replayed_as_far_as_it_came(
    search: Search, end: dict[str, Any] | None, standing: str
) -> None:
    def edit(line: dict[str, Any]) -> bool | None:
        if line["kind"] != "end" or line.get("trial") != 1:
            return None
        if end is None:
            return False
        line.update({"rung": None, "reason": None, **end})
        return None

    said: list[str] = []
    found = replayed(edited(search, edit), 1, said)
    assert (found.epochs, found.identical) == (2, True)
    assert said[0] == f"{found.run_id}, trial 1 of toy search, {standing}"


def test_a_run_without_an_epoch_is_refused(toy_project: Path, toy_experiment: dict[str, Any]) -> None:
    search = record({**toy_experiment, "search": {"num_samples": 1}}, [0])
    with pytest.raises(ReplayError, match=r"STOPPED with no epochs .*: there is nothing to train again"):
        replayed(search)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"spec": {}}, "does not say how its vocabulary was made"),
        ({"job": "distil"}, "nothing here trains a run of job 'distil' again"),
        ({"data": {}}, "its training data was no file"),
        ({"data": {"training": {"sha256": "ab", "rows": 3}}}, "its training data was no file"),
        ({"spec": {"vocabulary": {"min_counts": 3}}}, r"vocabulary\.min_counts: is no key"),
    ],
)
def test_a_record_that_does_not_say_enough_is_refused(
    search: Search, header: dict[str, Any], why: str
) -> None:
    with pytest.raises(ReplayError, match=why) as error:
        replayed(with_header(search, **header))
    assert search.runs[0].run_id in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"trainer": {"num_epoch": 3}}, r"trainer\.num_epoch: is no key"),
        ({"pipeline": None}, "^.*pipeline: must"),
    ],
)
def test_a_configuration_of_another_version_is_refused(
    search: Search, config: dict[str, Any], why: str
) -> None:
    def edit(line: dict[str, Any]) -> None:
        if line["kind"] == "trial":
            line["config"] |= config

    with pytest.raises(ReplayError, match=why):
        replayed(edited(search, edit))


def test_what_ray_trained_is_the_same_without_it(
    ray_running: None, toy_project: Path, toy_experiment: dict[str, Any]
) -> None:
    """Two worker processes, data from shared memory, trials served one after the other."""
    experiment = ExperimentFile(**{**toy_experiment, "search": {"num_samples": 4, "seed": 3}})
    project = Project.here()
    search = run_search(experiment, plan_of(experiment, project.root), project).search
    for trial, run in search.runs.items():
        found = replayed(search, trial)
        assert (found.epochs, found.identical) == (len(run.points), True)
