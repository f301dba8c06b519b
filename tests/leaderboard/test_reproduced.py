import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.leaderboard.committed import (
    SEARCH,
    TRIALS,
    commit_project,
    write_lock,
    write_results,
    write_test_metrics,
)
from tests.leaderboard.journals import Trial
from tests.runs.repository import commit, git
from toolkit.errors import NotFoundError
from toolkit.leaderboard import Reproduction, verify
from toolkit.leaderboard.as_verdict import verdict_in_words
from toolkit.runs import Project, check_name

ODD_NAME = "Größe \"a\" & 'b' [*]?"


@pytest.fixture
def committed(project: Path) -> Path:
    """A project with the results of `names` and `other` in its only commit."""
    commit_project(project, "names", "other")
    return project


def held(*experiments: str, against: str = "HEAD") -> Reproduction:
    return verify(Project.here(), experiments, against)


def told(found: Reproduction) -> list[str]:
    """The lines below the headline."""
    return [line.removeprefix("  ") for line in verdict_in_words(found).splitlines()[1:]]


def headline(found: Reproduction) -> str:
    return verdict_in_words(found).splitlines()[0].replace(found.revision.short, "SHA")


def whats(found: Reproduction) -> list[tuple[str | None, str, str]]:
    return [(one.experiment, one.file, one.what) for one in found.differences]


def replace(path: Path, old: str, new: str) -> None:
    content = path.read_bytes()
    assert old.encode() in content, f"{old} is not in {path}"
    path.write_bytes(content.replace(old.encode(), new.encode()))


def test_identical(committed: Path) -> None:
    assert verdict_in_words(held()) == (
        f"identical to the results committed in {git(committed, 'rev-parse', '--short', 'HEAD')}: 13 files"
    )
    write_results(committed, "names")  # the same search once more
    write_lock(committed, {"names": SEARCH, "other": SEARCH})
    assert (held().verdict, held().differences, held().largest_relative_difference) == ("identical", [], None)
    assert headline(held("names")) == "identical to the results committed in SHA: 6 files"


def test_files_that_git_ignores_or_does_not_keep_do_not_count(committed: Path) -> None:
    (committed / "results" / "names" / "model.tar.gz").write_bytes(b"another model")
    (committed / "results" / "names" / "timings.csv").unlink()
    (committed / "results" / "an empty folder").mkdir()
    assert held().verdict == "identical"


def test_last_digits_that_moved_keep_the_ranking(committed: Path) -> None:
    moved = 0.25 * (1 + 1e-9)
    write_results(committed, "names", [Trial([0.5, moved]), *TRIALS[1:]])
    write_test_metrics(committed, "names", loss=0.30448952472377016, accuracy=0.9)
    (committed / "results" / "names" / "model.tar.gz").write_bytes(b"other weights")
    write_lock(committed, {"names": SEARCH, "other": SEARCH})
    found = held()
    assert found.verdict == "same ranking"
    assert found.largest_relative_difference == pytest.approx(1e-9)
    assert (
        headline(found) == "same ranking as the results committed in SHA, last digits differ: 6 of 13 files"
    )
    most, lock = told(found)
    assert most.startswith("most of all results/names/") and "differs by 1e-09 at most, " in most
    assert lock == (
        "as a consequence dvc.lock has other digests of results/names/leaderboard.csv, "
        "results/names/model.tar.gz, results/names/search.json and 1 more"
    )
    assert {one.file for one in found.differences} == {
        "results/leaderboard.csv",
        *(f"results/names/{name}" for name in ("leaderboard.csv", "metrics.json", "learning_curves.csv")),
        *(f"results/names/{name}" for name in ("search.json", "test/metrics.json")),
    }


def test_only_the_bytes_of_a_model_are_others(committed: Path) -> None:
    (committed / "results" / "names" / "model.tar.gz").write_bytes(b"other weights")
    write_lock(committed, {"names": SEARCH, "other": SEARCH})
    found = held()
    assert (found.verdict, whats(found), found.largest_relative_difference) == ("same ranking", [], None)
    assert (
        headline(found) == "same ranking as the results committed in SHA: 13 files identical, dvc.lock is not"
    )
    assert told(found) == ["as a consequence dvc.lock has other digests of results/names/model.tar.gz"]
    assert held("other").verdict == "identical"


