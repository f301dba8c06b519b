"""`toolkit compare` over several sources: what is ranked, which source each row names, what is said."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.leaderboard.committed import write_results
from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from tests.leaderboard.sources.mirrored import mirrored
from tests.runs.repository import commit, git
from toolkit.cli.compare import command
from toolkit.errors import NotFoundError


def compare(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def compare_raising(*arguments: str) -> None:
    CliRunner().invoke(command, arguments, catch_exceptions=False)


def places(*arguments: str) -> list[tuple[Any, ...]]:
    """(rank, experiment, first digit of the search, trial, source) of every row."""
    result = compare(*arguments, "--json")
    assert result.exit_code == 0, result.output
    names = ("rank", "experiment", "search", "trial", "source")
    rows = [[row.get(name) for name in names] for row in json.loads(result.stdout)]
    return [(rank, experiment, search[0], trial, source) for rank, experiment, search, trial, source in rows]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`names` in HEAD~1 with search a, in HEAD and the journals with search b; those have a trial more."""
    root = tmp_path_factory.mktemp("template")
    (root / ".gitignore").write_text("/runs/\n/results/**/model.tar.gz\n/results/**/timings.csv\n")
    (root / "dvc.yaml").write_text("stages: {}\n")
    write_results(root, "names", [Trial([0.5])], id="a" * 12)
    commit(root)
    write_results(root, "names", [Trial([0.4, 0.3])], id="b" * 12)
    commit(root)
    write_search(root / "runs" / "names" / ("b" * 12), [Trial([0.4, 0.3]), Trial([0.2])], id="b" * 12)
    return root


@pytest.fixture
def committed(project: Path, template: Path) -> str:
    shutil.copytree(template, project, dirs_exist_ok=True)
    return git(project, "rev-parse", "--short", "HEAD")


def test_journals_beside_two_commits(project: Path, committed: str) -> None:
    before = git(project, "rev-parse", "--short", "HEAD~1")
    assert places("--rev", "HEAD", "--rev", "HEAD~1") == [
        (1, "names", "b", 1, "journals"),
        (2, "names", "b", 0, "journals"),
        (3, "names", "a", 0, f"rev HEAD~1 ({before})"),
    ]
    result = compare("--rev", "HEAD", "--rev", "HEAD~1")
    assert result.stderr == f"rev HEAD ({committed}): lacks 1 whole run of names@bbbbbbbbbbbb\n"
    assert f"rev HEAD~1 ({before})" in result.stdout
    assert "source" in result.stdout


def test_one_source_alone_is_not_named(project: Path, committed: str) -> None:
    assert places("--no-journals", "--rev", "HEAD~1") == [(1, "names", "a", 0, None)]
    assert "source" not in compare("--no-journals", "--rev", "HEAD~1").stdout


def test_without_the_journals(project: Path, committed: str) -> None:
    rows = places("--no-journals", "--rev", "HEAD", "--rev", "HEAD~1")
    assert [row[:4] for row in rows] == [(1, "names", "b", 0), (2, "names", "a", 0)]


def test_results_of_now_beside_those_of_a_commit(project: Path, committed: str) -> None:
    rows = places("--from-results", "results", "--rev", "HEAD~1")
    assert rows[0][4] == "results results"
    assert [row[:4] for row in rows] == [(1, "names", "b", 0), (2, "names", "a", 0)]


