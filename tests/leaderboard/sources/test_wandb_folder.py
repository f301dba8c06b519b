"""What real offline files of W&B say: of searches that the mirror wrote, and of other people's runs."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import wandb

from tests.leaderboard.sources.mirrored import mirrored
from toolkit.errors import ConfigurationError, NotFoundError, TrackerError
from toolkit.leaderboard import rank
from toolkit.leaderboard.as_csv import to_csv
from toolkit.leaderboard.as_json import to_json
from toolkit.leaderboard.sources.wandb_folder import runs_in_folder
from toolkit.leaderboard.sources.wandb_searches import wandb_searches
from toolkit.leaderboard.sources.wandb_source import from_wandb
from toolkit.runs import Search, Status
from toolkit.trackers._wandb_files import wait_until_whole


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a project's root")


@pytest.fixture(scope="module")
def search(root: Path) -> Search:
    return mirrored(root)


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("place", ["", "wandb"])
def test_the_same_leaderboard_from_journals_and_wandb(search: Search, root: Path, place: str) -> None:
    by_journal, by_wandb = rank([search]), rank(from_wandb(str(root / place)).searches)
    assert [(row.rank, row.trial, row.epoch) for row in by_wandb[0].rows] == [
        (1, 0, 1),
        (2, 2, 0),
        (3, 1, 1),
        (4, 4, 1),
        (None, 3, 0),
        (None, 5, None),
    ]
    assert json.loads(to_json(by_wandb)) == json.loads(to_json(by_journal))
    assert lines(to_csv(by_wandb)) == lines(to_csv(by_journal))
    # W&B does not have the seconds of an epoch; everything else is the same row.
    without = [replace(row, seconds=None) for row in by_journal[0].rows]
    assert list(by_wandb[0].rows) == without
    assert by_wandb[0].yardstick == by_journal[0].yardstick
    assert (
        type(by_wandb[0].rows[2].metrics["best"]),
        by_wandb[0].rows[0].metrics["validation_accuracy"],
    ) == (
        int,
        1.0,
    )


def test_a_search_is_told_as_its_journal_tells_it(search: Search, root: Path) -> None:
    [found] = from_wandb(str(root)).searches
    names = ("id", "experiment", "metric", "mode", "job", "seed", "data", "labels", "provenance", "note")
    for name in names:
        assert getattr(found.header, name) == getattr(search.header, name), name
    assert found.status is Status.COMPLETED
    for number, run in search.runs.items():
        told = found.runs[number]
        for name in ("run_id", "params", "config", "seed", "status", "rung", "reason", "error"):
            assert getattr(told, name) == getattr(run, name), name
        assert [point.t for point in told.points] == [point.t for point in run.points]


def test_one_run_by_its_folder(search: Search, root: Path) -> None:
    [folder] = (root / "wandb").glob("offline-run-*-aaaa00000000-00002")
    [found] = from_wandb(str(folder)).searches
    assert [(number, run.status) for number, run in found.runs.items()] == [(2, "STOPPED")]


def test_labels_of_an_older_mirror_are_those_of_the_classifier(search: Search, root: Path) -> None:
    runs = runs_in_folder(root)
    for run in runs:
        del run.config["toolkit"]["labels"]
    trials = [run for run in runs if run.job != "search"]
    [found] = wandb_searches(trials, root, None, None)
    assert found.header.labels == search.header.labels


@pytest.fixture
def torn(search: Search, root: Path, tmp_path: Path) -> Path:
    """The file of the run with three epochs, in a `wandb/` folder of its own."""
    [folder] = (root / "wandb").glob("offline-run-*-aaaa00000000-00000")
    shutil.copytree(folder, tmp_path / "wandb" / folder.name)
    [file] = (tmp_path / "wandb" / folder.name).glob("*.wandb")
    return file


@pytest.mark.parametrize("garbage", [b"", b"\x00" * 100, b"\xff\x07garbage" * 30])
def test_a_torn_file_counts_as_far_as_it_is_whole(torn: Path, garbage: bytes) -> None:
    whole = torn.read_bytes()
    lengths = []
    for size in range(len(whole), 0, -97):
        torn.write_bytes(whole[:size] + garbage)
        try:
            source = from_wandb(str(torn.parent))
        except NotFoundError:
            lengths.append(-1)
            continue
        [run] = source.searches[0].runs.values()
        assert [point.epoch for point in run.points] == list(range(len(run.points)))
        lengths.append(len(run.points))
    assert set(lengths) == {3, 2, 1, 0, -1}
    assert lengths == sorted(lengths, reverse=True)


def test_a_run_that_was_killed_still_runs_as_its_journal_would_say(torn: Path) -> None:
    whole = torn.read_bytes()
    torn.write_bytes(whole[: whole.index(b'"status')])
    [found] = from_wandb(str(torn.parent)).searches
    assert (found.status, found.runs[0].status) == (Status.RUNNING, Status.RUNNING)


def test_what_was_set_aside_does_not_count(search: Search, root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "wandb", tmp_path / "wandb", symlinks=True)
    for folder in (tmp_path / "wandb").glob("offline-run-*-0000[12]"):
        folder.rename(folder.with_name(f"{folder.name}.superseded"))
    for file in (tmp_path / "wandb").glob("offline-run-*-0000[345]/*.wandb"):
        file.rename(file.with_name(f"{file.name}.superseded"))
    [found] = from_wandb(str(tmp_path)).searches
    assert list(found.runs) == [0]


@pytest.mark.parametrize("name", ["", "empty"])
def test_nothing_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError, match="no run of W&B in"):
        from_wandb(str(tmp_path / name))


def test_other_files_of_that_name_are_none(tmp_path: Path) -> None:
    (tmp_path / "notes.wandb").write_text("not what W&B writes")
    (tmp_path / "empty.wandb").write_text("")
    with pytest.raises(NotFoundError, match="no run of W&B in"):
        from_wandb(str(tmp_path))


def their_run(root: Path, run_id: str, lr: float, *rows: dict[str, Any], code: int = 0) -> None:
    """A run as anybody's training script records it."""
    run = wandb.init(
        project="demo",
        id=run_id,
        config={"lr": lr, "net": {"size": 8}},
        dir=str(root),
        mode="offline",
        reinit="create_new",
        settings=wandb.Settings(console="off", silent=True, x_disable_stats=True, x_disable_meta=True),
    )
    for row in rows:
        run.log(row)
    folder = Path(run.settings.sync_dir)
    run.finish(exit_code=code)
    wait_until_whole(folder, len(rows))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("theirs")
    their_run(root, "good", 0.1, {"loss": 1.0}, {"val_loss": 0.5, "f": {"a": 1}})
    their_run(root, "better", 0.2, {"val_loss": 0.25}, {"val_loss": 0.75})
    their_run(root, "broken", 0.3, {"val_loss": 0.125}, code=1)
    return root


