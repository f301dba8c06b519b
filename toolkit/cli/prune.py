"""`toolkit prune`: free the disk of what can be made again."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli import completing
from toolkit.errors import NotFoundError
from toolkit.runs import Project
from toolkit.runs.sizes import in_words

if TYPE_CHECKING:
    from toolkit.pruning import Leftover, Removal, SearchLeftovers


@click.command(name="prune")
@click.argument("searches", nargs=-1, metavar="[SEARCH]...", shell_complete=completing.searches)
@click.option("--dry-run", is_flag=True, help="Only say what would go, and how many bytes.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--keep-models", type=click.IntRange(min=0), metavar="K", help="Keep the models of the K best trials."
)
@click.option(
    "--keep-searches",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Finished searches of an experiment that are no old ones.",
)
@click.option("--unfinished", is_flag=True, help="Take from searches that have not ended, too.")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
@click.option("--json", "as_json", is_flag=True, help="Print what went as JSON, and nothing else, on stdout.")
def command(
    searches: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    keep_models: int | None,
    keep_searches: int,
    unfinished: bool,
    runs: Path | None,
    as_json: bool,
) -> None:
    """Remove models of old searches, states of trials, what Ray wrote, and files that were set aside.

    Only what can be made again, or is read by nobody: never a journal, a result, a cursor or a receipt. The
    newest finished search of each experiment keeps its models, an older one that of its best trial. A
    search that is being written is left alone, and so is one that may go on, unless --unfinished is given.

    \b
    Example:
      toolkit prune --dry-run
      toolkit prune german-business-names --keep-models 5 --yes
    """
    # Imported here: a shell that completes this command waits for it.
    from toolkit.pruning import Removal, find_leftovers, remove

    project = Project.here().with_folders(runs, None)
    found = find_leftovers(
        project,
        searches,
        keep_models=keep_models,
        keep_searches=keep_searches,
        unfinished=unfinished,
        unreadable=lambda error: click.echo(f"Warning: {error}", err=True),
    )
    if not found:
        raise NotFoundError(f"nothing to prune: no search below {project.runs}")
    for search in found:
        if search.left_alone is not None:
            click.echo(f"left alone: {_label(search)} {search.left_alone}", err=True)
    going = [search for search in found if search.leftovers]
    if not as_json:
        _print(going)
    removals = [Removal() for _ in going]
    if going and not dry_run and _is_wanted(yes, sum(search.bytes for search in going)):
        removals = [remove(search) for search in going]
    if as_json:
        click.echo(json.dumps(_as_json(found, going, removals, dry_run), ensure_ascii=False, indent=2))
    elif going and not dry_run:
        click.echo(f"freed {in_words(sum(removal.bytes for removal in removals))}")
    sys.exit(_tell_problems(going, removals))


def _is_wanted(yes: bool, size: int) -> bool:
    """Whether the user has said so, before or now.

    Raises:
        click.UsageError: nobody is there to be asked.
    """
    if yes:
        return True
    if not _is_asked():
        raise click.UsageError("nothing was removed: say --yes where nobody can be asked, or --dry-run")
    click.confirm(f"Remove {in_words(size)}?", abort=True, err=True)
    return True


def _is_asked() -> bool:
    return sys.stdin.isatty()


def _print(going: "Sequence[SearchLeftovers]") -> None:
    for search in going:
        click.echo(f"{_label(search)}  {in_words(search.bytes)}: {_kinds(search)}")
    if not going:
        click.echo("nothing to remove")


def _kinds(search: "SearchLeftovers") -> str:
    kinds = dict.fromkeys(leftover.kind for leftover in search.leftovers)
    return ", ".join(_counted(kind, search.of_kind(kind)) for kind in kinds)


def _counted(kind: str, some: "Sequence[Leftover]") -> str:
    return f"{len(some)} {kind} ({in_words(sum(one.bytes for one in some))})"


def _label(search: "SearchLeftovers") -> str:
    return f"{search.search.experiment}@{search.search.id}"


def _as_json(
    found: "Sequence[SearchLeftovers]",
    going: "Sequence[SearchLeftovers]",
    removals: "Sequence[Removal]",
    dry_run: bool,
) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "freed": sum(removal.bytes for removal in removals),
        "searches": [
            {
                "experiment": search.search.experiment,
                "search": search.search.id,
                "bytes": search.bytes,
                "files": [
                    {"kind": one.kind, "path": str(one.path), "bytes": one.bytes} for one in search.leftovers
                ],
                "problems": removal.problems,
            }
            for search, removal in zip(going, removals, strict=True)
        ],
        "left_alone": [
            {"experiment": one.search.experiment, "search": one.search.id, "reason": one.left_alone}
            for one in found
            if one.left_alone is not None
        ],
    }


def _tell_problems(going: "Sequence[SearchLeftovers]", removals: "Sequence[Removal]") -> int:
    """Say why something is still there; the exit code."""
    for search, removal in zip(going, removals, strict=True):
        for problem in removal.problems:
            click.echo(f"Warning: {_label(search)}: {problem}", err=True)
    return 1 if any(removal.problems for removal in removals) else 0