def test_journals_that_there_are_none_of_say_nothing(project: Path, committed: str) -> None:
    (project / "runs").rename(project / "elsewhere")
    assert places("--rev", "HEAD") == [(1, "names", "b", 0, None)]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another project: an older and a newer search of `names`, and one of `more` on other data."""
    root = tmp_path / "other"
    (root / "below").mkdir(parents=True)
    (root / "dvc.yaml").write_text("stages: {}\n")
    write_search(root / "runs" / "names" / ("c" * 12), [Trial([0.1])], id="c" * 12)
    newer = write_search(root / "runs" / "names" / ("d" * 12), [Trial([0.35])], id="d" * 12)
    assert newer.header.id == "d" * 12
    data = {"validation": OTHER_VALIDATION}
    write_search(root / "runs" / "more" / "x", [Trial([0.9])], id="e" * 12, experiment="more", data=data)
    return root


def test_the_journals_of_another_project(project: Path, committed: str, other: Path) -> None:
    label = f"project {other}"
    assert places("names", "--project", str(other)) == [
        (1, "names", "b", 1, "journals"),
        (2, "names", "b", 0, "journals"),
        (3, "names", "d", 0, label),
    ]
    assert places("names@c", "--project", str(other)) == [(1, "names", "c", 0, None)]
    assert places("--project", str(other / "below"))[3] == (1, "more", "e", 0, f"project {other / 'below'}")
    assert [row[2] for row in places("--no-journals", "--all", "--project", str(other), "names")] == [
        "c",
        "d",
    ]


def test_this_project_named_among_the_others_stands_once(project: Path, committed: str, other: Path) -> None:
    assert {row[4] for row in places("--project", ".")} == {None}
    rows = places("--no-journals", "--project", ".", "--project", str(other), "names")
    assert {row[4] for row in rows} == {"project .", f"project {other}"}


def test_a_folder_of_journals_beside_another_source(project: Path, committed: str) -> None:
    rows = places("runs/names", "--rev", "HEAD")
    assert [row[:4] for row in rows] == [(1, "names", "b", 1), (2, "names", "b", 0)]


def test_journals_and_wandb_are_one_leaderboard(project: Path) -> None:
    search = mirrored(project)
    by_journal = json.loads(compare("--json").stdout)
    assert json.loads(compare("--no-journals", "--wandb", ".", "--json").stdout) == by_journal
    both = compare("--wandb", "wandb", "--json")
    assert [{k: v for k, v in row.items() if k != "source"} for row in json.loads(both.stdout)] == by_journal
    assert {row["source"] for row in json.loads(both.stdout)} == {"journals"}
    assert both.stderr == ""
    [folder] = (project / "wandb").glob("offline-run-*-aaaa00000000-00000")
    folder.rename(folder.with_name(f"{folder.name}.superseded"))
    assert compare("--wandb", "wandb").stderr == f"wandb wandb: lacks 1 whole run of names@{search.id}\n"


def test_older_searches_in_wandb_only_where_all_are_asked_for(project: Path) -> None:
    mirrored(project)
    mirrored(project, id="bbbb00000000")
    assert {row[2] for row in places("--no-journals", "--wandb", ".")} == {"b"}
    assert {row[2] for row in places("--no-journals", "--wandb", ".", "--all")} == {"a", "b"}
    assert {row[2] for row in places("--no-journals", "--wandb", ".", "names@aaaa")} == {"a"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nmes", "--rev", "HEAD"), "no source has a search 'nmes'; there are: names"),
        (("names", "names@ffff", "--rev", "HEAD"), "no source has a search 'names@ffff'"),
        (("--rev", "nothing"), "'nothing' is no commit"),
        (("--project", "nowhere"), "no folder nowhere: another project is named by its root"),
        (("--project", "results/names"), "project results/names: no search below"),
    ],
)
def test_what_is_not_there(project: Path, committed: str, arguments: tuple[str, ...], message: str) -> None:
    (project / "results" / "names" / "dvc.yaml").write_text("stages: {}\n")  # a project without searches
    with pytest.raises(NotFoundError, match=message):
        compare_raising(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [("--no-journals",), ("--from-results", "results", "--no-journals")],
)
def test_options_that_say_nothing(project: Path, committed: str, arguments: tuple[str, ...]) -> None:
    assert compare(*arguments).exit_code == 2


def test_force_and_across_data_sets(project: Path, committed: str, other: Path) -> None:
    arguments = ("--project", str(other))
    apart = compare(*arguments)
    assert "A table of its own: other validation data." in apart.stdout
    assert "Across data sets" in apart.stdout
    assert "**Across data sets**" in compare(*arguments, "--md", "--top", "1").stdout
    assert "| 1 of 3 |" in compare(*arguments, "--md", "--top", "1").stdout
    for style in ("--json", "--csv"):
        assert "Across" not in compare(*arguments, style).stdout
    forced = compare(*arguments, "--force")
    assert "Forced into one table" in forced.stdout
    assert "Across data sets" not in forced.stdout
    assert [row[0] for row in places(*arguments, "--force")] == [1, 2, 3, 4]


@pytest.mark.parametrize("question", [("--top", "1"), ("--top", "2", "--mode", "max"), ()])
def test_groups_are_the_same_from_every_source(project: Path, question: tuple[str, ...]) -> None:
    trials = [
        Trial([0.5], params={"kind": "gru"}, config={"kind": "gru"}),
        Trial([0.4], params={"kind": "lstm"}, config={"kind": "lstm"}),
        Trial([], params={"kind": "gru"}, config={"kind": "gru"}, status="FAILED"),
    ]
    write_results(project, "names", trials)
    write_results(project, "rival", [Trial([0.6])], id="c" * 12, job="baseline")
    write_search(project / "runs" / "names" / ("a" * 12), trials)
    write_search(
        project / "runs" / "rival" / ("c" * 12),
        [Trial([0.6])],
        id="c" * 12,
        experiment="rival",
        job="baseline",
    )
    asked = ("names", "rival", "--group-by", "kind", "--metric", "validation_loss", "--csv", *question)
    journals, results = compare(*asked), compare(*asked, "--from-results", "results")
    assert (journals.exit_code, journals.stderr) == (0, "")
    assert results.stdout == journals.stdout
    assert journals.stdout.count("\n") > 1