def test_a_project_of_other_runs_is_one_search_by_a_given_metric(theirs: Path) -> None:
    [table] = rank(from_wandb(str(theirs), "val_loss").searches, "val_loss")
    assert [(row.rank, row.run_id, row.epoch, row.epochs, row.status) for row in table.rows] == [
        (1, "better", 0, 2, "COMPLETED"),
        (2, "good", 1, 1, "COMPLETED"),
        (None, "broken", 0, 1, "FAILED"),
    ]
    assert table.rows[1].metrics == {"val_loss": 0.5, "f.a": 1}
    assert table.rows[0].params == {"lr": 0.2}
    assert table.rows[0].experiment == "demo"
    assert table.rows[2].reason == "W&B says that it failed"


def test_other_runs_need_a_metric_and_a_direction(theirs: Path) -> None:
    with pytest.raises(ConfigurationError, match="give --metric and --mode; they report f"):
        from_wandb(str(theirs))
    with pytest.raises(ConfigurationError, match="does not tell whether lower or higher is better"):
        from_wandb(str(theirs), "f.a")


def test_beside_searches_of_ours_they_are_left_out_with_a_word(theirs: Path, torn: Path) -> None:
    for folder in (theirs / "wandb").glob("offline-run-*"):
        shutil.copytree(folder, torn.parents[1] / folder.name)
    said: list[str] = []
    [found] = from_wandb(str(torn.parents[1]), talk=said.append).searches
    assert found.experiment == "names"
    assert said == [
        "Left out: nothing says what ranks the 3 runs of W&B's project 'demo': give --metric and --mode; "
        "they report f.a, loss, val_loss"
    ]
    both = from_wandb(str(torn.parents[1]), "val_loss", talk=said.append).searches
    assert [search.experiment for search in both] == ["names", "demo"]
    assert len(said) == 1


def test_a_run_that_was_resumed_has_two_files_and_stands_once(tmp_path: Path) -> None:
    their_run(tmp_path, "twice", 0.1, {"loss": 0.5}, code=255)
    [first] = (tmp_path / "wandb").glob("offline-run-*")
    first.rename(first.with_name("offline-run-20200101_000000-twice"))
    their_run(tmp_path, "twice", 0.2, {"loss": 0.75}, {"loss": 0.25})
    [run] = from_wandb(str(tmp_path), "loss").searches[0].runs.values()
    assert [(point.epoch, point.metrics["loss"]) for point in run.points] == [(0, 0.5), (1, 0.25)]
    assert (run.status, run.config["lr"]) == (Status.COMPLETED, 0.2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "no folder 'nowhere', and a project of W&B is named ENTITY/PROJECT"),
        ("a/b/c", "no folder 'a/b/c'"),
    ],
)
def test_no_such_folder(project: Path, name: str, message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        from_wandb(name)


def test_without_an_account_one_line_says_what_to_do(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", str(project / "none"))
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    with pytest.raises(TrackerError, match="'me/demo' without an account: `wandb login`, or set"):
        from_wandb("me/demo")
