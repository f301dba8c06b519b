"""The wait for the process that mirrors, at the end of a search: long enough to be useful, never endless."""

import subprocess
from collections.abc import Callable
from contextlib import suppress

_SILENT_SECONDS = 2.0
_LONGEST_SECONDS = 60.0


def wait_for_mirror(
    follower: subprocess.Popen[bytes] | None, say: Callable[[str], None] = lambda line: None
) -> None:
    """Let the follower finish, for a minute at most; what is left then is told by its count (`unmirrored`).

    Args:
        follower: None where nothing mirrors: then there is nothing to wait for.
        say: takes a line for people, once the wait can be noticed.
    """
    if follower is None:
        return
    try:
        follower.wait(_SILENT_SECONDS)
    except subprocess.TimeoutExpired:
        say(f"waiting for the trackers, {_LONGEST_SECONDS:.0f} s at most")
        with suppress(subprocess.TimeoutExpired):
            follower.wait(_LONGEST_SECONDS - _SILENT_SECONDS)
