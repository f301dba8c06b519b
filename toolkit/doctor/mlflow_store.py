"""MLflow's store: whether it answers, and whether the installed MLflow reads its tables.

MLflow refuses a database whose tables are of another version, and says so only when it is used. Which version
a database has stands in it, and which one is the newest in the files of MLflow's migrations, which are read
as text: importing MLflow takes four seconds.
"""

import importlib.util
import re
import sqlite3
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from toolkit.doctor.finding import Finding, Findings, ok, problem, warning
from toolkit.doctor.setup import Setup
from toolkit.runs.secrets import without_credentials

_SECONDS = 3.0


def store(setup: Setup) -> Findings:
    """Whether each store that is configured can be used."""
    given = setup.environment.get("MLFLOW_TRACKING_URI")
    options = setup.options_of("mlflow")
    uris = {str(given or one.get("uri") or setup.project.mlflow_uri) for one in options}
    for uri in sorted(uris):
        yield _about(uri)


def _about(uri: str) -> Finding:
    shown = without_credentials(uri)
    if uri.startswith(("http://", "https://")):
        return _server(uri, shown)
    if uri.startswith("sqlite:///"):
        return _sqlite(Path(uri.removeprefix("sqlite:///")), shown)
    if uri.startswith("file:") or "://" not in uri:
        return problem(
            f"MLflow refuses a folder as its store: {shown}", "use sqlite:///mlflow.db, or a server"
        )
    return ok(f"MLflow's store {shown} was not looked into")


def _server(uri: str, shown: str) -> Finding:
    parts = urlsplit(uri)
    # Without user and password: the page of a server's health is open to all.
    place = parts.netloc.rpartition("@")[2]
    url = urlunsplit((parts.scheme, place, f"{parts.path.rstrip('/')}/health", "", ""))
    try:
        urllib.request.urlopen(url, timeout=_SECONDS).close()
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            return problem(f"MLflow's server {shown} answers with {error.code}", "look at its log")
    except (OSError, ValueError) as error:
        cause = getattr(error, "reason", error)
        return problem(
            f"MLflow's server {shown} does not answer ({cause})",
            "start it; searches run without it, and `toolkit sync` ships afterwards",
        )
    return ok(f"MLflow's server {shown} answers")


def _sqlite(path: Path, shown: str) -> Finding:
    if not path.exists():
        return ok(f"MLflow's store {shown} is made when it is first used")
    has, known, newest = _version_of(path), *_known_versions()
    if has is None:
        return warning(f"MLflow's store {shown} has no tables yet", "toolkit sync")
    if has not in known:
        return problem(
            f"MLflow's store {shown} was made by a newer MLflow than is installed", "update mlflow"
        )
    if has != newest:
        return problem(
            f"MLflow's store {shown} was made by an older MLflow, which the installed one refuses",
            f"keep a copy of the file, then: mlflow db upgrade {shown}",
        )
    return ok(f"MLflow's store {shown} is of the installed version")


def _version_of(path: Path) -> str | None:
    """The version of the database's tables; None where it has none."""
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=_SECONDS)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    finally:
        connection.close()
    return None if row is None else str(row[0])


def _known_versions() -> tuple[set[str], str]:
    """All versions that the installed MLflow knows, and the newest of them."""
    spec = importlib.util.find_spec("mlflow")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("mlflow is not installed")
    folder = Path(spec.origin).parent / "store" / "db_migrations" / "versions"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    known, before = _named("revision", texts), _named("down_revision", texts)
    (newest,) = known - before
    return known, newest


def _named(variable: str, texts: list[str]) -> set[str]:
    pattern = re.compile(rf"^{variable}\s*(?::[^=]+)?=\s*[\"'](\w+)[\"']", re.MULTILINE)
    return {match for text in texts for match in pattern.findall(text)}
