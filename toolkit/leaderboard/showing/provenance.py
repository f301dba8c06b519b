"""Data, code and machine of a record as facts for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.runs import SearchHeader


def data_facts(header: SearchHeader) -> Iterator[tuple[str, str]]:
    """A line for each file of the data: path, rows, SHA-256."""
    for role, about in header.data.items():
        rows = f", {about['rows']} rows" if about.get("rows") is not None else ""
        digest = str(about.get("sha256") or "not recorded")[:12]
        yield role, f"{about.get('path') or 'no file'}{rows}, sha256 {digest}"
    if header.labels:
        shown = ", ".join(header.labels[:4]) + (", ..." if len(header.labels) > 4 else "")
        yield "labels", f"{len(header.labels)}: {shown}"


def code_facts(origin: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Commit, versions and machine; what was not recorded is left out."""
    commit = origin.get("commit")
    if commit is not None:
        branch = f" on {origin['branch']}" if origin.get("branch") else ""
        yield "commit", f"{str(commit)[:12]}{branch}, {_state(origin)}"
    if origin.get("remote"):
        yield "remote", str(origin["remote"])
    versions = {"python": origin.get("python"), **(origin.get("versions") or {})}
    told = [f"{name} {version}" for name, version in versions.items() if version]
    if told:
        yield "versions", ", ".join(told)
    machine = [str(origin[key]) for key in ("host", "processor", "platform") if origin.get(key)]
    if machine:
        yield "machine", ", ".join(machine)
    if origin.get("command"):
        yield "command", str(origin["command"])


def _state(origin: Mapping[str, Any]) -> str:
    dirty = origin.get("dirty")
    if dirty is None:
        return "not known whether changed"
    return "with changes that are not committed" if dirty else "nothing changed"
