"""Results of other commits, read from real repositories."""

import shutil
from pathlib import Path

import pytest

from tests.leaderboard.committed import RIVALS, TRIALS, write_results
from tests.runs.repository import commit, git
from toolkit.errors import NotFoundError, SearchError
from toolkit.leaderboard.sources.revisions import from_revision
from toolkit.runs import Project


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str, str]]:
    """A commit without results, one with those of a search, one with those of other searches."""
    root = tmp_path_factory.mktemp("template")
    (root / ".gitignore").write_text("/results/**/model.tar.gz\n/results/**/timings.csv\n")
    (root / "dvc.yaml").write_text("stages: {}\n")
    empty = commit(root)
    write_results(root, "names", TRIALS, id="a" * 12)
    first = commit(root)
    write_results(root, "names", RIVALS, id="b" * 12)
    write_results(root, "other", RIVALS, id="c" * 12)
    return root, (empty, first, commit(root))


@pytest.fixture
def commits(project: Path, template: tuple[Path, tuple[str, str, str]]) -> tuple[str, str, str]:
    """The working directory becomes that repository; its commits."""
    root, made = template
    shutil.copytree(root, project, dirs_exist_ok=True)
    return made


def found(name: str, start: Path | None = None) -> list[tuple[str, str, int]]:
    searches = from_revision(Project.here(start), name).searches
    return [(search.experiment, search.id[0], len(search.runs)) for search in searches]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HEAD", [("names", "b", 1), ("other", "c", 1)]),
        ("HEAD~1", [("names", "a", 3)]),
        ("old", [("names", "a", 3)]),
    ],
)
def test_the_results_of_a_commit(
    project: Path, commits: tuple[str, str, str], name: str, expected: list[tuple[str, str, int]]
) -> None:
    git(project, "tag", "old", "HEAD~1")
    assert found(name) == expected


def test_the_label_says_what_was_asked_and_which_commit_that_is(
    project: Path, commits: tuple[str, str, str]
) -> None:
    _, first, last = commits
    short = git(project, "rev-parse", "--short", first)
    assert from_revision(Project.here(), "HEAD~1").label == f"rev HEAD~1 ({short})"
    assert from_revision(Project.here(), first).label == f"rev {short}"
    assert from_revision(Project.here(), last[:10]).label == f"rev {last[: len(short)]}"


def test_what_lies_there_now_counts_for_nothing(project: Path, commits: tuple[str, str, str]) -> None:
    (project / "results" / "names" / "search.json").write_text("not any more")
    assert found("HEAD") == [("names", "b", 1), ("other", "c", 1)]
    assert (project / "results" / "names" / "search.json").read_text() == "not any more"


def test_from_a_folder_below_and_from_a_worktree(
    project: Path, commits: tuple[str, str, str], tmp_path: Path
) -> None:
    (project / "notebooks").mkdir()
    assert found("HEAD~1", project / "notebooks") == [("names", "a", 3)]
    git(project, "worktree", "add", "--quiet", str(tmp_path / "beside"), commits[0])
    assert found("HEAD@{0}~0", project) == [("names", "b", 1), ("other", "c", 1)]
    assert found(commits[1], tmp_path / "beside") == [("names", "a", 3)]


def test_a_project_below_the_root_of_its_repository(tmp_path: Path) -> None:
    root = tmp_path / "repository" / "sub project"
    root.mkdir(parents=True)
    (root / "dvc.yaml").write_text("stages: {}\n")
    write_results(root, "names", TRIALS)
    commit(tmp_path / "repository")
    assert found("HEAD", root) == [("names", "a", 3)]


def test_a_commit_without_results(project: Path, commits: tuple[str, str, str]) -> None:
    with pytest.raises(NotFoundError, match=r"rev HEAD~2 \(\w+\) has no results/\*/search.json"):
        found("HEAD~2")


@pytest.mark.parametrize("name", ["nothing", "HEAD~9", "", "--all"])
def test_no_such_commit(project: Path, commits: tuple[str, str, str], name: str) -> None:
    with pytest.raises(NotFoundError, match=f"'{name}' is no commit of the repository at .*: see `git log"):
        found(name)


def test_a_shallow_clone_says_that_it_is_one(
    project: Path, commits: tuple[str, str, str], tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{project}", "shallow")
    assert found("HEAD", tmp_path / "shallow") == [("names", "b", 1), ("other", "c", 1)]
    for name in ("HEAD~1", commits[1]):
        with pytest.raises(NotFoundError, match="the clone is shallow, `git fetch --unshallow`"):
            found(name, tmp_path / "shallow")


def test_no_repository(project: Path) -> None:
    with pytest.raises(NotFoundError, match="not a git repository"):
        found("HEAD")


def test_a_file_of_another_kind(project: Path) -> None:
    (project / "results" / "names").mkdir(parents=True)
    (project / "results" / "names" / "search.json").write_text("[1]")
    sha = commit(project)
    with pytest.raises(SearchError, match=f"{sha[:7]}:results/names/search.json cannot be read as results"):
        found("HEAD")
