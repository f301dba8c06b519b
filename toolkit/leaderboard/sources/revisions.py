"""The results that a commit has: `results/*/search.json`, read through git; no file is checked out."""

from pathlib import Path, PurePosixPath

from toolkit.errors import NotFoundError
from toolkit.leaderboard.result_files import RESULTS
from toolkit.leaderboard.results import FILE_NAME, results_of_text
from toolkit.leaderboard.sources.source import Source
from toolkit.runs import Project, Revision, Search


def from_revision(project: Project, name: str) -> Source:
    """The searches whose results a commit of the project's repository has.

    Args:
        name: what git takes: a branch, a tag, a digest, `HEAD~3`.

    Raises:
        NotFoundError: there is no repository, no such commit in it (a shallow clone lacks the older ones), or
            no results in it.
        SearchError: a file is not one that we wrote.
    """
    revision = Revision.find(project.root, name)
    files = {PurePosixPath(path): blob for path, blob in revision.files(RESULTS).items()}
    found = [
        _search(revision, project, path, blob.content)
        for path, blob in sorted(files.items())
        if path.name == FILE_NAME and len(path.parts) == len((RESULTS, "experiment", FILE_NAME))
    ]
    if not found:
        raise NotFoundError(f"{_label(revision, name)} has no {RESULTS}/*/{FILE_NAME}: nothing to rank there")
    return Source(_label(revision, name), found, plain_ids=True)


def _label(revision: Revision, name: str) -> str:
    """What the user called it, and the commit that this was at the time."""
    return f"rev {revision.short}" if revision.sha.startswith(name) else f"rev {name} ({revision.short})"


def _search(revision: Revision, project: Project, path: PurePosixPath, content: bytes) -> Search:
    text = content.decode("utf-8", errors="replace")
    return results_of_text(text, f"{revision.short}:{path}", project.root / Path(path.parent))
