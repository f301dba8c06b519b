"""A journal that says what cannot be: one line about it, and the other searches are ranked all the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.leaderboard.journals import Trial, header, write_search
from toolkit.cli.compare import command

SEARCH = {"v": 1, "t": 1, "kind": "search", **header().to_record()}
TRIAL = {"v": 1, "t": 1, "kind": "trial", "trial": 0, "params": {}, "config": {}, "seed": 0}
POINT = {
    "v": 1,
    "t": 1,
    "kind": "point",
    "trial": 0,
    "epoch": 0,
    "step": 1,
    "metrics": {"a": 1},
    "seconds": 1,
}
HUGE = 10**30
HALF = "\ud800"


@pytest.mark.parametrize(
    "records",
    [
        [SEARCH, TRIAL, {**POINT, "epoch": HUGE}],
        [SEARCH, TRIAL, {**POINT, "step": HUGE}],
        [SEARCH, TRIAL, {**POINT, "seconds": HUGE}],
        [SEARCH, TRIAL, {**POINT, "t": HUGE}],
        [SEARCH, {**TRIAL, "trial": -1}],  # would be the last trial of the search before
        [SEARCH, {**TRIAL, "trial": 2**32}],
        [SEARCH, TRIAL, {**POINT, "metrics": {HALF: 1}}],
        [SEARCH, {**TRIAL, "config": {HALF: 1}}],
        [{**SEARCH, "experiment": HALF}],
        [{**SEARCH, "labels": [{"a": 1}]}],
        [{**SEARCH, "data": {"validation": {"sha256": {"a": 1}}}}],
        [{**SEARCH, "data": {"validation": {"path": ["a"]}}}],
        [SEARCH, TRIAL, {**POINT, "v": 2}],
    ],
)
def test_one_journal_is_damaged(project: Path, records: list[dict[str, Any]]) -> None:
    write_search(project / "runs" / "good" / ("b" * 12), [Trial([0.5])], experiment="good", id="b" * 12)
    journal = project / "runs" / "names" / ("a" * 12) / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text("".join(json.dumps(record) + "\n" for record in records))
    for arguments in ([], ["--metric", "validation_loss", "--sort", "trial"]):
        result = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False)
        assert [row["experiment"] for row in json.loads(result.stdout)] == ["good"]
        [line] = result.stderr.splitlines()
        assert line.startswith(f"Warning: {journal}")


def test_text_beyond_the_first_plane_is_text(project: Path) -> None:
    """Other writers put it into JSON as a surrogate pair."""
    folder = project / "runs" / "names" / ("a" * 12)
    write_search(folder, [Trial([{"validation_loss": 0.5, "ok": "\N{THUMBS UP SIGN}"}])])
    journal = folder / "journal.jsonl"
    journal.write_text(
        "".join(json.dumps(json.loads(line)) + "\n" for line in journal.open(encoding="utf-8"))
    )
    assert "\\ud83d" in journal.read_text()
    result = CliRunner().invoke(command, ["--json"], catch_exceptions=False)
    assert json.loads(result.stdout)[0]["metrics"]["ok"] == "\N{THUMBS UP SIGN}"
