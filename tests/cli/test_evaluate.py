"""`toolkit evaluate`."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.models import train_model
from tests.training.toy import toy_config
from toolkit.cli import main
from toolkit.configuration import TrainerConfiguration
from toolkit.data import Dataset
from toolkit.pipeline import Pipeline


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `toolkit evaluate`."""
    with pytest.raises(SystemExit) as exit_:
        main(["evaluate", *map(str, arguments)])
    output = capsys.readouterr()
    return int(exit_.value.code or 0), output.out, output.err


def test_prints_metrics_and_a_line_for_each_label(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, train_model(project), "data/valid.csv")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [
        *("loss", "accuracy", "macro_precision", "macro_recall", "macro_fscore"),
        *("label", "Friseure", "Hotels", "Tiefbau"),
    ]


def test_brackets_in_a_label_are_no_markup(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = Dataset.from_dict({"label": ["[/b]", "[red]y"] * 2, "text": ["a", "b", "c", "d"]})
    trainer = TrainerConfiguration(num_epochs=1, cuda_device=-1)
    trained = Pipeline.from_config(toy_config()).train("out", training=data, trainer=trainer)
    Path("data.csv").write_text("label,text\n[/b],a\n[red]y,b\n", encoding="utf-8")
    code, out, err = run(capsys, trained.model_path, "data.csv")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[-2:]] == ["[/b]", "[red]y"]


def test_json_and_files_say_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = train_model(project)
    code, out, err = run(capsys, model, "data/valid.csv", "--json", "--output", "test")
    told = json.loads(out)
    assert code == 0
    assert err.split() == [
        "wrote",
        "test/metrics.json",
        "wrote",
        "test/per_label.csv",
        "wrote",
        "test/confusion.csv",
    ]
    assert json.loads(Path("test/metrics.json").read_text(encoding="utf-8")) == told["metrics"]
    with Path("test/per_label.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == told["labels"] == ["Friseure", "Hotels", "Tiefbau"]
    assert [float(row["fscore"]) for row in rows] == [row["fscore"] for row in told["per_label"]]
    with Path("test/confusion.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["actual"], row["predicted"]) for row in csv.DictReader(file)]
    assert [[pairs.count((a, p)) for p in told["labels"]] for a in told["labels"]] == told["confusion"]
    first = [path.read_bytes() for path in sorted(Path("test").iterdir())]
    run(capsys, model, "data/valid.csv", "--output", "test")
    assert [path.read_bytes() for path in sorted(Path("test").iterdir())] == first


def test_an_output_that_cannot_be_is_told_first(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = train_model(project)
    monkeypatch.delattr(Pipeline, "evaluate")
    Path("file").write_text("")
    code, out, err = run(capsys, model, "data/valid.csv", "--output", "file/x")
    assert (code, out) == (1, "")
    assert err == "Error: file/x: cannot be made the folder of the output: Not a directory; name another\n"


@pytest.mark.parametrize(
    ("model", "data", "said"),
    [
        ("absent.tar.gz", "data/valid.csv", "absent.tar.gz: there is no such model"),
        ("data/valid.csv", "data/valid.csv", "data/valid.csv: is no model archive"),
        ("out/model.tar.gz", "absent.csv", "absent.csv"),
        ("out/model.tar.gz", "other.csv", "does not know: 'Kirchen'"),
    ],
)
def test_one_clear_line(
    project: Path, capsys: pytest.CaptureFixture[str], model: str, data: str, said: str
) -> None:
    train_model(project)
    Path("other.csv").write_text("label,text\nKirchen,St. Johann\n", encoding="utf-8")
    code, out, err = run(capsys, model, data)
    assert (code, out) == (1, "")
    assert said in err
    assert err.startswith("Error: ")
