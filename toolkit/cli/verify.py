"""`toolkit verify`: whether the results are those that git has committed."""

import sys
from pathlib import Path

import click

from toolkit.leaderboard import verify
from toolkit.leaderboard.as_verdict import verdict_as_json, verdict_in_words
from toolkit.runs import Project


@click.command(name="verify")
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--against", default="HEAD", show_default=True, metavar="REV", help="Commit, branch or tag.")
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of results to look at.",
)
@click.option("--exit-code", is_flag=True, help="End with 1 unless the results are identical.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def command(
    experiments: tuple[str, ...], against: str, results: Path | None, exit_code: bool, as_json: bool
) -> None:
    """Say whether the results, and dvc.lock, are those that git has committed.

    They are identical; or trials, order, statuses and epochs are the same and last digits differ; or
    they are different, with what differs. EXPERIMENT is the name of a folder of results.

    \b
    Example:
      toolkit verify
      toolkit verify base --against HEAD~1
    """
    found = verify(Project.here().with_folders(None, results), experiments, against)
    click.echo(verdict_as_json(found) if as_json else verdict_in_words(found))
    sys.exit(1 if exit_code and found.verdict != "identical" else 0)
