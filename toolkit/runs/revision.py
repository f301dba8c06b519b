"""What git has committed: the files of a revision, and whether a file is still what git keeps of it.

Paths are relative to the folder that is asked about, with `/`, and name files literally: no pattern, no
quoting. A file is what git takes it for, so line ends count as much as the attributes of its path say.
"""

import os
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import NotFoundError

_LINK = "120000"


@dataclass(frozen=True)
class Blob:
    """A committed file: its name among git's objects, its bytes, whether it is a symbolic link."""

    digest: str
    content: bytes
    is_link: bool = False


@dataclass(frozen=True)
class Revision:
    """A commit of the repository that a folder lies in.

    Attributes:
        folder: paths are relative to it; the repository's root may be one of its parents.
        sha: the commit, in full.
        short: the commit, as short as git finds unique.
    """

    folder: Path
    sha: str
    short: str

    @classmethod
    def find(cls, folder: Path, name: str = "HEAD") -> "Revision":
        """The commit that the name stands for: a branch, a tag, a digest, `HEAD~3`.

        Raises:
            NotFoundError: git is not installed, the folder lies in no repository, or nothing has the name, as
                what a shallow clone has not fetched.
        """
        _git(folder, "rev-parse", "--git-dir")
        # With this ending no name is an option of git's, though it may begin with a hyphen.
        wanted = ["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
        sha = _git(folder, *wanted, allowed=(0, 1, 128)).decode().strip()
        if not sha:
            is_shallow = _git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
            hint = (
                "the clone is shallow, `git fetch --unshallow`" if is_shallow else "see `git log --oneline`"
            )
            raise NotFoundError(f"{name!r} is no commit of the repository at {folder}: {hint}")
        return cls(folder, sha, _git(folder, "rev-parse", "--short", sha).decode().strip())

    def files(self, *paths: str) -> dict[str, Blob]:
        """Path -> committed file, of these files and all below these folders; what is not there is left out.

        Raises:
            NotFoundError: git cannot read them.
        """
        listed = _git(self.folder, "--literal-pathspecs", "ls-tree", "-r", "-z", self.sha, "--", *paths)
        entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
        kinds = [kind.decode().split() for kind, _, _ in entries]
        names = [os.fsdecode(name) for _, _, name in entries]
        # A submodule is an entry of the kind `commit`, without bytes of its own here.
        found = [
            (name, mode, digest)
            for name, (mode, kind, digest) in zip(names, kinds, strict=True)
            if kind == "blob"
        ]
        contents = self._contents([digest for _, _, digest in found])
        return {
            name: Blob(digest, content, is_link=mode == _LINK)
            for (name, mode, digest), content in zip(found, contents, strict=True)
        }

    def _contents(self, digests: Collection[str]) -> Iterator[bytes]:
        """The bytes of each object, in one call of git."""
        wanted = "".join(f"{digest}\n" for digest in digests).encode()
        answer, at = _git(self.folder, "cat-file", "--batch", given=wanted), 0
        for digest in digests:
            begin = answer.index(b"\n", at) + 1
            words = answer[at:begin].split()  # digest, kind, size
            if len(words) != 3:
                raise NotFoundError(f"git does not have the object {digest} of {self.short}: try `git fsck`")
            end = begin + int(words[2])
            yield answer[begin:end]
            at = end + 1

    def keeps(self, path: str, blob: Blob, content: bytes) -> bool:
        """Whether committing these bytes at the path would change nothing: equal, or made equal by git.

        Raises:
            NotFoundError: git cannot say, as where a filter of the path fails.
        """
        if content == blob.content:
            return True
        stored = _git(self.folder, "hash-object", "--stdin", f"--path={path}", given=content)
        return stored.decode().strip() == blob.digest

    def ignored(self, paths: Collection[str]) -> set[str]:
        """Those of the paths that git ignores, whether or not there is such a file.

        Raises:
            NotFoundError: git cannot say, as beyond a symbolic link.
        """
        if not paths:
            return set()
        # It does not know --literal-pathspecs; no path is a pattern to it, and none that begins so is magic.
        given = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
        answer = _git(self.folder, "check-ignore", "-z", "--stdin", given=given, allowed=(0, 1))
        return {os.fsdecode(path.removeprefix(b"./")) for path in answer.split(b"\0") if path}


def _git(folder: Path, *arguments: str, given: bytes = b"", allowed: Collection[int] = (0,)) -> bytes:
    """What git answers; with its own words where it fails."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise NotFoundError("git is not installed: without it nobody knows what was committed") from error
    if done.returncode not in allowed:
        raise NotFoundError(f"nothing committed to compare {folder} with: {_reason(done)}")
    return done.stdout


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode(errors="replace").strip().splitlines()
    fatal = [line.removeprefix("fatal: ") for line in said if line.startswith("fatal: ")]
    return (fatal or said or [f"git ended with {done.returncode}"])[0]
