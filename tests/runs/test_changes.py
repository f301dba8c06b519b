"""The code's difference from its commit: what is in it, what never is, and what a long one looks like."""

from pathlib import Path

import pytest

from tests.runs.repository import git
from toolkit.runs import SearchFolder
from toolkit.runs.changes import LIMIT, changes, write_changes
from toolkit.runs.lineage import provenance


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "a repository's root"
    root.mkdir()
    for name, content in (
        ("code.py", "x = 1\n"),
        ("settings.yaml", "password: before\n"),
        (".env", "API_KEY=before\n"),
        ("dvc.lock", "1\n"),
        (".gitignore", "/ignored.py\n"),
        ("results/a.csv", "1\n"),
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    return root


def test_a_clean_tree_has_none(repository: Path, tmp_path: Path) -> None:
    assert changes(repository) == ""
    assert write_changes(repository, SearchFolder(tmp_path / "search")) is None
    assert provenance(repository, SearchFolder(tmp_path / "search"))["diff"] is None
    assert not (tmp_path / "search").exists()


def test_no_repository_and_no_commit_have_none(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("x")
    assert changes(tmp_path) == ""
    git(tmp_path, "init", "-q")
    assert changes(tmp_path) == ""


def test_staged_unstaged_and_untracked_text_is_in_it_and_can_be_applied(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "code.py").write_text("x = 2\n")
    git(repository, "add", "code.py")
    (repository / "code.py").write_text("x = 2\ny = 'größer'\n")
    (repository / "new.py").write_text("z = 3\nohne Ende")
    (repository / "empty.py").write_text("")
    found = write_changes(repository, SearchFolder(tmp_path / "search"))
    assert found is not None
    assert found["cut"] is False
    path = tmp_path / "search" / found["path"]
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    git(clone, "apply", str(path))
    for name in ("code.py", "new.py", "empty.py"):
        assert (clone / name).read_text() == (repository / name).read_text()


def test_a_folder_below_the_repositorys_root_has_its_own(repository: Path) -> None:
    (repository / "code.py").write_text("x = 2\n")
    (repository / "below").mkdir()
    (repository / "below" / "more.py").write_text("y = 2\n")
    git(repository, "add", "below")
    assert "code.py" not in changes(repository / "below")
    assert "+++ b/more.py" in changes(repository / "below")


def test_what_is_no_code_is_left_out(repository: Path) -> None:
    for name in ("dvc.lock", "results/a.csv", "ignored.py", "runs/a.jsonl", "mlflow.db-wal", "wandb/x"):
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text("changed\n")
    assert changes(repository) == ""


def test_secrets_are_not_in_it(repository: Path) -> None:
    planted = "hunter2-und-mehr"
    (repository / "settings.yaml").write_text(f"password: {planted}\n")
    (repository / ".env").write_text(f"API_KEY={planted}\n")
    (repository / ".env.local").write_text(f"{planted}\n")
    (repository / "id_rsa").write_text(f"{planted}\n")
    (repository / "code.py").write_text(f"url = 'https://me:{planted}@example.org'\n")
    text = changes(repository)
    assert planted not in text
    assert "+password: ***" in text
    assert "+url = 'https://example.org'" in text
    assert "[changed, but by their names not to be shown: .env, .env.local, id_rsa]" in text


def test_what_is_no_text_or_too_long_is_named(repository: Path) -> None:
    (repository / "picture.png").write_bytes(b"\x89PNG\0\xff")
    (repository / "data.csv").write_text("x" * 200_000)
    (repository / "link").symlink_to("/nowhere")
    text = changes(repository)
    assert "b/picture.png\n[6 bytes, no text: not shown]" in text
    assert "b/data.csv\n[200000 bytes: not shown]" in text
    assert "b/link\n[no regular file: not shown]" in text


def test_a_long_one_is_cut_with_a_mark(repository: Path, tmp_path: Path) -> None:
    (repository / "code.py").write_text("x = 1\n" * 200_000)
    found = write_changes(repository, SearchFolder(tmp_path))
    assert found is not None
    assert found["cut"] is True
    text = (tmp_path / found["path"]).read_text()
    assert len(text) < LIMIT + 200
    assert text.splitlines()[-1].startswith("[cut here: ")


def test_the_same_difference_is_one_file(repository: Path, tmp_path: Path) -> None:
    (repository / "code.py").write_text("x = 2\n")
    folder = SearchFolder(tmp_path / "search")
    assert write_changes(repository, folder) == write_changes(repository, folder)
    (repository / "code.py").write_text("x = 3\n")
    write_changes(repository, folder)
    assert len(list(folder.path.iterdir())) == 2
