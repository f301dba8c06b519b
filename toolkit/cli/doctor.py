"""`toolkit doctor`: what is wrong with this set-up."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from toolkit.doctor import Finding, Level, Setup, examine
from toolkit.runs import Project

_COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "red"}


@click.command(name="doctor")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), help="Folder of the journals.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object a line.")
def command(runs: Path | None, as_json: bool) -> None:
    """Say what is wrong with this set-up, in sentences, and what to do about it.

    A line is ok, a warning or a problem; with a problem the exit code is 1. Nothing is changed, and nobody is
    asked but the stores that are configured.

    \b
    Example:
      toolkit doctor
    """
    found: list[Finding] = []
    for finding in examine(Setup(Project.here().with_folders(runs, None))):
        found.append(finding)
        if not as_json:
            click.echo(_line(finding))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    sys.exit(1 if any(finding.level is Level.PROBLEM for finding in found) else 0)


def _line(finding: Finding) -> str:
    level = click.style(f"{finding.level:7}", fg=_COLOURS[finding.level])
    advice = "" if finding.advice is None else f" -> {finding.advice}"
    return f"{level}  {finding.check:11}  {' '.join(finding.found.split())}{advice}"
