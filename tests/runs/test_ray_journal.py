"""Folders of plain Ray Tune results become journals: whole, once, and continued when they grow."""

import csv
import json
import math
from pathlib import Path

import pytest

from tests.runs.ray_folder import rows, write_state, write_trial
from toolkit.errors import ConfigurationError, JournalError
from toolkit.runs import Project, Search, Status, load_search
from toolkit.runs.ray_journal import take_in, with_ray_folders

CONFIG = {"model": {"lr": 0.1, "sizes": [1, 2]}, "seed": 3}
LOSSES = [{"loss": math.nan, "nested": {"acc": 0.5}, "note": "gut"}, {"loss": 0.25, "nested": {"acc": 1}}]
COLOURED = "Failure # 1\n\x1b[36mray::fn()\x1b[39m (pid=1)\nValueError: no such luck\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two trials, one of which failed."""
    experiment = tmp_path / "storage" / "their search"
    good = write_trial(experiment, 0, LOSSES, CONFIG)
    bad = write_trial(experiment, 1, LOSSES[1:], CONFIG, error=COLOURED)
    write_state(experiment, {good: "TERMINATED", bad: "ERROR"})
    return experiment


def taken(folder: Path) -> Search:
    return load_search(take_in(Project.here(), folder, mode="min"))


def test_everything_that_was_reported_is_in_the_journal(project: Path, folder: Path) -> None:
    search = taken(folder)
    assert (search.experiment, search.header.job, search.status) == ("their search", "ray", Status.COMPLETED)
    assert (search.header.metric, search.header.mode) == ("loss", "min")
    assert search.header.provenance == {"origin": str(folder), "host": "there"}
    good, bad = search.runs.values()
    assert good.params == {"model.lr": 0.1}
    assert good.config == CONFIG
    assert repr([point.metrics for point in good.points]) == repr(
        [{"loss": math.nan, "nested/acc": 0.5, "note": "gut"}, {"loss": 0.25, "nested/acc": 1}]
    )
    assert [(p.epoch, p.step, p.t, p.seconds) for p in good.points] == [
        (0, 1, 1_795_647_407_000, 0.25),
        (1, 2, 1_795_647_408_000, 0.25),
    ]
    assert (good.started, good.ended, good.status) == (1_795_647_406_500, 1_795_647_408_000, Status.COMPLETED)
    assert (bad.status, bad.reason) == (Status.FAILED, "ValueError: no such luck")
    assert bad.error == "Failure # 1\nray::fn() (pid=1)\nValueError: no such luck\n"


