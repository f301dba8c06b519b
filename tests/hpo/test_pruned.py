"""Real searches after `toolkit prune`: compared, evaluated, mirrored, and gone on with."""

import json
from pathlib import Path
from typing import Any

import pytest

from toolkit.cli import main
from toolkit.configuration.experiment import ExperimentFile
from toolkit.hpo.tune import plan_of, run_search
from toolkit.leaderboard.outcome import SearchOutcome
from toolkit.runs import Project, Status, load_search

pytestmark = [pytest.mark.usefixtures("ray_running"), pytest.mark.slow]


def search(content: dict[str, Any], **arguments: Any) -> SearchOutcome:
    experiment, project = ExperimentFile(**content), Project.here()
    return run_search(experiment, plan_of(experiment, project.root), project, **arguments)


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command prints on stdout; on stderr where it fails."""
    with pytest.raises(SystemExit) as exit_:
        main(list(words))
    output = capsys.readouterr()
    assert int(exit_.value.code or 0) == code, output.err
    return output.err if code else output.out


def test_what_reads_a_search_reads_it_after_a_prune(
    toy_project: Path, toy_experiment: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    content = {**toy_experiment, "keep_models": "all", "tracking": {"tensorboard": {}}}
    old = search(content).search
    search(content, again=True)
    before = told(capsys, "compare", "--all", "--json")
    told(capsys, "sync")
    freed = json.loads(told(capsys, "prune", "--yes", "--json"))["freed"]
    assert freed > 0
    assert told(capsys, "compare", "--all", "--json") == before
    assert "shipped, " not in told(capsys, "sync")
    pruned = load_search(old.folder)
    assert [n for n in range(6) if pruned.model(n).is_file()] == [pruned.best_trial]
    scores = told(capsys, "evaluate", pruned.runs[pruned.best_trial or 0].run_id, "data/valid.csv", "--json")
    assert json.loads(scores)["metrics"]["accuracy"] > 0
    lost = pruned.runs[min(pruned.dropped_models)].run_id
    assert f"the model of {lost} was dropped (toolkit prune)" in told(
        capsys, "evaluate", lost, "data/valid.csv", code=1
    )
    told(capsys, "replay", lost, "--model", "again.tar.gz")
    told(capsys, "evaluate", "again.tar.gz", "data/valid.csv", "--json")


@pytest.mark.parametrize("lines", [5, 9, 14])
def test_an_unfinished_search_goes_on_to_the_same_results(
    toy_project: Path, toy_experiment: dict[str, Any], capsys: pytest.CaptureFixture[str], lines: int
) -> None:
    finished = search(toy_experiment, workers=1)
    wanted = {name: path.read_bytes() for name, path in finished.results.items() if name != "timings"}
    begun = search(toy_experiment, again=True).search
    journal = begun.folder.journal
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:lines]))  # as after a kill
    assert load_search(begun.folder).status is Status.RUNNING
    told(capsys, "prune", "--unfinished", "--keep-models", "0", "--yes")
    again = search(toy_experiment)
    assert again.search.folder == begun.folder
    assert {name: again.results[name].read_bytes() for name in wanted} == wanted
