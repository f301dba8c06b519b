"""Two runs or two searches as JSON; a side that lacks a value lacks the key, NaN and infinities are null."""

from collections.abc import Sequence
from typing import Any

from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.differing.changes import MISSING, Change
from toolkit.leaderboard.differing.of_runs import RunPair
from toolkit.leaderboard.differing.of_searches import SearchPair, TrialPair
from toolkit.leaderboard.ranking import Row
from toolkit.leaderboard.showing.as_json import as_text
from toolkit.runs import Run, Search


def runs_to_json(pair: RunPair) -> str:
    """One object."""
    return as_text(
        {
            "a": _run(*pair.a, pair.best[0]),
            "b": _run(*pair.b, pair.best[1]),
            "incomparable": pair.incomparable or None,
            "configuration": _changes(pair.configuration),
            "data": _changes(pair.data),
            "code": _changes(pair.code),
            "metrics": [
                {"name": m.name, "a": m.a, "b": m.b, "difference": m.difference, "better": m.better}
                for m in pair.metrics
            ],
            "curves": {
                "metric": pair.metric,
                "epochs": [{"epoch": epoch, **_sides(*sides)} for epoch, sides in pair.curves.items()],
            },
        }
    )


def searches_to_json(pair: SearchPair) -> str:
    """One object."""
    return as_text(
        {
            "a": _search(pair.a, pair.rows[0]),
            "b": _search(pair.b, pair.rows[1]),
            "incomparable": pair.incomparable or None,
            "asked": _changes(pair.asked),
            "data": _changes(pair.data),
            "code": _changes(pair.code),
            "common": [_trial(both) for both in pair.common],
            "apart": pair.apart,
        }
    )


def _trial(both: TrialPair) -> dict[str, Any]:
    return {"trial": both.trial, "a": row_as_json(both.a), "b": row_as_json(both.b)}


def _run(search: Search, run: Run, best: int | None) -> dict[str, Any]:
    return {
        "address": f"{search.experiment}@{search.id}/{run.trial}",
        "run_id": run.run_id,
        "status": run.status.value,
        "rung": run.rung,
        "reason": run.reason,
        "epochs": len(run.points),
        "best": best,
        "started": run.started,
        "ended": run.ended,
    }


def _search(search: Search, rows: Sequence[Row]) -> dict[str, Any]:
    best = next((row for row in rows if row.rank is not None), None)
    return {
        "address": f"{search.experiment}@{search.id}",
        "status": search.status.value,
        "trials": len(search.runs),
        "started": search.started,
        "ended": search.ended,
        "best": None if best is None else row_as_json(best),
    }


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [{"name": change.name, **_sides(change.a, change.b)} for change in changes]


def _sides(a: Any, b: Any) -> dict[str, Any]:
    return {name: value for name, value in (("a", a), ("b", b)) if value is not MISSING}
