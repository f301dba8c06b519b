"""`toolkit replay`: the table, the verdict, its exit codes, and that Ray stays away."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.models import write_project
from toolkit.cli import main
from toolkit.runs import Project, Search, find_searches, load_search


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `toolkit replay`."""
    with pytest.raises(SystemExit) as exit_:
        main(["replay", *map(str, arguments)])
    output = capsys.readouterr()
    return int(exit_.value.code or 0), output.out, output.err


@pytest.fixture
def search(project: Path, capsys: pytest.CaptureFixture[str]) -> Search:
    """A plain training of three epochs, of the experiment toy-train."""
    path = write_project(project, tracking={"tensorboard": {}})
    with pytest.raises(SystemExit):
        main(["train", str(path), "--output", "out", "--set", "trainer.num_epochs=3"])
    capsys.readouterr()
    (search,) = find_searches(Project.here())
    return search


def edit(search: Search, change: Callable[[dict[str, Any]], object]) -> None:
    """Edit the metrics of every point in the journal, the epoch among them."""
    path = search.folder.journal
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["kind"] == "point":
            change({"epoch": line["epoch"], "metrics": line["metrics"]})
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def nudge(point: dict[str, Any]) -> None:
    if point["epoch"] == 1:
        point["metrics"]["validation_loss"] += 1e-12


def test_the_same_again_is_zero_in_every_row(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "toy-train/0")
    assert code == 0
    header, *rows, verdict = out.splitlines()
    assert header.split() == ["metric", "difference", "epoch", "recorded", "replayed"]
    metrics = search.runs[0].points[0].metrics
    assert [row.split() for row in rows] == [
        [name, "0", "-", "-", "-"] for name in metrics if "__" not in name
    ]
    assert len({len(line) for line in [header, *rows]}) == 1
    assert verdict == f"identical: 3 epochs, {len(metrics)} metrics, every difference is zero"
    assert err.splitlines() == [
        f"{search.runs[0].run_id}, trial 0 of toy-train, COMPLETED with 3 epochs",
        "code, commit, versions and processor are those of the record",
        *(f"epoch {epoch}: identical" for epoch in range(3)),
    ]


def test_one_edited_metric_is_a_row_a_verdict_and_exit_code_1(
    search: Search, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(search, nudge)
    code, out, err = run(capsys, search.id[:8])
    assert code == 1
    recorded = load_search(search.folder).runs[0].points[1].metrics["validation_loss"]
    replayed = search.runs[0].points[1].metrics["validation_loss"]
    (row,) = [line.split() for line in out.splitlines() if line.startswith("validation_loss")]
    assert row == ["validation_loss", "1e-12", "1", repr(recorded), repr(replayed)]
    count = len(search.runs[0].points[0].metrics)
    assert out.splitlines()[-1] == (
        f"different: 3 epochs, 1 of {count} metrics; the largest difference is 1e-12, "
        "validation_loss in epoch 1"
    )
    assert "Traceback" not in err and "Error" not in err


def test_metrics_of_a_label_are_shown_only_where_they_differ(
    search: Search, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(search, lambda point: point["metrics"].update({"validation_fscore__Hotels": {"$float": "nan"}}))
    edit(search, lambda point: point["metrics"].update({"odd\nname__x": None}))
    code, out, _ = run(capsys, "toy-train/0")
    assert code == 1
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["validation_fscore__Hotels"][:3] == ["-", "0", "nan"]
    assert rows["'odd\\nname__x'"] == ["-", "0", "-", "-"]
    assert "validation_fscore__Tiefbau" not in rows
    assert out.splitlines()[-1].endswith(
        "the largest difference is not a number, validation_fscore__Hotels in epoch 0"
    )


def test_json_is_all_there_is_on_stdout(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    edit(search, nudge)
    text = search.folder.journal.read_text(encoding="utf-8")
    torch = search.header.provenance["versions"]["torch"]
    text = text.replace(f'"torch": "{torch}"', '"torch": "1.0"')
    text = text.replace('"best_epoch": 2', '"best_epoch": {"$float": "inf"}')
    search.folder.journal.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "toy-train/0", "--json")
    assert code == 1
    found = json.loads(out)
    assert list(found) == ["run_id", "epochs", "identical", "differences", "environment"]
    assert (found["run_id"], found["epochs"], found["identical"]) == (search.runs[0].run_id, 3, False)
    assert list(found["differences"]) == ["validation_loss", "best_epoch"]
    assert found["differences"]["validation_loss"] == {
        "epoch": 1,
        "recorded": search.runs[0].points[1].metrics["validation_loss"] + 1e-12,
        "replayed": search.runs[0].points[1].metrics["validation_loss"],
        "difference": pytest.approx(1e-12, rel=1e-3),
    }
    assert found["differences"]["best_epoch"] == {
        "epoch": 2,
        "recorded": None,
        "replayed": 2,
        "difference": None,
    }
    assert found["environment"] == {"torch": {"recorded": "1.0", "now": torch}}
    assert f"torch: 1.0 in the record, {torch} now" in err


def test_identical_json(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, search.runs[0].run_id, "--json")
    found = json.loads(out)
    assert (code, found["identical"], found["differences"], found["environment"]) == (0, True, {}, {})


def test_other_data_are_one_line_and_nothing_on_stdout(
    search: Search, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "data" / "train.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # the same rows in other bytes
    code, out, err = run(capsys, "toy-train/0")
    assert (code, out) == (1, "")
    last = err.splitlines()[-1]
    assert last.startswith(f"Error: {path}: is not the training data of {search.runs[0].run_id}: ")
    assert search.header.data["training"]["sha256"] in last
    assert not [line for line in err.splitlines() if line.startswith("epoch")]


def test_journals_elsewhere_and_runs_that_are_not_there(
    search: Search, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "runs").rename(project / "elsewhere")
    assert run(capsys, "toy-train/0", "--runs", "elsewhere")[0] == 0
    code, out, err = run(capsys, search.runs[0].run_id)
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: no run {search.runs[0].run_id!r} below ")


def test_neither_ray_nor_a_tracker_is_loaded(search: Search) -> None:
    code = """
import sys
from toolkit.cli import main
try:
    main(["replay", "toy-train/0"])
finally:
    print([name for name in ("ray", "mlflow", "wandb", "sklearn") if name in sys.modules])
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_model_is_written_as_the_run_wrote_it(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "toy-train/0", "--model", "again.tar.gz")
    assert code == 0
    assert err.endswith("wrote again.tar.gz\n")
    assert Path("again.tar.gz").read_bytes() == Path("out/model.tar.gz").read_bytes()
