import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.leaderboard.committed import TRIALS, commit_project, write_results
from tests.leaderboard.journals import Trial
from tests.runs.repository import commit
from toolkit import cli
from toolkit.cli.verify import command


@pytest.fixture
def committed(project: Path) -> Path:
    commit_project(project, "names", 'Größe "a" b')
    return project


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def other_winner(root: Path) -> None:
    write_results(root, "names", [Trial([0.5, 0.35]), *TRIALS[1:]])


def last_digits(root: Path) -> None:
    write_results(root, "names", [Trial([0.5, 0.25 * (1 + 1e-9)]), *TRIALS[1:]])


def test_identical_is_one_line_on_stdout(committed: Path) -> None:
    result = verify()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("identical to the results committed in ")
    assert result.stdout.endswith(": 13 files\n")


@pytest.mark.parametrize(
    ("change", "verdict", "code"),
    [(None, "identical", 0), (last_digits, "same ranking", 1), (other_winner, "different", 1)],
)
def test_exit_code_says_it_where_it_is_asked_for(
    committed: Path, change: object, verdict: str, code: int
) -> None:
    if callable(change):
        change(committed)
    assert verify().stdout.startswith(verdict)
    assert [verify().exit_code, verify("--exit-code").exit_code] == [0, code]
    assert [verify("--json").exit_code, verify("--json", "--exit-code").exit_code] == [0, code]
    assert json.loads(verify("--json").stdout)["verdict"] == verdict


def test_json_of_results_that_are_different(committed: Path) -> None:
    (committed / "x").write_text("x")
    sha = commit(committed)
    other_winner(committed)
    told = json.loads(verify("names", "--json").stdout)
    assert {key: told[key] for key in told if key != "differences"} == {
        "verdict": "different",
        "revision": sha,
        "files": 6,
        "largest_relative_difference": None,
    }
    assert told["differences"][0] == {
        "experiment": "names",
        "file": "results/names/leaderboard.csv",
        "what": "the winner changed, trial 0 (validation_loss 0.25) -> trial 1 (validation_loss 0.3)",
    }
    assert {tuple(one) for one in told["differences"]} == {("experiment", "file", "what")}


def test_json_of_the_same_ranking_and_of_identical_results(committed: Path) -> None:
    told = json.loads(verify("--json").stdout)
    assert (told["files"], told["differences"], told["largest_relative_difference"]) == (13, [], None)
    last_digits(committed)
    told = json.loads(verify("--json").stdout)
    assert told["largest_relative_difference"] == pytest.approx(1e-9)
    assert ("names", "results/names/metrics.json") in {
        (one["experiment"], one["file"]) for one in told["differences"]
    }


def test_names_with_umlauts_spaces_and_quotes_are_printed_as_they_are(committed: Path) -> None:
    folder = committed / "results" / 'Größe "a" b'
    (folder / "metrics.json").unlink()
    told = 'results/Größe "a" b/metrics.json'
    assert verify('Größe "a" b').stdout.splitlines()[1] == f"  {told}: is missing"
    assert json.loads(verify("--json").stdout)["differences"][0]["file"] == told


def test_a_name_that_is_no_utf8_is_told(committed: Path) -> None:
    try:
        (committed / "results" / "names" / "b\udcff.txt").write_text("x")
    except OSError:
        pytest.skip("this file system keeps no such names")
    assert "results/names/b\\udcff.txt: is new" in verify().stdout
    assert json.loads(verify("--json").stdout)["differences"][0]["file"] == "results/names/b\udcff.txt"


def test_other_results_and_another_revision(committed: Path, tmp_path: Path) -> None:
    other_winner(committed)
    commit(committed)
    assert verify().stdout.startswith("identical")
    assert verify("--against", "HEAD~1", "names").stdout.startswith("different")
    (tmp_path / "empty").mkdir()
    assert "13 missing of 13 files" in verify("--results", str(tmp_path / "empty")).stdout
    assert verify("--results", str(tmp_path / "none")).exit_code == 2


def test_from_a_folder_of_the_project(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(committed / "results" / "names")
    assert verify("names").stdout.startswith("identical")


def main(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(["verify", *arguments])
    out, err = capsys.readouterr()
    return end.value.code, out, err


def test_errors_are_one_line_on_stderr(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_results(project, "names")
    code, out, err = main(capsys)
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: nothing committed to compare {project} with: not a git repository")
    assert len(err.splitlines()) == 1

    commit(project)
    for arguments, line in [
        (
            ["--against", "v9"],
            f"Error: 'v9' is no commit of the repository at {project}: see `git log --oneline`",
        ),
        (["nmes"], "Error: no folder 'nmes' below results/, neither committed nor now; there are: names"),
    ]:
        assert main(capsys, *arguments) == (1, "", f"{line}\n")


def test_nothing_heavy_is_imported(committed: Path) -> None:
    heavy = "heavy = {'torch', 'ray', 'mlflow', 'wandb', 'pandas', 'numpy', 'sklearn', 'sqlalchemy', 'dvc'}"
    script = f"""
import sys
from toolkit.cli.verify import command
try:
    command(['names'], standalone_mode=False)
except SystemExit:
    pass
{heavy}
print(sorted(heavy & sys.modules.keys()), file=sys.stderr)
"""
    other_winner(committed)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert done.stdout.startswith("different")