@pytest.mark.parametrize(
    ("change", "verdict"), [(1e-9, "same ranking"), (0.9e-6, "same ranking"), (1.1e-6, "different")]
)
def test_how_much_are_last_digits(committed: Path, change: float, verdict: str) -> None:
    write_test_metrics(committed, "names", loss=0.30448952472377006 * (1 + change), accuracy=0.9)
    assert held().verdict == verdict


def test_another_winner(committed: Path) -> None:
    write_results(committed, "names", [Trial([0.5, 0.35]), *TRIALS[1:]])
    found = held("names")
    assert found.verdict == "different"
    assert headline(found) == "different from the results committed in SHA: 4 changed of 6 files"
    assert told(found)[0] == (
        "names: the winner changed, trial 0 (validation_loss 0.25) -> trial 1 (validation_loss 0.3)"
    )
    assert found.largest_relative_difference is None
    assert held().differences[-1].file.startswith("results/names/")
    assert ("results/leaderboard.csv") in {one.file for one in held().differences}


def test_another_winner_of_all_searches(committed: Path) -> None:
    write_results(committed, "other", [Trial([0.9, 0.2])])
    assert (
        "results/leaderboard.csv: the winner changed, "
        "trial names/0 (validation_loss 0.25) -> trial other/0 (validation_loss 0.2)"
    ) in told(held())


def test_another_order_behind_the_winner(committed: Path) -> None:
    write_results(committed, "names", [TRIALS[0], TRIALS[1], Trial([0.2999], status="STOPPED", rung=1)])
    assert told(held("names"))[0] == (
        "names: the order differs from rank 2 on, "
        "trial 1 (validation_loss 0.3) -> trial 2 (validation_loss 0.2999)"
    )


def test_trials_that_ended_otherwise(committed: Path) -> None:
    again = [Trial([0.5, 0.25]), Trial([0.4, 0.3, 0.6]), Trial([0.75], status="COMPLETED")]
    write_results(committed, "names", again)
    found = held("names")
    assert found.verdict == "different"
    assert told(found)[0] == (
        "names: 2 of 3 trials ended otherwise, "
        "as trial 1 COMPLETED after 2 epochs -> COMPLETED after 3 epochs"
    )
    assert found.timed == []
    (committed / "results" / "new.txt").write_text("what the leaderboard of all repeats stands behind it")
    lines = told(held())
    assert lines[1] == "results/new.txt: is new"
    assert any(
        line.startswith("results/leaderboard.csv: 2 of 4 trials ended otherwise, ") for line in lines[2:]
    )


def test_a_scheduler_that_decides_by_timing_is_named(committed: Path) -> None:
    asha = {**SEARCH, "search": {"num_samples": 3, "scheduler": {"type": "asha_async"}}}
    write_lock(committed, {"names": asha, "other": asha})
    commit(committed)
    write_results(committed, "names", [*TRIALS[:2], Trial([0.75, 0.8])])
    assert told(held())[-1] == "asha_async stops trials by timing, so this may come out otherwise: names"


def test_fewer_trials_and_the_parameter_that_says_so(committed: Path) -> None:
    write_results(committed, "names", TRIALS[:2])
    fewer = {**SEARCH, "search": {"num_samples": 2, "scheduler": {"type": "fifo"}}}
    write_lock(committed, {"names": fewer, "other": SEARCH})
    found = held()
    assert found.verdict == "different"
    assert whats(found)[:3] == [
        ("names", "experiments/names.yaml", "search.num_samples 3 -> 2"),
        (
            "names",
            "results/names/leaderboard.csv",
            "the order differs from rank 3 on, trial 2 (validation_loss 0.75) -> none",
        ),
        (
            None,
            "results/leaderboard.csv",
            "the order differs from rank 3 on, trial names/2 (validation_loss 0.75) -> "
            "trial other/0 (validation_loss 0.8)",
        ),
    ]
    assert ("names", "results/names/leaderboard.csv", "1 trial is gone: trial 2") in whats(found)
    assert told(found)[0] == "experiments/names.yaml: search.num_samples 3 -> 2"
    assert held("other").verdict == "identical"


