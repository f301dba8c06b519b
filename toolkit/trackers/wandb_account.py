"""Whether W&B has an account here, found out without loading its library."""

import netrc
from collections.abc import Mapping
from urllib.parse import urlparse


def has_account(environment: Mapping[str, str]) -> bool:
    """Whether WANDB_API_KEY is set, or `wandb login` has left a key for the host; the file is only read."""
    if environment.get("WANDB_API_KEY"):
        return True
    host = urlparse(environment.get("WANDB_BASE_URL", "https://api.wandb.ai")).hostname or ""
    try:
        return netrc.netrc(environment.get("NETRC")).authenticators(host) is not None
    except (OSError, netrc.NetrcParseError):
        return False
