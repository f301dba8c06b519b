"""Every code block of the README runs, in its order, in a fresh clone."""

import re
from pathlib import Path

import pytest

from tests.newcomer import ROOT, clone, python, run

pytestmark = pytest.mark.slow
BLOCKS = re.findall(r"^```(bash|python)\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)


def test_there_are_blocks_to_run() -> None:
    assert {language for language, _ in BLOCKS} == {"bash", "python"}
    commands = [line for language, block in BLOCKS if language == "bash" for line in block.splitlines()]
    assert {line.split()[1] for line in commands if line.startswith("make ")} == {"repro", "test"}


def test_every_block_runs(tmp_path: Path) -> None:
    folder = clone(tmp_path)
    python(folder, "-m", "dvc", "pull", "--quiet", "data.dvc")
    for language, block in BLOCKS:
        if language == "python":
            python(folder, "-c", block)
        elif not block.startswith("make "):  # the two commands have tests of their own
            run(folder, "bash", "-euo", "pipefail", "-c", block)
