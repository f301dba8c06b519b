"""Leads this process to an MLflow store that was named on the command line."""

import os
from urllib.parse import unquote, urlsplit

from toolkit.runs.secrets import without_credentials


def go_to(uri: str) -> str:
    """Have this process use the MLflow store at `uri`, whatever its environment said before.

    User name and password of a server's address go into the variables from which MLflow's client takes
    them, so that no message of a library can show them.

    Returns:
        The address to use: that of a server without its credentials, any other one as it is.
    """
    parts = urlsplit(uri)
    if parts.scheme in ("http", "https"):
        if parts.username:
            os.environ["MLFLOW_TRACKING_USERNAME"] = unquote(parts.username)
            os.environ["MLFLOW_TRACKING_PASSWORD"] = unquote(parts.password or "")
        uri = without_credentials(uri)
    os.environ["MLFLOW_TRACKING_URI"] = uri
    return uri