@pytest.mark.parametrize(
    ("params", "what"),
    [
        ({"name": "names", "search": {"num_samples": 3}}, "search.scheduler.type fifo -> -"),
        (
            {**SEARCH, "trainer": {"lr": 0.1, "clip": None, "early": False}},
            "trainer.clip - -> null, trainer.early - -> false, trainer.lr - -> 0.1",
        ),
        ({**SEARCH, "name": 1}, "name names -> 1"),
        (
            {"name": "names", "search": {**SEARCH["search"], "num_samples": 3.0}},
            "search.num_samples 3 -> 3.0",
        ),
        (
            {**SEARCH, "a": {str(number): number for number in range(7)}},
            "a.0 - -> 0, a.1 - -> 1, a.2 - -> 2, a.3 - -> 3, a.4 - -> 4 and 2 more",
        ),
    ],
)
def test_parameters_that_changed(committed: Path, params: dict[str, Any], what: str) -> None:
    write_lock(committed, {"names": params, "other": SEARCH})
    assert whats(held()) == [("names", "experiments/names.yaml", what)]
    assert (
        headline(held()) == "different from the results committed in SHA: 13 files identical, dvc.lock is not"
    )


def test_code_that_changed(committed: Path) -> None:
    write_lock(committed, {"names": SEARCH, "other": SEARCH}, code="0ther")
    found = held()
    assert found.verdict == "different"
    assert whats(found) == [(None, "dvc.lock", "what the stages read or write changed: toolkit/nn")]
    assert found.digests == []
    assert whats(held("other")) == [
        ("other", "dvc.lock", "what the stages read or write changed: toolkit/nn")
    ]


def test_other_inputs_by_name(committed: Path) -> None:
    replace(committed / "dvc.lock", "path: toolkit/nn", "path: toolkit/text")
    told_of = "what the stages read or write changed: toolkit/nn, toolkit/text"
    assert whats(held("names")) == [("names", "dvc.lock", told_of)]


def test_stages_that_came_and_went(committed: Path) -> None:
    write_lock(committed, {"names": SEARCH})
    assert whats(held()) == [("other", "dvc.lock", "stages that are gone: evaluate@other, tune@other")]
    commit(committed)
    write_lock(committed, {"names": SEARCH, "other": SEARCH})
    replace(committed / "dvc.lock", "tune experiments/names.yaml", "tune -v experiments/names.yaml")
    assert whats(held()) == [
        ("names", "dvc.lock", "stages with another command: tune@names"),
        ("other", "dvc.lock", "stages that are new: evaluate@other, tune@other"),
    ]


def test_a_lock_of_another_run_than_the_results(committed: Path) -> None:
    kept = (committed / "results" / "names" / "search.json").read_bytes()
    (committed / "results" / "names" / "search.json").write_bytes(b"other")
    write_lock(committed, {"names": SEARCH, "other": SEARCH})
    (committed / "results" / "names" / "search.json").write_bytes(kept)
    told_of = "has another digest of results/names/search.json, which lies there as committed"
    assert whats(held()) == [("names", "dvc.lock", told_of)]


@pytest.mark.parametrize(
    ("content", "verdict", "what"),
    [
        (b"<<<<<<< HEAD\n", "different", "cannot be read as DVC writes it"),
        (b"[1, 2]\n", "different", "cannot be read as DVC writes it"),
        (b"\xff\n", "different", "cannot be read as DVC writes it"),
        (None, "different", "is missing"),
    ],
)
def test_a_lock_that_is_no_lock(committed: Path, content: bytes | None, verdict: str, what: str) -> None:
    if content is None:
        (committed / "dvc.lock").unlink()
    else:
        (committed / "dvc.lock").write_bytes(content)
    assert (held().verdict, whats(held())) == (verdict, [(None, "dvc.lock", what)])


