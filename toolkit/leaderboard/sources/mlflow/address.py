"""What may stand behind `--mlflow`: a database, a server, or a folder of files."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from toolkit.errors import ConfigurationError, NotFoundError
from toolkit.runs.secrets import without_credentials

_DATABASES = ("postgresql", "mysql", "mssql")


@dataclass(frozen=True)
class Address:
    """Where a store lies.

    Attributes:
        uri: the whole address, password included: never to be printed.
        kind: sqlite, database, server or folder.
        path: of a sqlite file or a folder.
    """

    uri: str
    kind: str
    path: Path | None = None

    @property
    def name(self) -> str:
        """The address as it may be printed."""
        return without_credentials(self.uri)

    @property
    def identity(self) -> str:
        """The same from every working directory; without a password."""
        return self.name if self.path is None else str(self.path.resolve())


def address_of(text: str) -> Address:
    """What the text names.

    Raises:
        NotFoundError: there is no such file or folder.
        ConfigurationError: it is no address of an MLflow store.
    """
    scheme = urlsplit(text).scheme.partition("+")[0] if "://" in text else ""
    if scheme in ("http", "https"):
        return Address(text.rstrip("/"), "server")
    if scheme == "sqlite":
        path = text.partition("://")[2].partition("?")[0]
        if not path.startswith("/") or path == "/":
            raise ConfigurationError(
                f"{text} names no file: sqlite:///mlflow.db, sqlite:////full/path/mlflow.db"
            )
        if Path(path[1:]).is_dir():
            raise ConfigurationError(f"{text} is a folder, sqlite's database is a file")
        return _there(text, Path(path[1:]))
    if scheme in _DATABASES:
        return Address(text, "database")
    if scheme and scheme != "file":
        raise ConfigurationError(
            f"{without_credentials(text)} is no address of an MLflow store: "
            "sqlite:///FILE, postgresql://..., mysql://..., http://HOST:PORT, a folder or a file"
        )
    if text.startswith("file:"):
        parts = urlsplit(text)
        if parts.netloc not in ("", "localhost"):
            raise ConfigurationError(
                f"{text} names a file on another machine: file:///full/path is on this one"
            )
        return _there(text, Path(unquote(parts.path)))
    return _there(text, Path(text).expanduser())


def _there(text: str, path: Path) -> Address:
    if path.is_dir():
        return Address(text, "folder", path)
    if not path.is_file():
        raise NotFoundError(f"there is no MLflow store {without_credentials(text)}")
    return Address(text, "sqlite", path)
