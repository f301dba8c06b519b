import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.leaderboard.journals import Trial, write_search
from tests.leaderboard.report.reading import data_in
from toolkit.cli.compare import command
from toolkit.errors import JournalError, NotFoundError
from toolkit.leaderboard import export
from toolkit.runs import load_search


@pytest.fixture
def searches(project: Path) -> Path:
    """Two searches of `names` (the newer one better), one of `other`, and a baseline."""
    runs = project / "runs"
    write_search(runs / "names" / ("a" * 12), [Trial([0.9])], id="a" * 12)
    time.sleep(0.002)  # journals count milliseconds: the second search began later
    write_search(runs / "names" / ("b" * 12), [Trial([0.5]), Trial([0.3]), Trial([])], id="b" * 12)
    write_search(runs / "other" / ("c" * 12), [Trial([0.4])], id="c" * 12, experiment="other")
    write_search(runs / "rival" / ("d" * 12), [Trial([0.8])], id="d" * 12, experiment="rival", job="baseline")
    return project


def compare(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def places(result: Result) -> list[tuple[int | None, str, str]]:
    assert result.exit_code == 0, result.output
    return [(row["rank"], row["experiment"], row["search"][0]) for row in json.loads(result.stdout)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            (),
            [
                (1, "names", "b"),
                (2, "other", "c"),
                (3, "names", "b"),
                (4, "rival", "d"),
                (None, "names", "b"),
            ],
        ),
        (("names",), [(1, "names", "b"), (2, "names", "b"), (None, "names", "b")]),
        (("--top", "1"), [(1, "names", "b"), (4, "rival", "d")]),
        (("names@aaaa", "other"), [(1, "other", "c"), (2, "names", "a")]),
        (("runs/other",), [(1, "other", "c")]),
        (("names", "--all", "--top", "9"), [(1, "names", "b"), (2, "names", "b"), (3, "names", "a")]),
        (("--mode", "max", "--top", "1"), [(1, "rival", "d")]),
        (("--runs", "runs", "other"), [(1, "other", "c")]),
    ],
)
def test_which_runs_are_ranked(
    searches: Path, arguments: tuple[str, ...], expected: list[tuple[int | None, str, str]]
) -> None:
    assert places(compare(*arguments, "--json")) == expected


def test_a_table_by_default(searches: Path) -> None:
    result = compare("--top", "2")
    assert (
        result.stdout.splitlines()[0]
        == "validation_loss, lowest first | data/valid.csv (3fa9c1d2) | 5 runs: 5 COMPLETED"
    )
    assert [line.split()[:3] for line in result.stdout.splitlines() if line[:4].strip().isdigit()] == [
        ["1", "names", "bbbbbbbbbbbb"],
        ["2", "other", "cccccccccccc"],
        ["4", "rival", "dddddddddddd"],
    ]
    assert result.stderr == ""


def test_markdown_and_csv(searches: Path) -> None:
    assert compare("--md").stdout.count("\n| ") == 6
    rows = list(csv.DictReader(compare("--csv").stdout.splitlines()))
    assert [row["metrics.validation_loss"] for row in rows] == ["0.3", "0.4", "0.5", "0.8", ""]


def test_results_rank_without_any_journal(searches: Path) -> None:
    for path in searches.glob("runs/*/*/journal.jsonl"):
        search = load_search(path.parent)
        export(search, searches / "results" / search.experiment)
        path.unlink()
    result = compare("--from-results", "results", "--json", "--write", "results/leaderboard.csv")
    assert [place[:2] for place in places(result)] == [
        (1, "names"),
        (2, "other"),
        (3, "names"),
        (4, "rival"),
        (None, "names"),
    ]
    assert result.stderr == "wrote results/leaderboard.csv\n"
    written = (searches / "results" / "leaderboard.csv").read_bytes()
    assert written == compare("--from-results", "results", "--csv").stdout_bytes
    assert places(compare("--from-results", "results", "other", "--json")) == [(1, "other", "c")]
    with pytest.raises(NotFoundError, match="there are: names, other, rival"):
        compare_raising("--from-results", "results", "othr")
    assert compare("--from-results", "results", "--all").exit_code == 2


