"""What signals do to this process while it searches."""

import os
import signal
import threading

import pytest

from toolkit.hpo.interrupting import gentle_interrupt, termination_interrupts


def test_the_first_ctrl_c_asks_and_the_second_one_interrupts(capfd: pytest.CaptureFixture[str]) -> None:
    asked, before = threading.Event(), signal.getsignal(signal.SIGINT)
    with gentle_interrupt(asked):
        assert not asked.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.is_set()
        assert "Ctrl-C again stops at once" in capfd.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_sigterm_interrupts_once_and_does_not_disturb_what_is_closed_then() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with termination_interrupts():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


def test_only_the_main_thread_can_take_signals() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def search() -> None:
        with gentle_interrupt(threading.Event()), termination_interrupts():
            handlers.append(signal.getsignal(signal.SIGTERM))

    handlers: list[object] = []
    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert handlers == [before]
