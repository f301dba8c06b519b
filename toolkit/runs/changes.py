"""What a run's code had that no commit has: the working tree's difference from its commit, as one text.

Staged and unstaged changes, and untracked text files; nothing that git ignores, no file that by its name
holds secrets, and no secret as far as `toolkit.runs.secrets` knows one. What gives no text, or too much of
it, is named instead. `git apply` takes the text, unless it was cut or something in it was hidden.
"""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.runs.journal import JournalWriter
from toolkit.runs.layout import SearchFolder
from toolkit.runs.secrets import without_secrets

NAME = "diff"
LIMIT = 500_000
"""Characters of the text; what is beyond is cut off, and the last line says so."""

_LONGEST_FILE = 100_000
"""Bytes of an untracked file: a longer one is data rather than code."""

# The stages' own output, and the services' stores: no code, and they change while a search runs.
_NO_CODE = ("results", "dvc.lock", "runs", "wandb", "mlartifacts", "mlflow.db*")
_SECRET_FILES = (
    ".env*", "*.env", ".netrc", "_netrc", ".pgpass", ".npmrc", ".pypirc", "*.pem", "*.key", "*.p12", "*.pfx",
    "*.keystore", "*.jks", "*.gpg", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*",
    "*credential*", "*secret*",
)  # fmt: skip
# Whatever the user has set for their own eyes.
_PLAIN = (
    "--no-color", "--no-ext-diff", "--no-textconv", "--relative", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_HARMLESS_ENDS = (".py", ".md")
"""Code about secrets is no file of secrets."""


def write_changes(root: Path, folder: SearchFolder) -> dict[str, Any] | None:
    """Write the difference beside the journal, once for each different one.

    Returns:
        `path` relative to the folder, `sha256`, and whether it was `cut`; None where there is no difference,
        or no commit to differ from.
    """
    text = changes(root)
    if not text:
        return None
    cut = len(text) > LIMIT
    if cut:
        text = f"{text[:LIMIT]}\n[cut here: {len(text) - LIMIT} of {len(text)} characters are left out]\n"
    content = text.encode("utf-8", "replace")
    digest = hashlib.sha256(content).hexdigest()
    path = folder.changes(digest)
    folder.path.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"path": path.name, "sha256": digest, "cut": cut}


def tell_changes(journal: JournalWriter, origin: Mapping[str, Any]) -> None:
    """Have the trackers get the difference that the provenance names, if there is one."""
    found = origin.get(NAME)
    if found is not None:
        journal.append("artifact", name=NAME, path=found["path"], sha256=found["sha256"])


def changes(root: Path) -> str:
    """The difference of everything below `root` from the commit; empty where there is none, or no commit."""
    known, hidden = _tracked(root)
    pieces, size = [known], len(known)
    untracked = _untracked(root)
    for number, path in enumerate(untracked):
        if size > 4 * LIMIT:  # would be cut off anyway
            pieces.append(f"[{len(untracked) - number} more untracked files: not shown]\n")
            break
        if _may_hold_secrets(path):
            hidden.append(path)
        else:
            pieces.append(_as_new(root, path))
            size += len(pieces[-1])
    if hidden:
        pieces.append(f"[changed, but by their names not to be shown: {', '.join(sorted(hidden))}]\n")
    return without_secrets("".join(pieces))


def _tracked(root: Path) -> tuple[str, list[str]]:
    """The difference of the files that git knows, and the names of those that are not shown."""
    names = _git(root, "diff", "HEAD", "--name-only", "-z", "--no-renames", "--relative", *_places())
    hidden = [path for name in names.split(b"\0") if name and _may_hold_secrets(path := os.fsdecode(name))]
    but = [f":(exclude,literal){path}" for path in hidden]
    return _git(root, "diff", "HEAD", *_PLAIN, *_places(), *but).decode("utf-8", "replace"), hidden


def _untracked(root: Path) -> list[str]:
    if not _git(root, "rev-parse", "HEAD"):
        return []  # without a commit everything is untracked
    names = _git(root, "ls-files", "--others", "--exclude-standard", "-z", *_places())
    return sorted(os.fsdecode(name) for name in names.split(b"\0") if name)


def _places() -> list[str]:
    return ["--", ".", *(f":(exclude){name}" for name in _NO_CODE)]


def _may_hold_secrets(path: str) -> bool:
    name = Path(path).name.lower()
    return not name.endswith(_HARMLESS_ENDS) and any(Path(name).match(pattern) for pattern in _SECRET_FILES)


def _as_new(root: Path, path: str) -> str:
    """An untracked file as `git diff` would show it once it is added."""
    head = f"diff --git a/{path} b/{path}\n"
    file = root / path
    if file.is_symlink() or not file.is_file():
        return f"{head}[no regular file: not shown]\n"
    size = file.stat().st_size
    if size > _LONGEST_FILE:
        return f"{head}[{size} bytes: not shown]\n"
    content = file.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return f"{head}[{size} bytes, no text: not shown]\n"
    lines = text.split("\n")
    ends = lines[-1] == ""
    lines = lines[:-1] if ends else lines
    added = "".join(f"+{line}\n" for line in lines)
    hunk = f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n{added}" if lines else ""
    return f"{head}new file mode 100644\n{hunk}" + (
        "" if ends or not lines else "\\ No newline at end of file\n"
    )


def _git(root: Path, *arguments: str) -> bytes:
    """What git answers; nothing where it has no answer: no repository, no commit, not installed."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments],
            capture_output=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout
