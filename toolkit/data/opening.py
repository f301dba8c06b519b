"""A path to the bytes of its file, or a sentence that says why there are none."""

from pathlib import Path

from toolkit.errors import DataError


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes that holds more than blanks.

    Raises:
        DataError: there is no such file, it is of another kind, too large, unreadable or empty; data
            that DVC tracks but has not pulled is named with the command that pulls it.
    """
    try:
        _check_kind(path, limit)
        data = path.read_bytes()
    except PermissionError:
        raise DataError(f"{path}: may not be read by this user: check its permissions") from None
    if not data.strip():
        raise DataError(f"{path}:1: is empty")
    return data


def _check_kind(path: Path, limit: int) -> None:
    if not path.exists():
        raise DataError(f"{path}: {_explain_missing(path)}")
    if path.is_dir():
        inside = sorted(child.name for child in path.glob("*.csv"))
        example = f", such as {path / inside[0]}" if inside else ""
        raise DataError(f"{path}: is a folder: name a CSV file{example}")
    if not path.is_file():
        raise DataError(f"{path}: is not a regular file: write the rows to a file first")
    if path.stat().st_size > limit:
        raise DataError(f"{path}: is larger than {limit:,} bytes: split it")


def _explain_missing(path: Path) -> str:
    for tracked in (path, *path.parents):
        pointer = tracked.with_name(tracked.name + ".dvc") if tracked.name else tracked
        if pointer.is_file():
            return f"is not here yet, {pointer} only points to it: run `dvc pull {pointer}`"
    return "there is no such file"
