"""A case: searches to write as journals, and what is asked of them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.leaderboard.journals import header
from toolkit.runs import JournalWriter, SearchFolder, Status

CASES = Path(__file__).parent / "cases"
_OF_A_SEARCH = {"trials", "started", "ended", "validation", "path", "training", "commit"}
_VALIDATION = "3fa9c1d2"


def read_case(name: str) -> dict[str, Any]:
    """The file as it stands there."""
    case = YAML(typ="safe", pure=True).load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert set(case) == {"why", "searches", "asked"}, name
    return case


def write_journals(
    runs: Path, searches: Sequence[Mapping[str, Any]], meanwhile: Callable[[], object] = lambda: None
) -> None:
    """One journal a search; each began a second after the one before, unless it says when.

    Args:
        meanwhile: called after every line of a trial.
    """
    for number, search in enumerate(searches, start=1):
        _write_journal(runs, search, 1_000 * search.get("started", number), meanwhile)


def _write_journal(
    runs: Path, search: Mapping[str, Any], started: int, meanwhile: Callable[[], object]
) -> None:
    given = {name: value for name, value in search.items() if name not in _OF_A_SEARCH}
    given["id"] = search["id"].ljust(12, "0")
    begin = header(**given, data=_data(search), provenance={"commit": search.get("commit", "abc")})
    with JournalWriter(SearchFolder(runs / search["experiment"] / given["id"])) as journal:
        journal.append("search", at=started, **begin.to_record())
        for number, trial in enumerate(search["trials"]):
            _Story(journal, number, begin.metric, trial, meanwhile).write()
        if search.get("ended", True):
            journal.append("end", at=started, status="COMPLETED")


def _data(search: Mapping[str, Any]) -> dict[str, Any]:
    """Validation and training data by the first digits of their SHA-256."""
    found = {
        "validation": (search.get("validation", _VALIDATION), search.get("path", "data/valid.csv")),
        "training": (search.get("training"), "data/train.csv"),
    }
    return {
        role: {"path": path, "sha256": digits.ljust(64, "0"), "rows": 100}
        for role, (digits, path) in found.items()
        if digits is not None
    }


class _Story:
    """What happens to one trial, line by line of its journal."""

    def __init__(
        self, journal: JournalWriter, number: int, metric: str, trial: Any, meanwhile: Callable[[], object]
    ) -> None:
        self._journal, self._number, self._metric, self._meanwhile = journal, number, metric, meanwhile
        self._trial = {"happens": trial} if isinstance(trial, list) else trial
        self._epoch = 0

    def write(self) -> None:
        self._begin()
        for event in self._trial["happens"]:
            self._write_event(event)

    def _begin(self) -> None:
        self._epoch = 0
        params, config = (self._trial.get(name, {}) for name in ("params", "config"))
        self._append("trial", params=params, config=config, seed=self._number)

    def _write_event(self, event: Any) -> None:
        word, said = event, None
        if isinstance(event, dict) and len(event) == 1:
            [(word, said)] = event.items()
        if word in list(Status):
            told = {"rung": said} if isinstance(said, int) else {"reason": said}
            self._append("end", status=word, **told)
        elif word == "begins again":
            self._begin()
        elif word in ("resume", "withdraw"):
            self._append(word)
        elif word == "accept":
            self._append("accept", epoch=said)
        elif word == "provisional":
            self._write_point("provisional", said)
        else:
            self._write_point("point", event)

    def _write_point(self, kind: str, reported: Any) -> None:
        """An epoch; the next one, unless it says which."""
        metrics = dict(reported) if isinstance(reported, dict) else {self._metric: reported}
        epoch = metrics.pop("epoch", self._epoch)
        self._epoch = epoch + 1
        self._append(kind, epoch=epoch, step=10 * self._epoch, metrics=metrics, seconds=0.5)

    def _append(self, kind: str, **fields: Any) -> None:
        self._journal.append(kind, self._number, at=0, **fields)  # as late as the line before
        self._meanwhile()


def read_rows(text: str) -> tuple[list[str], list[list[Any]]]:
    """The names of the columns of a table in a case, and its rows: JSON values, `-` for None, or text."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]
    names, *rows = lines
    assert all(len(row) == len(names) for row in rows), f"a cell is missing in:\n{text}"
    return names, [[_value(cell) for cell in row] for row in rows]


def _value(cell: str) -> Any:
    if cell == "-":
        return None
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def value_in(record: Mapping[str, Any], name: str) -> Any:
    """What an object of the JSON has in a column of a case; None where it has nothing."""
    if name == "run":
        return f"{record['experiment']}/{record['trial']}"
    if name == "search":
        return record["search"].rstrip("0")
    places = [record, *(record.get(group, {}) for group in ("metrics", "params", "group"))]
    return next((place[name] for place in places if name in place), None)
