"""`model.tar.gz`: the files of a trained model in one, the same bytes for the same model."""

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from toolkit.errors import ModelError

CONFIG, VOCABULARY, WEIGHTS, METRICS = "config.yaml", "vocabulary.json", "weights.safetensors", "metrics.json"
MEMBERS = (CONFIG, VOCABULARY, METRICS, WEIGHTS)
# Stored, not compressed: weights hardly compress (2.8 instead of 3.2 MB), an epoch that is the best so far
# would pay a tenth of a second for it, and what a compressor makes differs between versions of zlib.
_LEVEL = 0


def write_archive(path: str | Path, members: Mapping[str, bytes]) -> Path:
    """Write the archive aside and put it in its place; no reader ever sees half of it."""
    assert set(members) == set(MEMBERS)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with (
        aside.open("wb") as file,
        # Neither the time nor the file's name goes in: both would change the bytes.
        gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name in MEMBERS:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(members[name]), 0o644, 0
            archive.addfile(entry, io.BytesIO(members[name]))
    return aside.replace(path)


def read_archive(path: str | Path) -> dict[str, bytes]:
    """The members of the archive by name.

    Raises:
        ModelError: no such file, not an archive, damaged, or with members other than ours.
    """
    try:
        # Unpacked whole: tarfile stops at its end marker, and gzip's checksum stands after that.
        content = gzip.decompress(Path(path).read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            return _members(archive, path)
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such model") from None
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise ModelError(f"{path}: is no model archive, or damaged: {error}") from None


def _members(archive: tarfile.TarFile, path: str | Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in archive:
        if entry.name not in MEMBERS or not entry.isfile() or entry.name in found:
            raise ModelError(
                f"{path}: holds {entry.name!r}, where a model holds {', '.join(MEMBERS)} and nothing else"
            )
        content = archive.extractfile(entry)
        assert content is not None  # a regular file
        found[entry.name] = content.read()
    missing = [name for name in MEMBERS if name not in found]
    if missing:
        raise ModelError(f"{path}: lacks {', '.join(missing)}")
    return found