def test_a_lock_that_is_written_otherwise(committed: Path) -> None:
    replace(committed / "dvc.lock", "stages:", "# by hand\nstages:")
    assert held().verdict == "same ranking"
    assert told(held()) == ["dvc.lock: has the same values, written otherwise"]
    assert held("names").verdict == "identical"


def test_without_any_lock_and_with_a_new_one(project: Path) -> None:
    write_results(project, "names")
    commit(project)
    assert held().verdict == "identical"
    write_lock(project, {"names": SEARCH})
    assert whats(held()) == [(None, "dvc.lock", "is new")]
    (project / ".gitignore").write_text("dvc.lock\n")
    assert held().verdict == "identical"


def test_missing_and_new_files(committed: Path) -> None:
    (committed / "results" / "names" / "metrics.json").unlink()
    (committed / "results" / "names" / "notes.txt").write_text("new")
    (committed / "results" / "top.csv").write_text("new")
    shutil.rmtree(committed / "results" / "other")
    write_results(committed, "late")
    (committed / "results" / "leaderboard.csv").write_bytes(
        git(committed, "show", "HEAD:results/leaderboard.csv").encode() + b"\n"
    )
    found = held()
    assert headline(found) == "different from the results committed in SHA: 7 missing of 13 files, 8 new"
    assert told(found) == [
        "results/late: 6 files are new",
        "results/names/metrics.json: is missing",
        "results/names/notes.txt: is new",
        "results/other: 6 files are missing",
        "results/top.csv: is new",
    ]
    assert headline(held("late")) == "different from the results committed in SHA: 6 new"


def test_a_file_that_was_added_to_the_index_is_new(committed: Path) -> None:
    (committed / "results" / "names" / "notes.txt").write_text("new")
    git(committed, "add", "results")
    assert told(held()) == ["results/names/notes.txt: is new"]


def test_everything_is_gone(committed: Path) -> None:
    shutil.rmtree(committed / "results")
    assert headline(held()) == "different from the results committed in SHA: 13 missing of 13 files"


def test_test_metrics_by_how_much(committed: Path) -> None:
    write_test_metrics(committed, "names", loss=0.30448952472377006, accuracy=0.906)
    assert told(held()) == ["results/names/test/metrics.json: accuracy 0.9 -> 0.906 (+0.006)"]
    write_test_metrics(committed, "names", loss=0.2, accuracy=0.906, recall=0.5, precision=0.5)
    assert told(held()) == [
        "results/names/test/metrics.json: loss 0.3045 -> 0.2 (-0.1), accuracy 0.9 -> 0.906 (+0.006), "
        "recall - -> 0.5 and 1 more"
    ]


def test_other_files_by_what_is_in_them(committed: Path) -> None:
    results = committed / "results" / "names"
    (results / "notes.txt").write_text("one")
    (results / "numbers.csv").write_text("id,seed,value\n1334e2790424,611942271,0.5\nb,2,0.75\n")
    (results / "numbers.yaml").write_text("a: [1.5, 2.5]\nb: {c: x}\nd: []\n")
    commit(committed)
    (results / "notes.txt").write_text("two")
    (results / "numbers.csv").write_text("id,seed,value\n1335e2790424,611942272,0.5\nb,2,0.75\nc,3,1.5\n")
    (results / "numbers.yaml").write_text("a: [1.5, 5.0]\nb: {c: x, e: y}\n")
    assert told(held()) == [
        "results/names/notes.txt: has other bytes",
        "results/names/numbers.csv: 2 values are not the same, as line 2, id: 1334e2790424 -> 1335e2790424; "
        "3 values are new",
        "results/names/numbers.yaml: 1 value is not the same, as a[1]: 2.5 -> 5; "
        "1 value is gone; 1 value is new",
    ]


@pytest.mark.parametrize("name", ["leaderboard.csv", "search.json", "best_config.yaml", "metrics.json"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'a,b\n"', b"{", b"a: b: c", b"rank\n1\n"])
def test_files_that_cannot_be_read_differ(committed: Path, name: str, content: bytes) -> None:
    (committed / "results" / "names" / name).write_bytes(content)
    found = held("names")
    assert (found.verdict, {one.file for one in found.differences}) == (
        "different",
        {f"results/names/{name}"},
    )


