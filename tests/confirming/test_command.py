"""`toolkit confirm`: what it prints, what it leaves, what it refuses. Trials train in this process."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.confirming.searches import searched, train_here, write_project
from toolkit.cli import main
from toolkit.leaderboard.index_file import FILE_NAME
from toolkit.runs import JournalWriter, Project, Search, find_searches, load_search, read_journal
from toolkit.runs.layout import trial_predictions


def confirm(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as end:
        main(["confirm", *map(str, arguments)])
    output = capsys.readouterr()
    assert "Traceback" not in output.err
    return int(end.value.code or 0), output.out, output.err


def refused(capsys: pytest.CaptureFixture[str], *arguments: Any) -> str:
    """The one line that a mistake gets."""
    code, out, err = confirm(capsys, *arguments)
    assert (code, out) == (1, "")
    line = err.strip().splitlines()[-1]
    assert line.startswith("Error: ")
    return line


def fresh() -> Search:
    (found,) = find_searches(Project.here(), ["toy-confirm"])
    return found


def test_leaders_on_fresh_seeds(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = confirm(capsys, "--top", 3, "--seeds", 2)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("validation_loss, lowest first | data/valid.csv (")
    titles = "rank run search seeds mean 95% interval luck best behind 95% interval McNemar"
    assert " ".join(lines[2].split()) == titles
    assert [line.split()[:2] for line in lines[3:6]] == [["1", "toy/0"], ["2", "toy/1"], ["3", "toy/2"]]
    assert re.search(r"^toy/0 scored 0\.\d{4} in the search and 0\.\d{4} on fresh seeds: ", out, re.MULTILINE)
    assert "The best of 3 equal configurations would look" in out
    found = fresh()
    assert "toy-confirm: search " + found.id + ", 3 leaders x 2 seeds" in err
    assert sorted(found.runs) == list(range(6))
    assert found.confirms == [f"{search.id}-{trial:05d}" for trial in range(3)]
    assert [path.name for path in Path("results").iterdir()] == ["toy"]  # git sees nothing of it


def test_json_has_the_numbers_of_the_journal(confirmed: Search, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = confirm(capsys, "--top", 2, "--seeds", 2, "--json")
    assert code == 0
    told, found = json.loads(out), fresh()
    assert (told["seeds"], told["resampled"], told["test"]) == (2, "rows and seeds", None)
    assert told["searches"] == [{"experiment": "toy-confirm", "search": found.id}]
    for place, leader in enumerate(told["leaders"]):
        runs = [found.runs[2 * seed + place] for seed in range(2)]
        scores = [min(point.metrics["validation_loss"] for point in run.points) for run in runs]
        assert leader["scores"] == scores
        assert leader["mean"] == pytest.approx(sum(scores) / 2)
        assert leader["luck"] == pytest.approx(leader["mean"] - leader["score"])
    assert sum(leader["probability_of_best"] for leader in told["leaders"]) == pytest.approx(1)
    assert told["leaders"][1]["mcnemar"].keys() == {"only_first", "only_this", "p", "p_holm"}


def test_a_second_call_trains_nothing_and_more_seeds_only_those(
    confirmed: Search, capsys: pytest.CaptureFixture[str]
) -> None:
    first = confirm(capsys, "--top", 2, "--seeds", 2)
    journal = fresh().folder.journal.read_bytes()
    assert confirm(capsys, "--top", 2, "--seeds", 2)[:2] == first[:2]
    assert fresh().folder.journal.read_bytes() == journal
    _, _, err = confirm(capsys, "--top", 2, "--seeds", 3)
    assert "going on: 4 of 6 trials have ended before" in err
    assert fresh().folder.journal.read_bytes().startswith(journal)
    assert confirm(capsys, "--top", 2, "--seeds", 2)[1] == first[1]


def test_fresh_seeds_win_no_leaderboard(confirmed: Search, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(capsys, "--top", 2, "--seeds", 2)
    main_compare = compared(capsys)
    assert {row["experiment"] for row in main_compare} == {"toy"}
    named = compared(capsys, "toy-confirm", "toy")
    assert [row["rank"] for row in named] == [1, 2, 3, 4, 1, 2, 3]
    elsewhere = compared(capsys, "--no-journals", "--project", str(Path.cwd()))  # not through the index
    assert {row["experiment"] for row in elsewhere} == {"toy"}
    both = compared(capsys, "runs")
    assert [row["experiment"] for row in both if row["rank"] == 1] == ["toy", "toy-confirm"]


def compared(capsys: pytest.CaptureFixture[str], *addresses: str) -> list[dict[str, Any]]:
    with pytest.raises(SystemExit):
        main(["compare", "--json", *addresses])
    return json.loads(capsys.readouterr().out)


def test_a_seed_that_failed_is_told(
    search: Search, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_fails(plan: Any, destination: Any, journal: JournalWriter, numbers: Any, *rest: Any) -> Any:
        journal.append("trial", 3, run="x", params={}, config=plan.trials[3].config, seed=0)
        journal.append("end", 3, status="FAILED", reason="ValueError: no")
        return train_here(plan, destination, journal, [n for n in numbers if n != 3])

    with monkeypatch.context() as patch:
        patch.setattr("toolkit.hpo.tune._search", lambda *given: started_with_failure(one_fails, *given))
        code, out, _ = confirm(capsys, "--top", 2, "--seeds", 2)
    assert code == 1
    found = fresh()
    assert f"Note: toy/1, seed 1 ({found.id}-00003) FAILED: ValueError: no." in out
    assert "1 of 2" in out.splitlines()[4]
    code, out, _ = confirm(capsys, "--top", 2, "--seeds", 2)  # tried again
    assert (code, "Note:" in out) == (0, False)


def started_with_failure(
    train: Any, plan: Any, destination: Any, journal: JournalWriter, numbers: Any, *rest: Any
) -> Any:
    """The journal begun, so that a trial can fail in it before the others are trained."""
    recording = train_here(plan, destination, journal, [])
    with JournalWriter(recording.destination.folder) as again:
        return train(plan, destination, again, numbers)


def test_kept_models_are_judged_without_training(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = confirm(capsys, "toy", "--top", 3, "--no-retrain", "--json")
    assert (code, err.strip()) == (0, "the models predict the validation data")
    told = json.loads(out)
    assert (told["seeds"], told["luck"], told["resampled"], told["searches"]) == (None, None, "rows", [])
    for leader in told["leaders"]:
        low, high = leader["interval"]
        assert low < leader["score"] < high
        assert leader["mean"] == pytest.approx(leader["score"], rel=1e-5)
    assert len(find_searches(Project.here(), every=True)) == 1
    code, text, err = confirm(capsys, "toy", "--top", 3, "--no-retrain")
    assert (code, err) == (0, "")  # the predictions are kept
    assert "Nothing was trained: the same rows that chose these models judge them here" in text


def test_a_broken_index_is_done_without(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(capsys, "--top", 1, "--no-retrain")  # what the models predict is kept from now on
    expected = confirm(capsys, "--top", 1, "--no-retrain")
    index = Project.here().runs / FILE_NAME
    whole = index.read_bytes()
    for start in range(4096, len(whole), 4096):
        index.write_bytes(whole[:start] + b"\xff" * 4096 + whole[start + 4096 :])
        assert confirm(capsys, "--top", 1, "--no-retrain") == expected


def test_predictions_are_made_anew_for_another_model_only(
    search: Search, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm(capsys, "--top", 2, "--no-retrain")
    (project / "data" / "valid.csv").rename(project / "valid.csv")
    assert confirm(capsys, "--top", 2, "--no-retrain")[0] == 0
    (project / "valid.csv").rename(project / "data" / "valid.csv")
    saved = trial_predictions(search.folder.trials, 0)
    before = saved.read_bytes()
    search.model(0).write_bytes(search.model(1).read_bytes())
    _, _, err = confirm(capsys, "--top", 2, "--no-retrain")
    assert "the models predict" in err
    assert saved.read_bytes() != before


def test_a_model_that_was_dropped_is_told_with_the_way_back(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    search = searched(write_project(project), Project.here(), keep_models=1)
    assert sorted(search.dropped_models) == [1, 2]
    code, out, _ = confirm(capsys, "--top", 2, "--no-retrain")
    run = search.runs[1].run_id
    command = f"toolkit replay {run} --model {search.model(1).relative_to(project)}"
    assert code == 0
    assert f"Note: the model of {run} was dropped (keep_models: 1); `{command}` trains it again." in out
    with pytest.raises(SystemExit):
        main(command.split()[1:])
    capsys.readouterr()
    assert "Note:" not in confirm(capsys, "--top", 2, "--no-retrain")[1]
    search.model(0).unlink()
    (project / "results" / "toy" / "model.tar.gz").unlink()
    trial_predictions(search.folder.trials, 0).unlink()
    told = refused(capsys, "--top", 2, "--no-retrain")
    assert f"toolkit replay {search.runs[0].run_id} --model " in told


def test_the_test_split_is_opened_on_request_and_that_is_written_down(
    confirmed: Search, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Test split" not in confirm(capsys, "--top", 2, "--seeds", 2)[1]
    assert notes() == []
    code, out, err = confirm(capsys, "--top", 2, "--seeds", 2, "--open-test")
    assert (code, "Warning" in err) == (0, False)
    assert "Test split data/test.csv (" in out
    rows = [line.split()[:2] for line in out.splitlines()[-4:]]
    assert rows == [["toy/0", "loss"], ["toy/0", "accuracy"], ["toy/1", "loss"], ["toy/1", "accuracy"]]
    (note,) = notes()
    assert note["text"] == "the test split data/test.csv was opened by `toolkit confirm --open-test`"
    assert (note["opened"]["path"], note["opened"]["rows"]) == ("data/test.csv", 30)
    (project / "experiments" / "toy.yaml").unlink()
    assert "name the file with --test FILE" in refused(capsys, "--top", 2, "--open-test")
    code, out, err = confirm(
        capsys, "--top", 2, "--seeds", 3, "--open-test", "--test", "data/test.csv", "--json"
    )
    told = json.loads(out)["test"]
    assert "Warning: data/test.csv was opened 1 time before, first at 20" in err
    assert len(told["opened_before"]) == 1
    assert [len(score["scores"]) for score in told["leaders"]] == [3] * 4
    assert len(notes()) == 2


def notes() -> list[dict[str, Any]]:
    return [record.body for record in read_journal(fresh().folder.journal) if record.kind == "note"]


def test_mistakes_are_one_line(search: Search, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "ask for --top 3" in refused(capsys, "--top", 9)
    assert "no search 'tory'" in refused(capsys, "tory")
    assert "no search below" in refused(capsys, "--runs", "nowhere")
    assert "there is no test file none.csv" in refused(
        capsys, "--top", 2, "--open-test", "--test", "none.csv"
    )
    assert "no run reports the metric 'loss'" in refused(capsys, "--metric", "loss")
    valid = project / "data" / "valid.csv"
    valid.write_bytes(valid.read_bytes() + b"Hotel,something new\n")
    assert "is not the validation data of" in refused(capsys, "--top", 2)
    assert "is not the validation data of" in refused(capsys, "--top", 2, "--no-retrain")
    assert not (project / "runs" / "toy-confirm").exists()
    journal = search.folder.journal
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    assert "has not ended: wait for it" in refused(capsys, "--top", 2)
    assert load_search(search.folder).status == "RUNNING"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--seeds", "1"), "1 is not in the range x>=2"),
        (("--top", "0"), "0 is not in the range x>=1"),
        (("--no-retrain", "--open-test"), "--no-retrain has none"),
        (("--no-retrain", "--seeds", "3"), "--seeds and --workers say nothing to it"),
        (("--test", "data/test.csv"), "without that, it stays sealed"),
    ],
)
def test_wrong_usage(
    arguments: tuple[str, ...], told: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = confirm(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())


@pytest.mark.slow
def test_kept_models_need_no_ray(search: Search) -> None:
    code = (
        "import sys\nfrom toolkit.cli import main\n"
        "try:\n    main(['confirm', '--top', '2', '--no-retrain'])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "assert 'ray' not in sys.modules and 'mlflow' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
