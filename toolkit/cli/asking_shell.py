"""A shell asks what may come next: `_TOOLKIT_COMPLETE` says so, and click answers on stdout.

Three things click leaves to us. bash takes `@` and `=` for the ends of words, so an address such as
`names@3fa9` comes in three of them. What begins with `-` is an option to click, and may be an order here
(`--sort -NAME`). And whatever goes wrong must not be written between the letters that somebody types.
"""

import os
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

_NAME = "toolkit"
_ASKED_BY = "_TOOLKIT_COMPLETE"
_SPECIAL = re.compile(r"([^\w@%+=:,./-])")


def answer_shell(group: click.Group) -> None:
    """Answer, and end the process; 1 where there is no answer."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)
    if os.environ[_ASKED_BY].endswith("_source"):  # typed by a person, who may be told
        group.main([], prog_name=_NAME, complete_var=_ASKED_BY)
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        try:
            group.main([], prog_name=_NAME, complete_var=_ASKED_BY)
        except Exception:  # a shell has no place for it
            sys.exit(1)


class _Ordering(ShellComplete):
    """Takes what stands behind `--sort` for its value, also where it begins with `-`."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        minus = "-" if args[-1:] == ["--sort"] and incomplete.startswith("-") else ""
        found = super().get_completions(args, incomplete.removeprefix(minus))
        return [CompletionItem(f"{minus}{item.value}", item.type) for item in found] if minus else found


class _Zsh(_Ordering, ZshComplete):
    pass


class _Fish(_Ordering, FishComplete):
    pass


class _Bash(_Ordering, BashComplete):
    """bash, whose words are put together again, and whose answers are what it still lacks of them."""

    def get_completion_args(self) -> tuple[list[str], str]:
        line, at = os.environ["COMP_WORDS"], int(os.environ["COMP_CWORD"])
        words = split_arg_string(line)
        typed = words[at] if at < len(words) else ""
        self._in_quotes = line.rpartition("\n")[2].startswith(("'", '"'))
        *before, typed = _joined([*words[1:at], typed])
        # What stands before an `@` it does not ask for; the `@` itself it does.
        self._known = "" if self._in_quotes else typed.rpartition("@")[0]
        return before, typed

    def format_completion(self, item: CompletionItem[Any]) -> str:
        value = str(item.value).removeprefix(self._known)
        if item.type == "plain" and not self._in_quotes:
            value = _SPECIAL.sub(r"\\\\\1", value)  # click's function has `read` take one of them away
        return f"{item.type},{value}"


def _joined(words: Sequence[str]) -> list[str]:
    """The words with those together that only bash takes apart."""
    joined: list[str] = []
    glued = False
    for word in words:
        if joined and (glued or word.startswith("@") or (word == "=" and joined[-1].startswith("--"))):
            joined[-1] += word
        else:
            joined.append(word)
        glued = word in ("@", "=") and len(joined[-1]) > 1
    return joined
