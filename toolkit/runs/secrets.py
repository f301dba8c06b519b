"""What must never be written down, cut out of text: passwords, tokens, keys.

Three nets, each for what the others miss: addresses (user and password, tokens in the query), words that
stand behind a telling name (`password: ...`, `API_KEY=...`) or look like a known token, and whatever
stands in an environment variable with a telling name. A secret that no net knows, such as a bare word
in the middle of a sentence, stays.
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

HIDDEN = "***"
_SHORTEST = 8
"""Characters of an environment variable's value: a shorter one would be found in innocent words."""

_TELLING = (
    r"(?:api|access|secret|private|auth|account|signing|encryption)[_-]?key(?:[_-]?id)?"
    r"|passw(?:or)?d|passwort|passphrase|secrets?|token|credentials?"
)
_TELLING_NAME = re.compile(rf"(?:{_TELLING})$", re.IGNORECASE)

_USER = re.compile(r"(?<=://)[^/\s'\"<>]*@")
_TOKEN_AS_USER = re.compile(r"(?i)\bhttps?://([^/@:\s]+)@")
_QUERY = re.compile(rf"(?i)([?&;](?:[\w.-]*(?:{_TELLING})|sig|signature|auth|key|jwt|code)=)[^&#\s'\"<>]+")
_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
# Behind a colon a value without quotes may have spaces in it, behind an equals sign it has none.
_BEHIND_A_COLON = re.compile(
    rf"(?i)((?:{_TELLING})[\"']?[ \t]*:[ \t]*)(?:{_QUOTED}|[^\s,;\"'}}\])][^\n,;\"'}}\])]*)"
)
_BEHIND_EQUALS = re.compile(
    rf"(?i)((?:{_TELLING})[\"']?[ \t]*(?:=>|==?)[ \t]*)(?:{_QUOTED}|[^\s,;\"'}}\])]+)"
)
_BEHIND_AN_OPTION = re.compile(rf"(?i)(--?[\w-]*(?:{_TELLING})[ \t]+)(?:{_QUOTED}|[^\s-]\S*)")
_AUTHORIZATION = re.compile(r"(?i)\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}")
_KNOWN = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{12,}"
    r"|sk-[\w-]{16,}|hf_[A-Za-z0-9]{16,}|xox[abeoprs]-[\w-]{10,}|AIza[\w-]{30,}|dapi[0-9a-f]{30,}"
    r"|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)


def without_credentials(url: str) -> str:
    """The URL, or the text with URLs in it, without user name, password or token."""
    return _QUERY.sub(rf"\1{HIDDEN}", _USER.sub("", url))


def holds_password(url: str) -> bool:
    """Whether the URL has a password or a token in it, as a name before an http host may be."""
    if _QUERY.search(url) is not None:
        return True
    return any(":" in user or url.lower().startswith("http") for user in _USER.findall(url))


def without_secrets(text: str) -> str:
    """The text with `***` for whatever one of the nets takes for a secret."""
    text = without_environment(without_credentials(text))
    for pattern in (_PRIVATE_KEY, _KNOWN):
        text = pattern.sub(HIDDEN, text)
    for pattern in (_AUTHORIZATION, _BEHIND_A_COLON, _BEHIND_EQUALS, _BEHIND_AN_OPTION):
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return text


def without_environment(text: str) -> str:
    """The text without the values of environment variables that hold secrets by their names."""
    for value in _environment_secrets():
        text = text.replace(value, HIDDEN)
    return text


def redacted(value: Any) -> Any:
    """The same of what configurations are made of; what stands under a telling key is hidden whole."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if is_telling(str(key)) and isinstance(inner, str) else redacted(inner)
            for key, inner in value.items()
        }
    return [redacted(inner) for inner in value] if isinstance(value, list | tuple) else value


def redacted_arguments(arguments: Sequence[str]) -> list[str]:
    """A command's arguments, with the values of telling options and of telling `PATH=VALUE` hidden whole."""
    found: list[str] = []
    before = ""
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        if before.startswith("-") and is_telling(before) and not argument.startswith("-"):
            found.append(HIDDEN)
        elif equals and is_telling(name):
            found.append(f"{name}={HIDDEN}")
        else:
            found.append(without_secrets(argument))
        before = argument
    return found


def is_telling(name: str) -> bool:
    """Whether what is called so is a secret: `password`, `WANDB_API_KEY`, `tracking.mine.token`."""
    return _TELLING_NAME.search(name) is not None


def _environment_secrets() -> list[str]:
    """Longest first, so that one that holds another leaves nothing of itself."""
    found = {value for name, value in os.environ.items() if is_telling(name)}
    for value in os.environ.values():  # an address with a password, such as MLFLOW_TRACKING_URI
        found |= {user.rstrip("@").partition(":")[2] for user in _USER.findall(value)}
        found |= set(_TOKEN_AS_USER.findall(value))
    return sorted((value for value in found if len(value) >= _SHORTEST), key=len, reverse=True)
