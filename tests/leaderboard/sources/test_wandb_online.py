"""W&B's API, asked through the real `wandb.Api` of a stand-in on the loopback interface."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaderboard.sources.mirrored import mirrored
from tests.leaderboard.sources.wandb_server import KEY, StandIn, serving
from toolkit.errors import NotFoundError, TrackerError
from toolkit.leaderboard import rank
from toolkit.leaderboard.sources import wandb_online
from toolkit.leaderboard.sources.wandb_folder import runs_in_folder
from toolkit.leaderboard.sources.wandb_run import WandbRun
from toolkit.leaderboard.sources.wandb_source import from_wandb
from toolkit.runs import Search, Status


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a project's root")


@pytest.fixture(scope="module")
def search(root: Path) -> Search:
    return mirrored(root)


@pytest.fixture
def service(search: Search, root: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """What the mirror wrote offline, served as if it had been sent; this process has an account there."""
    with serving(StandIn("team/names", runs_in_folder(root))) as stand_in:
        monkeypatch.setenv("WANDB_BASE_URL", stand_in.url)
        monkeypatch.setenv("WANDB_API_KEY", KEY)
        yield stand_in


def test_the_same_leaderboard_from_files_and_over_the_api(
    service: StandIn, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wandb_online, "_PER_PAGE", 3)
    monkeypatch.setattr(wandb_online, "_TOLD_EVERY", 3)
    said: list[str] = []
    online = from_wandb("team/names", talk=said.append)
    assert online.label == "wandb team/names"
    assert rank(online.searches) == rank(from_wandb(str(root)).searches)
    assert [row.rank for row in rank(online.searches)[0].rows] == [1, 2, 3, 4, None, None]
    assert service.asked.count("Runs") == 3
    assert said == ["wandb team/names: 3 of 7 runs", "wandb team/names: 6 of 7 runs"]


def test_runs_of_others_by_what_wandb_says_of_their_end(service: StandIn) -> None:
    rows = [{"_step": 0, "_timestamp": 1.5, "loss": 0.5}, {"_step": 9, "_timestamp": 2.5, "loss": 0.25}]
    service.runs = [
        WandbRun(status, "names", config={"lr": 0.1 * number}, rows=rows, status=status)
        for number, status in enumerate((Status.COMPLETED, Status.FAILED, Status.INTERRUPTED, Status.RUNNING))
    ]
    [search] = from_wandb("team/names", "loss").searches
    assert search.status is Status.RUNNING
    assert [(run.run_id, run.status) for run in search.runs.values()] == [
        (status, status) for status in ("COMPLETED", "FAILED", "INTERRUPTED", "RUNNING")
    ]
    assert [(p.epoch, p.metrics, p.t) for p in search.runs[0].points] == [
        (0, {"loss": 0.5}, 1500),
        (9, {"loss": 0.25}, 2500),
    ]


def test_a_long_history_comes_whole(service: StandIn) -> None:
    rows = [{"_step": step, "loss": 1 / (step + 1)} for step in range(2500)]
    service.runs = [WandbRun("long", "names", rows=rows, status=Status.COMPLETED)]
    [search] = from_wandb("team/names", "loss").searches
    assert [point.epoch for point in search.runs[0].points] == list(range(2500))


@pytest.mark.parametrize("given", [True, False])
def test_asking_leaves_nothing_behind(
    service: StandIn, project: Path, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(project))
    if given:
        monkeypatch.setenv("WANDB_DIR", str(project))
    from_wandb("team/names")
    assert [path.name for path in project.iterdir()] == ["dvc.yaml"]
    assert os.environ.get("WANDB_DIR") == (str(project) if given else None)


def test_no_such_project(service: StandIn) -> None:
    with pytest.raises(NotFoundError, match="W&B shows no project 'team/nothing' to this account"):
        from_wandb("team/nothing")


def test_a_project_without_runs(service: StandIn) -> None:
    service.runs = []
    with pytest.raises(NotFoundError, match="W&B's project 'team/names' has no runs"):
        from_wandb("team/names")


def test_a_key_that_is_refused_is_one_line_without_it(service: StandIn) -> None:
    service.refuses = 401
    with pytest.raises(TrackerError, match="W&B cannot be asked for 'team/names': ") as raised:
        from_wandb("team/names")
    assert "\n" not in str(raised.value)
    assert KEY not in str(raised.value)


@pytest.mark.slow  # wandb tries again for a while
def test_a_server_that_is_away_is_one_line(service: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_BASE_URL", "http://127.0.0.1:9")
    with pytest.raises(TrackerError, match="W&B cannot be asked for 'team/names': ") as raised:
        from_wandb("team/names")
    assert "\n" not in str(raised.value)
