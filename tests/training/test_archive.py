"""`model.tar.gz`: the same bytes for the same model, and no file that is none is read."""

import io
import tarfile
from pathlib import Path

import pytest

from toolkit.errors import ModelError
from toolkit.training.archive import MEMBERS, read_archive, write_archive

CONTENT = {name: f"content of {name}".encode() * 100 for name in MEMBERS}


def test_round_trip_and_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_archive(tmp_path / "a" / "model.tar.gz", CONTENT)
    monkeypatch.setattr("time.time", lambda: 1e9)
    second = write_archive(tmp_path / "another name.tar.gz", dict(reversed(CONTENT.items())))
    assert read_archive(first) == CONTENT
    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in first.parent.iterdir()] == ["model.tar.gz"]  # nothing left aside


def with_members(path: Path, members: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    """An archive with these members, however odd."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.type, entry.linkname = len(content), kind, "/etc/passwd"
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "name", ["../config.yaml", "/config.yaml", "./config.yaml", "weights.pkl", "a/config.yaml"]
)
def test_refuses_unknown_members(tmp_path: Path, name: str) -> None:
    path = with_members(tmp_path / "model.tar.gz", CONTENT | {name: b"x"})
    with pytest.raises(ModelError, match="and nothing else"):
        read_archive(path)


def test_refuses_links_and_gaps(tmp_path: Path) -> None:
    path = with_members(tmp_path / "model.tar.gz", {"config.yaml": b""}, tarfile.SYMTYPE)
    with pytest.raises(ModelError, match=r"'config\.yaml', where a model holds"):
        read_archive(path)
    with_members(path, {"config.yaml": b"x"})
    with pytest.raises(ModelError, match=r"lacks vocabulary\.json, metrics\.json, weights\.safetensors"):
        read_archive(path)


@pytest.mark.parametrize("damage", [b"", b"not a model", "half", "flipped"])
def test_refuses_damaged_files(tmp_path: Path, damage: bytes | str) -> None:
    path = write_archive(tmp_path / "model.tar.gz", CONTENT)
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    path.write_bytes({"half": whole[:middle], "flipped": flipped}.get(damage, damage))  # type: ignore[call-overload, arg-type]
    with pytest.raises(ModelError, match=r"model\.tar\.gz: (is no model archive|lacks|holds)"):
        read_archive(path)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("bit", [0, 7])
def test_refuses_weights_with_one_bit_flipped(tmp_path: Path, share: float, bit: int) -> None:
    weights = bytes(range(256)) * 400
    path = write_archive(tmp_path / "model.tar.gz", CONTENT | {"weights.safetensors": weights})
    whole = bytearray(path.read_bytes())
    start = whole.index(bytes(range(256)))
    whole[start + int(share * len(weights))] ^= 1 << bit
    path.write_bytes(whole)
    with pytest.raises(ModelError, match=r"model\.tar\.gz: is no model archive, or damaged"):
        read_archive(path)


def test_names_the_file_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent\.tar\.gz: there is no such model"):
        read_archive(tmp_path / "absent.tar.gz")
    with pytest.raises(ModelError, match="is no model archive"):
        read_archive(tmp_path)
