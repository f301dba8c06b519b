"""Git repositories for tests: real ones, with a name of their own for who commits."""

import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    """Run git in the folder, without the settings of whoever runs the tests; its standard output."""
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.excludesFile=/dev/null"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path) -> str:
    """Commit all that lies in the folder, in a repository that is made where there is none; the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "--message", "all of it")
    return git(folder, "rev-parse", "HEAD")
