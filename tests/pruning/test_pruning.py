"""What goes and what stays, and that nothing goes that is not ours."""

import os
import shutil
from pathlib import Path

import pytest

from tests.pruning.searches import files, leave, write_search
from toolkit.pruning import find_leftovers, remove, superseded_bytes
from toolkit.pruning.leftovers import MODELS, RAY, STATES, SUPERSEDED
from toolkit.runs import JournalWriter, Project, Status, find_searches, load_search
from toolkit.trackers import mirror
from toolkit.trackers.cursor import read_cursors

DONE = [Status.COMPLETED] * 3
OLD, NEW = "0" * 12, "1" * 12


@pytest.fixture
def here(project: Path) -> Project:
    return Project.here()


def kinds(here: Project, **options: object) -> dict[str, set[str]]:
    """Search id -> kinds of what could go."""
    found = find_leftovers(here, **options)  # type: ignore[arg-type]
    return {one.search.id: {leftover.kind for leftover in one.leftovers} for one in found}


def prune(here: Project, **options: object) -> int:
    removals = [remove(found) for found in find_leftovers(here, **options)]  # type: ignore[arg-type]
    assert [removal.problems for removal in removals] == [[] for _ in removals]
    return sum(removal.bytes for removal in removals)


def test_old_searches_keep_the_best_model_and_the_newest_all(here: Project) -> None:
    write_search(OLD, DONE)
    write_search(NEW, DONE)
    before = files(here.root)
    told = sum(found.bytes for found in find_leftovers(here))
    freed = prune(here)
    gone = before - files(here.root)
    old, new = (f"runs/toy/{search_id}" for search_id in (OLD, NEW))
    assert gone == {
        *(f"{old}/trials/{n:05d}/training/model.tar.gz" for n in (0, 1)),
        *(
            f"{old}/trials/{n:05d}/{name}"
            for n in range(3)
            for name in ("params.json", "checkpoint_000000/epochs.json")
        ),
        f"{old}/trials/experiment_state-2026-01-01_00-00-00.json",
        *(f"{folder}/tensorboard/00000/events.out.events.1.superseded" for folder in (old, new)),
        *(f"wandb/offline-run-20260101_000000-{n}-00000.superseded/files/x" for n in (OLD, NEW)),
    }
    assert freed == told == 2 * 100 + 3 * 20 + 10 + 2 * (20 + 30)
    assert load_search(here.search("toy", OLD)).dropped_models == dict.fromkeys((0, 1), "toolkit prune")
    assert load_search(here.search("toy", NEW)).dropped_models == {}
    assert find_leftovers(here)[0].leftovers == []
    assert prune(here) == 0


def test_how_many_models_and_how_many_searches(here: Project) -> None:
    for search_id in (OLD, NEW):
        write_search(search_id, DONE)
    assert MODELS not in kinds(here, keep_searches=2)[OLD]
    assert kinds(here, keep_searches=0)[NEW] >= {MODELS, RAY}
    assert MODELS not in kinds(here, keep_models=1)[NEW]  # each leads as far as its number
    turned = write_search("2" * 12, [Status.COMPLETED])
    assert kinds(here, keep_searches=2)[OLD] >= {MODELS}
    assert [len(found.of_kind(MODELS)) for found in find_leftovers(here, keep_models=2)] == [1, 1, 0]
    assert turned.dropped_models == {}


def test_an_unfinished_search_is_left_alone_unless_it_is_asked_for(here: Project) -> None:
    ends = [Status.COMPLETED, Status.INTERRUPTED, None, Status.FAILED]
    search = write_search(OLD, ends, status=Status.INTERRUPTED)
    write_search(NEW, DONE)
    before = files(here.root)
    (alone, _) = find_leftovers(here)
    assert alone.leftovers == ()
    assert alone.left_alone == "is INTERRUPTED and may go on; --unfinished takes what can be made again"
    prune(here, unfinished=True)
    gone = {path for path in before - files(here.root) if OLD in path and "trials" in path}
    # Models of trials that may go on stay: they are not in the state that is trained again.
    assert gone == {f"runs/toy/{OLD}/trials/{n:05d}/state/training_state.pt" for n in (1, 2, 3)}
    assert search.model(3).is_file()


