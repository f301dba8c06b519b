"""Which runs lie whole in files, for services whose files cannot be continued after a kill.

A receipt is written into the folder of a run after its file was closed. At the next start a folder whose
receipt does not fit the run is torn: it is set aside as `*.superseded`, and the run is written whole.
"""

import json
from pathlib import Path

from toolkit.runs import Run

_NAME = "toolkit-receipt.json"
SUPERSEDED = ".superseded"


def write_receipt(folder: Path, run: Run) -> None:
    """Note that everything of the run, its end included, lies in the folder."""
    aside = folder / f"{_NAME}.tmp"
    aside.write_text(json.dumps(_content(run)) + "\n", encoding="utf-8")
    aside.replace(folder / _NAME)


def is_whole(folder: Path, run: Run) -> bool:
    """Whether the folder has a receipt for just this state of the run."""
    try:
        return bool(json.loads((folder / _NAME).read_text(encoding="utf-8")) == _content(run))
    except (OSError, ValueError):
        return False


def free_name(path: Path) -> Path:
    """The path with `.superseded` behind it, numbered when such a one is there already."""
    candidate = path.with_name(path.name + SUPERSEDED)
    number = 2
    while candidate.exists():
        candidate = path.with_name(f"{path.name}.{number}{SUPERSEDED}")
        number += 1
    return candidate


def _content(run: Run) -> dict[str, object]:
    content = {"run": run.run_id, "points": len(run.points), "status": run.status, "ended": run.ended}
    return {**content, "changes": len(run.changes)} if run.changes else content