def test_leaderboards_that_were_cut_off_differ(committed: Path) -> None:
    path = committed / "results" / "names" / "leaderboard.csv"
    whole = path.read_bytes()
    for length in range(0, len(whole), 11):
        path.write_bytes(whole[:length])
        assert held("names").verdict == "different"


def test_another_search_id_says_why(committed: Path) -> None:
    write_results(committed, "names", id="bbbb00000000")
    assert told(held("names"))[0] == (
        "results/names/leaderboard.csv: another search, aaaa00000000 -> bbbb00000000: "
        "its data, configuration or code changed"
    )
    assert sum("another search" in one.what for one in held().differences) == 1


def test_line_ends_count_where_git_counts_them(committed: Path) -> None:
    (committed / ".gitattributes").write_text("* text=auto eol=lf\n*.csv -text\n")
    commit(committed)
    replace(committed / "results" / "names" / "metrics.json", "\n", "\r\n")
    assert held().verdict == "identical"
    replace(committed / "results" / "names" / "leaderboard.csv", "\n", "\r\n")
    assert headline(held()) == (
        "same ranking as the results committed in SHA, no number differs: 1 of 13 files written otherwise"
    )


@pytest.mark.parametrize("name", [ODD_NAME, "Gro\u0308ße", ":(top)x", "-x", "test", "data"])
def test_odd_names_of_experiments(project: Path, name: str) -> None:
    check_name(name)
    folder = Project.here().results_of(name).name
    commit_project(project, folder, "names")
    assert (held().verdict, held(name).verdict, held(name).committed) == ("identical", "identical", 6)
    write_results(project, folder, [Trial([0.5, 0.35]), *TRIALS[1:]])
    (project / "results" / folder / 'Übersicht "neu".csv').write_text("a\n1\n")
    write_lock(project, {folder: {**SEARCH, "search": {"num_samples": 2}}, "names": SEARCH})
    lines = told(held(name))
    assert lines[0] == (
        f"{folder}: the winner changed, trial 0 (validation_loss 0.25) -> trial 1 (validation_loss 0.3)"
    )
    assert lines[1].startswith(f"experiments/{folder}.yaml: search.num_samples 3 -> 2")
    assert f'results/{folder}/Übersicht "neu".csv: is new' in lines
    assert held("names").verdict == "identical"


