"""Ctrl-C during a search: once ends it when the epochs under way are trained, twice at once, as SIGTERM."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_TOLD = "\nfinishing the epochs under way; Ctrl-C again stops at once\n"
_STDERR = 2


@contextmanager
def gentle_interrupt(asked: threading.Event) -> Iterator[None]:
    """Within the block the first Ctrl-C sets `asked`, the next one raises KeyboardInterrupt as usual.

    Only the main thread can take signals; elsewhere Ctrl-C stays what it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        os.write(_STDERR, _TOLD.encode())  # safe in a handler, unlike print

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def termination_interrupts() -> Iterator[None]:
    """Within the block SIGTERM raises KeyboardInterrupt, once: whoever sent it may soon send SIGKILL.

    To be entered when Ray runs: starting, it takes the signal for itself and would print a stack dump.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not disturb the end of the journal
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
