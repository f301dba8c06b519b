"""Two searches at once into one store that is not there yet."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.matrix import count_all, hold_all
from tests.faults.searches import ALL_TRACKERS, SmallSearch, finish
from toolkit.runs import Project
from toolkit.testing.toy import toy_header, write_toy_journal
from toolkit.trackers import mirror, start_follower, unmirrored
from toolkit.trackers._mlflow_reader import MlflowReader

pytestmark = pytest.mark.slow


def test_two_searches_at_once_keep_to_their_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = SmallSearch.make(tmp_path, rows=120, trials=4, tracking=ALL_TRACKERS, name="one")
    monkeypatch.chdir(tmp_path)
    both = [one, replace(one, name="two", epochs=5)]
    for process in [search.start(workers=1) for search in both]:
        finish(process)
    counts = []
    for search in both:
        search.assert_exact()
        folder = search.found().folder
        assert {outcome.error for outcome in mirror(folder, Project.here())} == {None}
        assert "trying again" not in folder.follower_log.read_text()
        counts.append(count_all(folder))
    hold_all("two running searches into one fresh store", *counts)


def test_two_followers_at_once_into_one_fresh_store(project: Path) -> None:
    headers = [
        toy_header(search_id, tracking={"mlflow": {}}) for search_id in ("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    ]
    folders = [write_toy_journal(project / "runs" / "toy names" / header.id, header) for header in headers]
    followers = [start_follower(folder) for folder in folders]
    assert [follower.wait(timeout=120) for follower in followers] == [0, 0]
    for folder, header in zip(folders, headers, strict=True):
        assert unmirrored(folder) == {"mlflow": 0}
        assert "trying again" not in folder.follower_log.read_text()
        stored = MlflowReader(Project.here(), folder, header, {}).runs()
        assert sorted(run.run_id[-5:] for run in stored) == ["00000", "00001", "00002", "00003"]
