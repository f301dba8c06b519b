"""`toolkit predict`."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.models import train_model
from toolkit.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `toolkit predict`."""
    with pytest.raises(SystemExit) as exit_:
        main(["predict", *map(str, arguments)])
    output = capsys.readouterr()
    return int(exit_.value.code or 0), output.out, output.err


def test_a_line_for_each_text(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, train_model(project), "Hotel Krone", "Friseur Huber", "--top", 2)
    assert (code, err) == (0, "")
    first, second = (line.split("\t") for line in out.splitlines())
    assert first[0] == "Hotel Krone" and first[1].startswith("Hotels 0.")
    assert second[0] == "Friseur Huber" and second[1].startswith("Friseure 0.")
    assert len(first) == 3


def test_a_line_stays_one_whatever_the_text_holds(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, train_model(project), "Hotel\tKrone\r\nC:\\new", "--top", 1)[1]
    (line,) = out.splitlines()
    assert line.split("\t")[0] == r"Hotel\tKrone\r\nC:\\new"
    assert len(line.split("\t")) == 2


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = train_model(project)
    (told,) = json.loads(run(capsys, model, "Salon Müller", "--json")[1])
    assert told["text"] == "Salon Müller"
    assert told["labels"][0] == "Friseure"
    assert len(told["labels"]) == len(told["probabilities"]) == 3
    assert sum(told["probabilities"]) == pytest.approx(1)


def test_lines_of_stdin(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = train_model(project)
    lines = io.BytesIO("Hotel Krone\r\n\r\nTiefbau Süd\n".encode())
    stdin = io.TextIOWrapper(lines, encoding="utf-8", newline="\n")  # as Python opens it on POSIX
    monkeypatch.setattr("sys.stdin", stdin)
    out = run(capsys, model, "--top", 1)[1]
    assert "\r" not in out
    assert [line.split(" 0.")[0] for line in out.splitlines()] == [
        "Hotel Krone\tHotels",
        "Tiefbau Süd\tTiefbau",
    ]


@pytest.mark.parametrize(
    ("texts", "said"), [([], "nothing to predict"), (["a", " "], "text 1: must be a string")]
)
def test_one_clear_line(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    texts: list[str],
    said: str,
) -> None:
    model = train_model(project)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n"), encoding="utf-8"))
    code, out, err = run(capsys, model, *texts)
    assert (code, out) == (1, "")
    assert said in err
