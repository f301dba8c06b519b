"""`toolkit compare` on the journals of each case: its JSON, and what its table, CSV and errors say."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.hand_checked.case import CASES, read_case, read_rows, value_in, write_journals
from toolkit.cli import main
from toolkit.leaderboard.index import catch_up, open_index

NAMES = sorted(path.stem for path in CASES.glob("*.yaml"))
WAYS = {"compare", "rows", "says", "csv", "error"}


@pytest.mark.parametrize("name", NAMES)
def test_a_leaderboard_that_was_worked_out_by_hand(
    project: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(name)
    write_journals(project / "runs", case["searches"])
    check(case, capsys, monkeypatch)


@pytest.mark.parametrize("name", ["how_runs_ended", "provisional_epochs", "resumed", "without_search_spaces"])
def test_the_same_where_the_index_followed_every_line(
    project: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(name)
    (project / "runs").mkdir()
    index = open_index(project / "runs")
    write_journals(project / "runs", case["searches"], lambda: catch_up(index, project / "runs"))
    index.close()
    check(case, capsys, monkeypatch)


def check(case: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask all that the case asks."""
    monkeypatch.setenv("COLUMNS", "300")
    for asked in case["asked"]:
        assert set(asked) <= WAYS and len(asked) > 1, asked
        arguments = ["compare", *shlex.split(asked["compare"])]
        if "rows" in asked:
            names, expected = read_rows(asked["rows"])
            records = json.loads(said(capsys, [*arguments, "--json"]))
            found = [[value_in(record, name) for name in names] for record in records]
            # By what is written: 1 is not 1.0, and NaN is itself.
            assert "\n".join(map(repr, found)) == "\n".join(map(repr, expected)), asked["compare"]
        if "says" in asked:
            lines = [" ".join(line.split()) for line in said(capsys, arguments).splitlines()]
            assert [line for line in asked["says"] if line not in lines] == [], "\n".join(lines)
        if "csv" in asked:
            assert said(capsys, [*arguments, "--csv"]) == asked["csv"]
        if "error" in asked:
            assert refused(capsys, arguments) == f"Error: {asked['error']}\n"


def said(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """What a command prints; nothing went wrong, and there are no warnings."""
    code, out, err = outcome(capsys, arguments)
    assert (code, err) == (0, ""), arguments
    return out


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    code, out, err = outcome(capsys, arguments)
    assert (code, out) == (1, ""), arguments
    return err


def outcome(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[Any, str, str]:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return end.value.code, *capsys.readouterr()
