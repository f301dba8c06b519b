"""`toolkit train`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.models import write_project
from tests.training.toy import toy_config
from toolkit.cli import main
from toolkit.pipeline import Pipeline
from toolkit.runs import Project, Status, find_searches
from toolkit.trackers.mirror import unmirrored


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `toolkit train`."""
    with pytest.raises(SystemExit) as exit_:
        main(["train", *map(str, arguments)])
    output = capsys.readouterr()
    return int(exit_.value.code or 0), output.out, output.err


def test_trains_and_prints_the_model(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_project(project)
    code, out, err = run(capsys, path, "--output", "out")
    assert (code, out) == (0, "out/model.tar.gz\n")
    told = [line for line in err.splitlines() if line.startswith("epoch")]
    assert [line.split()[1] for line in told] == list("012345")
    assert "validation_accuracy" in told[0]
    assert Pipeline.from_pretrained("out/model.tar.gz").predict("Hotel Krone")["labels"][0] == "Hotels"


def test_json_and_overrides(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_project(project)
    arguments = (path, "--output", "out", "--json", "--set", "trainer.num_epochs=1")
    first, second = (json.loads(run(capsys, *arguments)[1]) for _ in range(2))
    assert first == second
    assert first["model"] == "out/model.tar.gz"
    assert first["metrics"]["best_epoch"] == 0
    assert first["metrics"] == json.loads(Path("out/metrics.json").read_text(encoding="utf-8"))


def test_a_training_is_journaled_and_mirrored(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_project(project, tracking={"tensorboard": {}})
    assert run(capsys, path, "--output", "out")[0] == 0
    (search,) = find_searches(Project.here())
    assert (search.experiment, search.header.job, search.status) == ("toy-train", "train", Status.COMPLETED)
    assert [point.epoch for point in search.runs[0].points] == list(range(6))
    assert unmirrored(search.folder) == {"tensorboard": 0}
    assert list(search.folder.tensorboard.rglob("events.out.tfevents*"))


def test_data_can_be_named_and_the_file_s_is_found_from_anywhere_below(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_project(project, data={"train": "data/train.csv", "valid": "absent.csv"})
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    epoch = ("--set", "trainer.num_epochs=1", "--output", "out")
    assert run(capsys, path, *epoch)[0] == 1
    assert run(capsys, path, *epoch, "--valid", "../data/valid.csv")[0] == 0


def test_an_output_that_cannot_be_is_told_first(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("")
    code, out, err = run(capsys, write_project(project), "--output", "file/x")
    assert (code, out) == (1, "")
    assert err == "Error: file/x: cannot be made the folder of the output: Not a directory; name another\n"
    assert not find_searches(Project.here())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"pipeline": toy_config(type={"choice": ["gru", "lstm"]})},
            "experiment.yaml: pipeline.head.pooler.type: is a search space, and one training needs a value",
        ),
        ({"trainer": {"num_epoch": 3}}, "trainer.num_epoch: is no key of TrainerConfiguration, did you mean"),
        ({"trainer": {"optimizer": {"type": "adan"}}}, "optimizer.type: 'adan' is no optimizer"),
        ({"data": {"train": "data/train.csv", "valid": "data/absent.csv"}}, "absent.csv"),
    ],
)
def test_one_clear_line_before_anything_starts(
    project: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], said: str
) -> None:
    path = write_project(project, **changes)
    code, out, err = run(capsys, path, "--output", "out")
    assert (code, out) == (1, "")
    assert said in err
    assert err.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in err
    assert not Path("out").exists()
