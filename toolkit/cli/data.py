"""`toolkit data`: make the embedded data sets again, or check a folder of CSV files."""

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import click

from toolkit.data.names import SETS, make_files, write_files
from toolkit.leaderboard.files import write_whole


@click.group(name="data")
def command() -> None:
    """Make the embedded data sets again, or check a folder of CSV files.

    \b
    Example:
      toolkit data check data/business-names
    """


@command.command()
@click.argument("names", nargs=-1, type=click.Choice(list(SETS)), metavar="[NAME]...")
@click.option("--out", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
def make(names: tuple[str, ...], out: Path) -> None:
    """Write the embedded data sets, or the ones named.

    They are always the same bytes. Prints path, rows and SHA-256 of each file, separated by tabs.

    \b
    Example:
      toolkit data make business-names --out /tmp/data
    """
    for name in names or SETS:
        files = make_files(SETS[name])
        for path in write_files(out / name, files):
            data = files[path.name]
            rows = str(data.count(b"\n") - 1) if path.suffix == ".csv" else "-"
            click.echo(f"{path.as_posix()}\t{rows}\t{hashlib.sha256(data).hexdigest()}")


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--write", type=click.Path(path_type=Path, dir_okay=False), help="Also write the profile to this file."
)
@click.option("--json", "as_json", is_flag=True, help="Print the profile as JSON.")
def check(folder: Path, write: Path | None, as_json: bool) -> None:
    """Check the splits in a folder, and profile them.

    Reads train.csv, valid.csv and, if there is one, test.csv, and holds them against each other.
    Warnings go to stderr; what makes training wrong is an error with file and line.

    \b
    Example:
      toolkit data check data/business-names --write results/data/business-names.json
    """
    # These two load pandas: `toolkit data make` does without.
    from toolkit.data.profile import profile_splits
    from toolkit.data.splits import check_splits, read_splits

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        splits = read_splits(folder)
    found = [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
    found += check_splits(splits["train"], splits["valid"], splits.get("test"))
    for warning in found:
        click.echo(f"Warning: {warning}", err=True)

    profile = profile_splits(folder.resolve().name, splits)
    document = json.dumps(profile, ensure_ascii=False, indent=2, sort_keys=True)
    if write is not None:
        write_whole(write, document + "\n")
        click.echo(f"wrote {write}", err=True)
    click.echo(document if as_json else _table(profile))


def _table(profile: dict[str, Any]) -> str:
    """The profile in a few lines: one for each split, one for all of it."""
    lines = [f"{'split':<8}{'rows':>8}{'labels':>8}{'characters':>12}{'tokens':>8}  sha256"]
    for name, split in profile["splits"].items():
        lines.append(
            f"{name:<8}{split['rows']:>8}{len(split['shares']):>8}{split['characters']['mean']:>12.1f}"
            f"{split['tokens']['mean']:>8.2f}  {split['sha256'][:12]}"
        )
    repeats = profile["duplicates"]
    lines.append(
        f"{profile['rows']} rows, {len(profile['labels'])} labels; texts repeated in a split: "
        f"{repeats['within_splits']}, in two splits: {repeats['across_splits']}, "
        f"under two labels: {repeats['two_labels']}"
    )
    return "\n".join(lines)
