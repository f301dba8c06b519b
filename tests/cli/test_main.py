"""`toolkit` itself: what goes wrong is one line, and no place in the code."""

import subprocess
import sys
import warnings

import click
import pytest

from toolkit import cli
from toolkit.errors import DataError


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> list[BaseException | Warning]:
    """Raises, or warns of, what the test puts in when `toolkit data` is called."""
    todo: list[BaseException | Warning] = []

    @click.command()
    def command() -> None:
        for one in todo:
            if isinstance(one, Warning):
                warnings.warn(one, stacklevel=1)
            else:
                raise one

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: command)
    return todo


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(13, "Permission denied", "/x/y"), "Error: /x/y: Permission denied"),
        (OSError(28, "No space left on device"), "Error: No space left on device"),
        (TimeoutError("too slow"), "Error: too slow"),
        (TimeoutError(), "Error: TimeoutError"),
        (DataError("x.csv:1: blank"), "Error: x.csv:1: blank"),
    ],
)
def test_an_error_is_one_line(
    raising: list[BaseException], capsys: pytest.CaptureFixture[str], error: BaseException, line: str
) -> None:
    raising.append(error)
    with pytest.raises(SystemExit) as end:
        cli.main(["data"])
    assert (end.value.code, capsys.readouterr().err) == (1, f"{line}\n")
    with pytest.raises(type(error)):
        cli.main(["--debug", "data"])


def test_a_bug_keeps_its_traceback(raising: list[BaseException]) -> None:
    raising.append(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        cli.main(["data"])


def test_warnings_for_users_are_lines_within_main_only(
    raising: list[Warning], capsys: pytest.CaptureFixture[str]
) -> None:
    raising += [UserWarning("the data are odd"), FutureWarning("theirs")]
    before = warnings.showwarning
    shown: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_: shown.append(str(message))  # type: ignore[assignment]
        with pytest.raises(SystemExit):
            cli.main(["data"])
        warnings.warn("afterwards", stacklevel=1)
    assert capsys.readouterr().err == "Warning: the data are odd\n"
    assert shown == ["theirs", "afterwards"]
    assert warnings.showwarning is before


def test_a_file_in_the_place_of_a_folder() -> None:
    code = "import sys; from toolkit.cli import main; main(sys.argv[1:])"
    arguments = ["data", "make", "business-names", "--out", "/dev/null/x"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: /dev/null/x") and done.stderr.endswith(": Not a directory\n")
    assert len(done.stderr.splitlines()) == 1
