from pathlib import Path

import pytest

from tests.runs.repository import commit, git
from toolkit.errors import NotFoundError
from toolkit.runs import Revision

ODD_NAMES = ["Größe mit Raum/a b.csv", "quo\"te'd/[x]*?.json", "tab\tand\nline.txt", ":(top)x.csv"]


def write(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_files_of_a_revision_come_with_their_bytes(tmp_path: Path) -> None:
    write(tmp_path, **{f"results/{name}": name.encode() + b"\n\n" for name in ODD_NAMES})
    write(tmp_path, **{"results/empty": b"", "other/x": b"x", "dvc.lock": b"l", "results2": b"2"})
    sha = commit(tmp_path)
    write(tmp_path, **{"results/empty": b"now"})
    revision = Revision.find(tmp_path)
    assert (revision.sha, sha.startswith(revision.short)) == (sha, True)
    assert {name: blob.content for name, blob in revision.files("results", "dvc.lock", "none").items()} == {
        **{f"results/{name}": name.encode() + b"\n\n" for name in ODD_NAMES},
        "results/empty": b"",
        "dvc.lock": b"l",
    }
    assert revision.files("none") == {}
    assert revision.files(":(top)dvc.lock", "d*") == {}


def test_a_folder_below_the_repository_s_root(tmp_path: Path) -> None:
    write(tmp_path, **{"a/project/results/x": b"mine", "results/x": b"not mine"})
    write(tmp_path, **{".gitignore": b"/a/project/results/*.tmp\n"})
    commit(tmp_path)
    revision = Revision.find(tmp_path / "a" / "project")
    assert {name: blob.content for name, blob in revision.files("results").items()} == {"results/x": b"mine"}
    assert revision.keeps("results/x", revision.files("results")["results/x"], b"mine")
    assert revision.ignored(["results/x", "results/y.tmp"]) == {"results/y.tmp"}


@pytest.mark.parametrize("name", ["HEAD~1", "v1", "other/branch"])
def test_an_older_revision_by_its_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{"results/x": b"old"})
    old = commit(tmp_path)
    git(tmp_path, "tag", "--annotate", "--message", "first", "v1")
    git(tmp_path, "branch", "other/branch")
    write(tmp_path, **{"results/x": b"new"})
    commit(tmp_path)
    revision = Revision.find(tmp_path, name)
    assert revision.sha == old
    assert revision.files("results")["results/x"].content == b"old"


@pytest.mark.parametrize("name", ["none", "", "-x", "--since=2020", "HEAD:results", "0" * 40])
def test_what_is_no_revision(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{"results/x": b"x"})
    commit(tmp_path)
    with pytest.raises(NotFoundError, match="is no commit of the repository at"):
        Revision.find(tmp_path, name)


def test_a_repository_without_commits_and_no_repository(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"nothing committed to compare .* with: not a git repository"):
        Revision.find(tmp_path)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(NotFoundError, match="'HEAD' is no commit"):
        Revision.find(tmp_path)


def test_a_machine_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFoundError, match="git is not installed"):
        Revision.find(tmp_path)


def test_line_ends_count_as_much_as_the_attributes_say(tmp_path: Path) -> None:
    write(tmp_path, **{".gitattributes": b"*.csv -text\n*.json text\n"})
    write(tmp_path, **{"results/a.csv": b"a\nb\n", "results/a.json": b"{\n}\n"})
    commit(tmp_path)
    revision = Revision.find(tmp_path)
    files = revision.files("results")
    kept = {
        name: revision.keeps(name, blob, blob.content.replace(b"\n", b"\r\n")) for name, blob in files.items()
    }
    assert kept == {"results/a.csv": False, "results/a.json": True}
    assert not revision.keeps("results/a.json", files["results/a.json"], b"{\n\n}\n")


def test_equal_bytes_are_kept_whatever_git_would_make_of_them_now(tmp_path: Path) -> None:
    write(tmp_path, **{"a.json": b"{\r\n}\r\n"})
    commit(tmp_path)
    write(tmp_path, **{".gitattributes": b"*.json text\n"})
    revision = Revision.find(tmp_path)
    assert revision.keeps("a.json", revision.files("a.json")["a.json"], b"{\r\n}\r\n")


def test_ignored_paths_need_not_exist(tmp_path: Path) -> None:
    write(
        tmp_path, **{".gitignore": b"/results/**/model.tar.gz\n*.tmp\n/hidden\n", "results/forced.tmp": b"x"}
    )
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--force", "results/forced.tmp")
    commit(tmp_path)
    odd = [":(top)hidden", *ODD_NAMES, *(f"results/{name}" for name in ODD_NAMES)]
    ignored = [f"{name}.tmp" for name in odd] + ["results/ä ö/model.tar.gz"]
    assert Revision.find(tmp_path).ignored([*odd, *ignored, "results/forced.tmp"]) == set(ignored)
    assert Revision.find(tmp_path).ignored([]) == set()


def test_links_and_submodules(tmp_path: Path) -> None:
    inner = tmp_path / "results" / "inner"
    write(inner, x=b"x")
    commit(inner)
    (tmp_path / "results" / "link").symlink_to("inner/x")
    commit(tmp_path)
    files = Revision.find(tmp_path).files("results")
    assert {name: (blob.content, blob.is_link) for name, blob in files.items()} == {
        "results/link": (b"inner/x", True)
    }
