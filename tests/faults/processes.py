"""Finds the process that mirrors a search, and kills a search in the ways in which it may die."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

WAYS = ("driver", "driver and workers", "driver, workers and follower")


def followers_below(folder: Path) -> list[int]:
    """Process ids of the followers of all searches whose journals lie below the folder."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True)
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    begins = f"sync --follow {folder.resolve()}{os.sep}"
    return [int(pid) for pid, command in lines if begins in command]


def kill_followers(folder: Path) -> int:
    """Kill them by -9; how many there were."""
    killed = followers_below(folder)
    for pid in killed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(killed)


def kill_search(process: subprocess.Popen[str], folder: Path, way: str) -> None:
    """Kill the driver of a search by -9, and what else its way of dying takes along.

    Args:
        process: the driver, leader of a session of its own.
        folder: the project's.
        way: one of `WAYS`.
    """
    if way == WAYS[0]:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    if way == WAYS[2]:
        kill_followers(folder)
    process.communicate()