def test_twice_is_once_and_the_folder_is_only_read(project: Path, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}
    search = taken(folder)
    journal = search.folder.journal.read_bytes()
    assert take_in(Project.here(), folder).journal.read_bytes() == journal
    assert {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")} == before


def test_a_folder_that_grew_is_continued(project: Path, folder: Path) -> None:
    """A trial that runs gets its end later, a new trial a new number, a finished one goes on."""
    first = "fn_7bc5e_00000_0_2026-11-25_22-56-44"
    second = "fn_7bc5e_00001_1_2026-11-25_22-56-44"
    write_state(folder, {first: "TERMINATED", second: "RUNNING"})
    running = taken(folder)
    assert (running.status, running.runs[1].status) == (Status.RUNNING, Status.RUNNING)

    third = write_trial(folder, 2, LOSSES[1:], CONFIG)
    with (folder / first / "result.json").open("a") as file:
        file.write(json.dumps(rows(0, LOSSES[1:], first=3)[0]) + "\n" + '{"loss": 0.1, "training_it')
    write_state(folder, {first: "TERMINATED", second: "TERMINATED", third: "TERMINATED"})
    search = taken(folder)
    assert (search.id, search.status) == (running.id, Status.COMPLETED)
    assert [(len(run.points), run.status) for run in search.runs.values()] == [
        (3, Status.COMPLETED),
        (1, Status.COMPLETED),
        (1, Status.COMPLETED),
    ]
    kinds = [json.loads(line)["kind"] for line in search.folder.journal.read_text().splitlines()]
    assert kinds.count("search") == 1
    assert kinds.count("resume") == 1
    assert taken(folder).offset == search.offset


def test_a_trial_that_has_not_begun_keeps_the_search_open(project: Path, folder: Path) -> None:
    names = [path.parent.name for path in sorted(folder.glob("*/params.json"))]
    write_state(folder, {names[0]: "TERMINATED", names[1]: "ERROR", "not made yet": "PENDING"})
    assert taken(folder).status is Status.RUNNING


def test_a_trial_with_a_table_only_is_read(project: Path, folder: Path) -> None:
    trial = folder / "fn_7bc5e_00000_0_2026-11-25_22-56-44"
    (trial / "result.json").unlink()
    with (trial / "progress.csv").open("w", newline="") as file:
        table = [{**row, "nested/acc": 0.5, "flag": True, "config/lr": 1} for row in rows(0, LOSSES[1:])]
        table = [{k: v for k, v in row.items() if k not in ("nested", "config")} for row in table]
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    (point,) = taken(folder).runs[0].points
    assert point.metrics == {"loss": 0.25, "nested/acc": 0.5, "flag": True}
    assert point.t == 1_795_647_407_000


def test_without_a_state_an_error_tells_who_failed(project: Path, folder: Path) -> None:
    next(folder.glob("experiment_state-*")).unlink()
    search = load_search(take_in(Project.here(), folder, "loss", "min"))
    assert [run.status for run in search.runs.values()] == [Status.COMPLETED, Status.FAILED]
    assert search.runs[0].params == {"model.lr": 0.1, "model.sizes": [1, 2], "seed": 3}


@pytest.mark.parametrize(
    ("metric", "mode", "error"),
    [
        (
            None,
            None,
            "do not say what ranks their trials: give --metric and --mode; they report loss, nested/",
        ),
        ("lossy", "min", "reports 'lossy'; they report loss, nested/acc, note"),
        ("loss", None, "do not say whether loss is best at its lowest or at its highest: give --mode min or"),
    ],
)
def test_what_ranks_must_be_known(
    project: Path, folder: Path, metric: str | None, mode: str | None, error: str
) -> None:
    names = [path.parent.name for path in folder.glob("*/params.json")]
    write_state(folder, dict.fromkeys(names, "TERMINATED"), metric=None)
    with pytest.raises(ConfigurationError, match=error):
        take_in(Project.here(), folder, metric, mode)
    assert not Project.here().runs.exists()


def test_another_mode_than_before_is_refused(project: Path, folder: Path) -> None:
    taken(folder)
    with pytest.raises(
        ConfigurationError, match=r"were taken in with --metric loss --mode min: remove .*their"
    ):
        take_in(Project.here(), folder, mode="max")
    take_in(Project.here(), folder, mode="max", at_first=True)


def test_a_broken_line_names_the_file(project: Path, folder: Path) -> None:
    (folder / "fn_7bc5e_00000_0_2026-11-25_22-56-44" / "result.json").write_text("[1]\n")
    with pytest.raises(JournalError, match=r"result.json: not what Ray Tune writes \('\[1\]"):
        taken(folder)


def test_addresses_lead_to_the_searches_made_of_them(project: Path, folder: Path) -> None:
    made = with_ray_folders(Project.here(), ["a name", str(folder.parent)], mode="min")
    assert made == ["a name", str(taken(folder).folder.path)]
    assert with_ray_folders(Project.here(), made) == made


def test_trials_side_by_side_keep_their_times(project: Path, tmp_path: Path) -> None:
    """A journal's time never goes back: trial by trial, the second would begin where the first ended."""
    experiment = tmp_path / "side by side"
    first = write_trial(experiment, 0, [{"loss": 1 / n} for n in range(1, 21)], CONFIG)
    second = write_trial(experiment, 1, LOSSES, CONFIG)
    write_state(experiment, {first: "TERMINATED", second: "TERMINATED"})
    runs = taken(experiment).runs
    assert [point.t // 1000 - 1_795_647_406 for point in runs[0].points] == list(range(1, 21))
    assert [point.t // 1000 - 1_795_647_406 for point in runs[1].points] == [11, 12]