def test_the_report_is_written_beside_what_is_printed(searches: Path) -> None:
    result = compare("names", "--html", "sub/report.html", "--top", "1", "--json")
    assert result.stderr == "wrote sub/report.html\n"
    assert len(json.loads(result.stdout)) == 1
    data = data_in(searches / "sub" / "report.html")
    assert data["title"] == "names"
    assert data["tables"][0]["size"] == 3  # --top cuts what is printed only


def test_the_report_of_results_has_times_where_there_are_journals(searches: Path) -> None:
    journals = sorted(searches.glob("runs/*/*/journal.jsonl"))
    for path in journals:
        search = load_search(path.parent)
        export(search, searches / "results" / search.experiment)
    timed = report_from_results(searches)
    journals[-1].write_text("no journal\n")
    assert "Warning: " in compare("--from-results", "results", "--html", "report.html").stderr
    for path in journals:
        path.unlink()
    untimed = report_from_results(searches)
    assert [search["seconds"] is None for search in timed["progress"]] == [False] * 3
    assert [search["seconds"] is None for search in untimed["progress"]] == [True] * 3
    assert timed["curves"] == untimed["curves"]


def report_from_results(searches: Path) -> dict[str, Any]:
    result = compare("--from-results", "results", "--html", "report.html")
    assert result.stderr == "wrote report.html\n"
    (table,) = data_in(searches / "report.html")["tables"]
    return table


def compare_raising(*arguments: str) -> None:
    CliRunner().invoke(command, arguments, catch_exceptions=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing to compare: no search below"),
        (("names",), "no search 'names'"),
        (("--from-results", "results"), r"no search\.json below results"),
    ],
)
def test_nothing_to_compare(project: Path, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        compare_raising(*arguments)


def test_a_search_without_trials(project: Path) -> None:
    write_search(project / "runs" / "names" / ("a" * 12), [], ended=False)
    with pytest.raises(NotFoundError, match="no trial has begun yet"):
        compare_raising()


def test_a_metric_before_anything_is_reported(project: Path) -> None:
    write_search(project / "runs" / "names" / ("a" * 12), [Trial([])], ended=False)
    with pytest.raises(NotFoundError, match="no run has reported anything yet"):
        compare_raising("--metric", "nope")


def test_an_unknown_metric_is_named(searches: Path) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'validation_loss'"):
        compare_raising("--metric", "validation_los")


@pytest.mark.parametrize("style", ["--json", "--csv", "--md", "--top=3"])
def test_nothing_heavy_is_imported(searches: Path, style: str) -> None:
    code = (
        "import sys; from toolkit.cli.compare import command;"
        f"command([{style!r}], standalone_mode=False);"
        "heavy = {'torch', 'ray', 'mlflow', 'wandb', 'pandas', 'numpy', 'sklearn', 'sqlalchemy'};"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "names" in done.stdout


def test_a_journal_that_cannot_be_read_is_told_and_the_others_are_ranked(searches: Path) -> None:
    bad = searches / "runs" / "names" / "bad" / "journal.jsonl"
    bad.parent.mkdir()
    bad.write_text('{"v": "1"}\n')
    result = compare("--json")
    assert [place[:2] for place in places(result)][:2] == [(1, "names"), (2, "other")]
    assert result.stderr.startswith(f"Warning: {bad}, before byte 11: ")
    with pytest.raises(JournalError, match="before byte 11"):
        compare_raising("names")


@pytest.mark.parametrize("option", ["--top", "--limit"])
def test_a_number_that_nobody_can_count_to(searches: Path, option: str) -> None:
    assert (
        len(places(compare(option, str(2**63 - 1), "--where", "trial >= 0", "--sort", "trial", "--json")))
        >= 4
    )
    assert compare(option, str(2**63)).exit_code == 2


def test_a_limit_counts_runs_without_a_rank_too_where_programs_read(project: Path) -> None:
    trials = [Trial([0.5]), Trial([], status="FAILED"), Trial([0.4]), Trial([], status="FAILED")]
    write_search(project / "runs" / "names" / "aaaa00000000", trials)
    for limit, expected in ((1, [1]), (3, [1, 2, None]), (0, [1, 2, None, None]), (9, [1, 2, None, None])):
        rows = json.loads(compare("--json", "--limit", str(limit)).stdout)
        assert [row["rank"] for row in rows] == expected
