"""Bytes of a CSV file to text: UTF-8 or a clear refusal, never a guess.

Guessing an encoding turns `Müller` into `MÃ¼ller` without an error, and a model trains on it.
"""

from toolkit.errors import DataError

_BOM = b"\xef\xbb\xbf"
_SIGNATURES = {
    b"\x1f\x8b": "is compressed with gzip: unpack it first (gunzip)",
    b"PK\x03\x04": "is a zip archive, perhaps an Excel workbook: save it as CSV (UTF-8) first",
    b"\xff\xfe": "is UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)",
    b"\xfe\xff": "is UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)",
}


def decode(data: bytes, source: str) -> str:
    """The text of a UTF-8 file, without its byte order mark.

    Raises:
        DataError: the bytes are not UTF-8 text; names line and likely encoding.
    """
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise DataError(f"{source}:1: {what}")
    _refuse_nul(data, source)
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + (len(_BOM) if data.startswith(_BOM) else 0)
        byte = data[offset]
    raise DataError(
        f"{source}:{_line_of(data, offset)}: byte 0x{byte:02x} is not UTF-8, the file looks like Latin-1 "
        "(Windows-1252): save it as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"
    )


def _refuse_nul(data: bytes, source: str) -> None:
    offset = data.find(0)
    if offset < 0:
        return
    # UTF-16 without a byte order mark: every second byte of plain Latin text is NUL.
    utf16 = data.count(0) > len(data) // 4
    what = "the file looks like UTF-16: save it as UTF-8" if utf16 else "remove it, text holds no such byte"
    raise DataError(f"{source}:{_line_of(data, offset)}: NUL byte; {what}")


def _line_of(data: bytes, offset: int) -> int:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