def test_an_unfinished_search_makes_no_other_one_old(here: Project) -> None:
    write_search(OLD, DONE)
    write_search(NEW, [Status.INTERRUPTED], status=Status.INTERRUPTED)
    assert kinds(here, unfinished=True) == {OLD: {SUPERSEDED}, NEW: {STATES, SUPERSEDED}}


def test_what_a_killed_process_left_of_ended_trials_goes(here: Project) -> None:
    search = write_search(OLD, DONE)
    leave(search.folder.trial(0) / "state" / "training_state.pt", 1000)
    leave(search.folder.trial(0) / "training" / "epochs" / "00002.tar.gz")
    assert kinds(here) == {OLD: {STATES, SUPERSEDED}}


def test_a_search_that_is_being_written_is_left_alone(here: Project) -> None:
    search = write_search(OLD, DONE)
    found = find_leftovers(here, keep_searches=0)
    with JournalWriter(search.folder):
        (alone,) = find_leftovers(here, keep_searches=0, unfinished=True)
        assert alone.leftovers == ()
        assert str(alone.left_alone).startswith(f"is being written by process {os.getpid()} on ")
        removal = remove(found[0])  # it has begun since
    assert "is being written by process" in removal.problems[0]
    with JournalWriter(search.folder) as journal:
        journal.append("resume", num_trials=5)
    assert remove(found[0]).problems == ["has changed meanwhile: nothing was removed"]
    assert all(search.model(number).is_file() for number in range(3))


def test_plain_trainings_and_baselines_are_never_unfinished(here: Project) -> None:
    write_search(OLD, [Status.FAILED], status=Status.FAILED, job="train")
    assert find_leftovers(here)[0].left_alone is None


def test_what_we_did_not_make_stays(here: Project, tmp_path: Path) -> None:
    search = write_search(OLD, DONE)
    write_search(NEW, DONE)
    mine = {
        leave(search.folder.path / "notes.txt"),
        leave(search.folder.trial(0) / "notes.txt"),
        leave(search.folder.trial(0) / "training" / "my-model.tar.gz"),
        leave(search.folder.trials / "99999" / "training" / "model.tar.gz"),  # no trial of this search
        leave(here.root / "wandb" / "offline-run-20260101_000000-other-00000.superseded" / "x"),
        leave(here.root / "wandb" / f"run-{OLD}.superseded"),
    }
    prune(here)
    assert all(path.is_file() for path in mine)
    assert search.folder.journal.is_file()


@pytest.mark.parametrize("what", ["model.tar.gz", "training", "trial", "trials"])
def test_links_are_not_followed(here: Project, tmp_path: Path, what: str) -> None:
    search = write_search(OLD, DONE)
    write_search(NEW, DONE)
    trial = search.folder.trial(0)
    place = {
        "model.tar.gz": trial / "training" / "model.tar.gz",
        "training": trial / "training",
        "trial": trial,
        "trials": search.folder.trials,
    }[what]
    elsewhere = tmp_path / "elsewhere"
    shutil.move(place, elsewhere)
    place.symlink_to(elsewhere)
    outside = files(tmp_path / "elsewhere") if elsewhere.is_dir() else elsewhere.read_bytes()
    prune(here)
    assert outside == (files(elsewhere) if elsewhere.is_dir() else elsewhere.read_bytes())
    assert place.is_symlink()


def test_the_mirror_of_a_pruned_search_has_nothing_to_do(here: Project) -> None:
    search = write_search(OLD, DONE)
    write_search(NEW, DONE)
    (outcome,) = mirror(search.folder, here, trackers={"wandb": {"mode": "offline"}})
    assert (outcome.error, outcome.remaining) == (None, 0)
    prune(here)
    before = files(here.root / "wandb")
    (outcome,) = mirror(search.folder, here, trackers={"wandb": {"mode": "offline"}})
    assert (outcome.shipped, outcome.error) == (0, None)
    assert files(here.root / "wandb") == before  # else the page of the search would be written again
    (cursor,) = read_cursors(search.folder, "wandb").others  # the search itself names no wandb
    assert cursor.closed
    assert cursor.offset == search.folder.journal.stat().st_size


def test_how_much_was_set_aside(here: Project) -> None:
    write_search(OLD, DONE)
    assert superseded_bytes(here, find_searches(here)) == 50