def test_names_that_are_no_utf8(committed: Path) -> None:
    try:
        (committed / "results" / "names" / "b\udcff\n.txt").write_text("x")
    except OSError:
        pytest.skip("this file system keeps no such names")
    assert "results/names/b\\udcff\\n.txt: is new" in verdict_in_words(held())


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["nams"], "no folder 'nams' below results/, neither committed nor now; there are: names"),
        (["names", "xyz"], "no folder 'xyz' below results/, .*; there are: names, other"),
        (["results/names"], "there are: names"),
        ([""], "no folder '' below"),
    ],
)
def test_names_that_are_no_folder(committed: Path, names: list[str], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        held(*names)


def test_what_there_is_nothing_to_compare_with(project: Path) -> None:
    write_results(project, "names")
    with pytest.raises(NotFoundError, match="nothing committed to compare"):
        held()
    git(project, "init", "--quiet")
    with pytest.raises(NotFoundError, match="'HEAD' is no commit"):
        held()
    git(project, "add", "dvc.yaml")
    git(project, "commit", "--quiet", "--message", "no results")
    with pytest.raises(NotFoundError, match="has nothing below results/: commit"):
        held()
    commit(project)
    with pytest.raises(NotFoundError, match="'v1' is no commit"):
        held(against="v1")
    assert held().verdict == "identical"


def test_an_older_revision(committed: Path) -> None:
    write_results(committed, "names", [Trial([0.5, 0.35]), *TRIALS[1:]])
    commit(committed)
    assert held().verdict == "identical"
    assert held(against="HEAD~1").verdict == "different"
    assert held(against="HEAD~1").revision.sha == git(committed, "rev-parse", "HEAD~1")


def test_a_project_below_the_root_of_its_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "all of them" / "mine"
    (project / "notebooks").mkdir(parents=True)
    (project / "dvc.yaml").write_text("stages: {}\n")
    commit_project(project, "names")
    shutil.rmtree(project / ".git")
    (tmp_path / "results" / "names").mkdir(parents=True)
    (tmp_path / "results" / "names" / "not mine.csv").write_text("a\n")
    commit(tmp_path)
    monkeypatch.chdir(project / "notebooks")
    assert (held().verdict, held().committed) == ("identical", 7)
    (project / "results" / "names" / "timings.csv").write_text("ignored")
    replace(project / "results" / "names" / "metrics.json", "0.25", "0.2")
    assert [one.file for one in held().differences] == ["results/names/metrics.json"]


def test_a_temporary_copy_of_dvc_has_its_own_repository(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = committed / ".dvc" / "tmp" / "exps" / "tmpabc"
    git(committed, "clone", "--quiet", ".", str(copy))
    monkeypatch.chdir(copy)
    assert held().verdict == "identical"
    replace(committed / "results" / "names" / "metrics.json", "0.25", "0.2")
    assert held().verdict == "identical"
    replace(copy / "results" / "names" / "metrics.json", "0.25", "0.2")
    assert held().verdict == "different"


def test_results_that_lie_elsewhere_stand_for_the_committed_ones(committed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    shutil.copytree(committed / "results", elsewhere)
    (committed / "dvc.lock").unlink()  # which tells nothing of that folder
    project = Project.here().with_folders(None, elsewhere)
    assert verify(project).verdict == "identical"
    (elsewhere / "names" / "metrics.json").unlink()
    (elsewhere / "names" / "timings.csv").write_text("ignored in results/, so here too")
    assert [(one.file, one.what) for one in verify(project).differences] == [
        ("results/names/metrics.json", "is missing")
    ]
    here = Project.here().with_folders(None, committed / "results")
    assert [one.file for one in verify(here).differences] == ["dvc.lock"]


def test_differences_of_numbers_mean_nothing_where_results_are_different(committed: Path) -> None:
    write_test_metrics(committed, "other", loss=0.30448952472377006 * (1 + 1e-9), accuracy=0.9)
    assert held().largest_relative_difference == pytest.approx(1e-9)
    (committed / "results" / "names" / "metrics.json").unlink()
    assert held().largest_relative_difference is None
    assert told(held()) == ["results/names/metrics.json: is missing"]
    assert len(held().differences) == 2


def test_links_are_what_git_keeps_of_them(committed: Path) -> None:
    link = committed / "results" / "names" / "newest.csv"
    link.symlink_to("leaderboard.csv")
    assert told(held()) == ["results/names/newest.csv: is new"]
    commit(committed)
    assert held().verdict == "identical"
    link.unlink()
    link.symlink_to("learning_curves.csv")
    assert "results/names/newest.csv" in told(held())[0]
    link.unlink()
    link.symlink_to(committed)
    (committed / "results" / "all").symlink_to(committed)
    assert told(held())[0] == "results/all: is new"
    assert held("names").verdict == "different"


def test_ten_lines_at_most_and_how_many_more(committed: Path) -> None:
    for number in range(12):
        (committed / "results" / "names" / f"{number:02d}.txt").write_text("new")
    lines = told(held())
    assert len(lines) == 11
    assert lines[-2:] == ["results/names/09.txt: is new", "and 2 more: --json has them all"]
    assert len(held().differences) == 12


@pytest.mark.parametrize(
    "spoil",
    [
        lambda about: about.pop("search"),
        lambda about: about["search"].pop("metric"),
        lambda about: about["search"].update(metric="none"),
    ],
)
def test_a_winner_whose_metric_is_not_known(committed: Path, spoil: Callable[[dict[str, Any]], Any]) -> None:
    path = committed / "results" / "names" / "search.json"
    about = json.loads(path.read_bytes())
    spoil(about)
    path.write_text(json.dumps(about))
    commit(committed)
    write_results(committed, "names", [Trial([0.5, 0.35]), *TRIALS[1:]])
    assert told(held("names"))[0] == "names: the winner changed, trial 0 -> trial 1 (validation_loss 0.3)"
