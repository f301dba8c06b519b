import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from toolkit.cli import main, new
from toolkit.configuration.experiment import ExperimentFile
from toolkit.leaderboard.files import write_whole

ROOT = Path(__file__).parents[2]
ROWS = ["label,text", "a,one", "b,two", "a,three", "b,four"]


@pytest.fixture
def own_data(project: Path) -> Path:
    """A project with this one's stages, and three CSV files of its own."""
    shutil.copy(ROOT / "dvc.yaml", project)
    folder = project / "data" / "my texts"
    folder.mkdir(parents=True)
    for number, split in enumerate(("train", "valid", "test")):
        rows = [ROWS[0], *(f"{row} {number}" for row in ROWS[1:])]
        (folder / f"{split}.csv").write_text("\n".join(rows) + "\n")
    return project


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["new", *arguments])
    return int(end.value.code or 0)


def test_an_experiment_over_ones_own_data(own_data: Path) -> None:
    assert run("my-texts", "--data", "data/my texts") == 0
    experiment = ExperimentFile.load(own_data / "experiments" / "my-texts.yaml")
    assert experiment.name == "my-texts"
    assert experiment.data.train == "data/my texts/train.csv"
    assert experiment.has_spaces
    before, after = (
        YAML(typ="safe").load((root / "dvc.yaml").read_text(encoding="utf-8")) for root in (ROOT, own_data)
    )
    assert after["vars"][0]["data"] == {**before["vars"][0]["data"], "my-texts": "data/my texts"}
    assert after["vars"][2]["baselines"]["my-texts"] == "my-texts"
    assert "results/my-texts/search.json" in after["stages"]["compare"]["deps"]
    assert after["stages"]["compare"]["cmd"].endswith(" my-texts my-texts-baseline")
    assert {name: stage for name, stage in after["stages"].items() if name != "compare"} == {
        name: stage for name, stage in before["stages"].items() if name != "compare"
    }
    assert "# The rooms that decide" in (own_data / "dvc.yaml").read_text(encoding="utf-8")


def test_dvc_knows_its_stages(own_data: Path) -> None:
    assert run("my-texts", "--data", "data/my texts") == 0
    subprocess.run(["git", "init", "-q"], cwd=own_data, check=True)
    dvc = [sys.executable, "-m", "dvc"]
    subprocess.run([*dvc, "init", "-q"], cwd=own_data, check=True)
    listed = subprocess.run([*dvc, "stage", "list"], cwd=own_data, check=True, capture_output=True, text=True)
    names = {line.split()[0] for line in listed.stdout.splitlines()}
    stages = ("data", "tune", "baseline", "evaluate")
    assert {f"{stage}@my-texts" for stage in stages} <= names


def test_the_template_is_the_default_search() -> None:
    shipped = ExperimentFile.load(ROOT / "experiments" / "german-business-names.yaml")
    template = ROOT / "toolkit" / "configuration" / "new_experiment.yaml"
    text = template.read_text(encoding="utf-8").replace("@NAME@", "x").replace("@DIR@", "d")
    content = YAML(typ="safe").load(text)
    assert (
        content["search"]
        == YAML(typ="safe").load(
            (ROOT / "experiments" / "german-business-names.yaml").read_text(encoding="utf-8")
        )["search"]
    )
    assert {**content["pipeline"], "name": shipped.pipeline["name"]} == shipped.pipeline


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("my/texts", "--data", "data/my texts"), "cannot name an experiment"),
        (("x", "--data", "data"), "has no train.csv, valid.csv, test.csv"),
        (("x", "--data", ".."), "outside the project"),
    ],
)
def test_what_cannot_be_is_one_line(
    own_data: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert run(*arguments) == 1
    told = capsys.readouterr().err
    assert message in told
    assert len(told.splitlines()) == 1
    assert not (own_data / "experiments").exists()


def test_bad_data_leaves_nothing_behind(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own_data / "data" / "my texts" / "valid.csv").write_text("label,text\nzebra,five\na,six\n")
    before = (own_data / "dvc.yaml").read_bytes()
    assert run("my-texts", "--data", "data/my texts") == 1
    assert "zebra" in capsys.readouterr().err
    assert not (own_data / "experiments" / "my-texts.yaml").exists()
    assert (own_data / "dvc.yaml").read_bytes() == before


def test_an_experiment_that_exists_is_not_overwritten(own_data: Path) -> None:
    assert run("my-texts", "--data", "data/my texts") == 0
    assert run("my-texts", "--data", "data/my texts") == 1


@pytest.mark.parametrize(
    "text",
    [
        "stages: {}\n",
        "",
        "stages: [\n",
        "vars: [{data: {}}, {experiments: {}}, {baselines: {}}]\n"
        "stages: {compare: {cmd: [toolkit compare], deps: []}}\n",
    ],
)
def test_a_dvc_yaml_of_another_make_stays_as_it_is(
    own_data: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (own_data / "dvc.yaml").write_text(text)
    assert run("my-texts", "--data", "data/my texts") == 0
    told = capsys.readouterr()
    assert told.err.startswith(f"Note: {own_data / 'dvc.yaml'} has no ")
    assert "added" not in told.out
    assert (own_data / "dvc.yaml").read_text() == text
    assert ExperimentFile.load(own_data / "experiments" / "my-texts.yaml").name == "my-texts"


def test_stages_that_cannot_be_written_leave_no_experiment(
    own_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> Path:
        if path.name == "dvc.yaml":
            raise OSError(28, "No space left on device", str(path))
        return write_whole(path, text)

    monkeypatch.setattr(new, "write_whole", full)
    assert run("my-texts", "--data", "data/my texts") == 1
    assert capsys.readouterr() == ("", f"Error: {own_data / 'dvc.yaml'}: No space left on device\n")
    assert not (own_data / "experiments" / "my-texts.yaml").exists()
