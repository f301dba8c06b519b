"""What a shell offers on Tab: the right names, quickly, silently, and without leaving a trace."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.leaderboard.journals import Trial, write_search
from toolkit.cli import group
from toolkit.cli.asking_shell import _Bash, _Zsh
from toolkit.leaderboard.index import catch_up, open_index

ROOT = Path(__file__).parents[2]
OLD, NEW, OTHER = "aaaa00000001", "aaaa00000002", "bbbb00000000"


def a_trial(loss: float, lr: float) -> Trial:
    config = {
        "pipeline": {"char": {"dropout": 0.1, "size": 3}, "head": {"dropout": 0.2}},
        "trainer": {"optimizer": {"lr": lr}},
    }
    metrics = {"validation_loss": loss, "validation_fscore": 0.5, "validation_fscore__Hotels": 0.5}
    return Trial([metrics], params={"trainer.optimizer.lr": lr, "pipeline.char.dropout": lr}, config=config)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two searches of one experiment and one of another, indexed; it is the working directory."""
    runs = tmp_path / "runs"
    losses = [0.5, 0.3, 0.4, *([0.9] * 18)]
    write_search(runs / "names" / OLD, [a_trial(0.1, 0.1)], id=OLD)
    write_search(runs / "names" / NEW, [a_trial(loss, n) for n, loss in enumerate(losses)], id=NEW)
    write_search(runs / "my texts" / OTHER, [a_trial(0.2, 0.1)], id=OTHER, experiment="my texts")
    index = open_index(runs)
    catch_up(index, runs)
    index.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(*words: str) -> list[str]:
    """What zsh, which gives words as they are, is offered for the last of the words."""
    shell = _Zsh(group, {}, "toolkit", "_TOOLKIT_COMPLETE")
    *before, typed = words
    return [
        item.value if item.type == "plain" else f"({item.type})"
        for item in shell.get_completions(before, typed)
    ]


@pytest.mark.parametrize("command", ["compare", "sync", "prune"])
def test_searches(project: Path, command: str) -> None:
    assert offered(command, "") == ["my texts", "names"]
    assert offered(command, "na") == ["names", f"names@{NEW}", f"names@{OLD}"]
    assert offered(command, f"names@{OLD}") == [f"names@{OLD}"]
    assert offered(command, "other") == ["(dir)"]
    assert offered(command, "names", "my") == ["my texts", f"my texts@{OTHER}"]


def test_runs_are_offered_the_best_ones_first(project: Path) -> None:
    assert offered("show", "") == ["my texts", "names"]
    found = offered("show", "na")
    assert found[:6] == ["names", f"names@{NEW}", f"names@{OLD}", "names/1", "names/2", "names/0"]
    assert offered("show", "names/")[:3] == ["names/1", "names/2", "names/0"]
    assert offered("diff", "names/0", "names/2") == ["names/2", "names/20"]
    assert offered("show", f"names@{OLD}/") == [f"names@{OLD}/0"]
    assert offered("show", "names/x") == offered("show", "names/7777") == ["(dir)"]


def test_run_ids(project: Path) -> None:
    assert offered("show", "aaaa") == [NEW, OLD]
    assert offered("show", NEW)[:3] == [f"{NEW}-00001", f"{NEW}-00002", f"{NEW}-00000"]
    assert offered("replay", f"{NEW}-0002") == [f"{NEW}-00020"]
    assert offered("replay", f"{NEW}-0000") == [f"{NEW}-{n:05d}" for n in range(10)]
    assert offered("replay", f"{NEW}-02") == []


def test_a_replay_is_of_a_run(project: Path) -> None:
    assert offered("replay", "") == ["my texts", "names"]
    assert offered("replay", "my") == ["my texts/0"]


def test_metrics_and_those_of_labels_once_they_are_typed(project: Path) -> None:
    assert offered("compare", "--metric", "val") == ["validation_loss", "validation_fscore"]
    assert offered("compare", "--metric", "validation_fscore__") == ["validation_fscore__Hotels"]


def test_columns_by_an_end_of_their_path_that_no_other_has(project: Path) -> None:
    assert offered("compare", "--columns", "tr") == ["trial", "training", "trainer.optimizer.lr"]
    assert offered("compare", "--columns", "l") == ["lr"]
    assert offered("compare", "--drop", "ran") == ["rank"]
    assert offered("compare", "--group-by", "lr,char") == ["lr,char.dropout"]
    assert offered("compare", "--columns", "drop") == []  # that of the head is called so too
    assert offered("compare", "--columns", "lr,l") == []  # it is there already


def test_orders_and_conditions(project: Path) -> None:
    assert offered("compare", "--sort", "opt") == ["optimizer.lr"]
    assert offered("compare", "--sort", "-opt") == ["-optimizer.lr"]
    assert offered("compare", "--sort", "lr", "--sort", "-l") == ["-lr"]
    assert offered("compare", "--where", "epochs > 2 and (opt") == ["epochs > 2 and (optimizer.lr"]
    assert offered("compare", "--where", "status == 'st") == []


def test_trackers_folders_and_files(project: Path) -> None:
    assert {"mlflow", "wandb", "tensorboard"} <= set(offered("sync", "--to", ""))
    assert offered("compare", "--wandb", "wan") == offered("compare", "--project", "..") == ["(dir)"]
    (project / "experiments").mkdir()
    (project / "experiments" / "a.yaml").touch()
    for command in ("tune", "train", "baseline"):
        assert offered(command, "") == offered(command, "exp") == ["experiments/a.yaml"]
        assert offered(command, "oth") == ["(file)"]


def test_the_folder_of_journals_that_is_given(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert offered("compare", "--runs", str(project / "runs"), "na")[0] == "names"


def test_as_many_as_somebody_reads(project: Path) -> None:
    index = open_index(project / "runs")
    write_search(project / "runs" / "many" / ("c" * 12), [a_trial(0.1, n) for n in range(120)], id="c" * 12)
    catch_up(index, project / "runs")
    index.close()
    assert len(offered("replay", "many/")) == len(offered("replay", "cccc")) == 50


def test_without_an_index_the_folders_are_offered(project: Path) -> None:
    (project / "runs" / "index.sqlite").unlink()
    (project / "runs" / "empty").mkdir()
    assert offered("compare", "") == ["my texts", "names"]
    assert offered("show", "aaaa") == [OLD, NEW]
    assert offered("compare", "--metric", "") == []
    shutil.rmtree(project / "runs")
    assert offered("compare", "x") == ["(dir)"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, "another version"])
def test_an_index_that_cannot_be_read_offers_nothing_wrong(project: Path, content: bytes | str) -> None:
    path = project / "runs" / "index.sqlite"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 99")
        database.close()
    before = files(project)
    assert offered("compare", "--metric", "") == []
    assert offered("show", "na") in ([], ["names", f"names@{OLD}", f"names@{NEW}"])
    assert files(project) == before


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_nothing_is_written(project: Path) -> None:
    before = files(project)
    offered("show", "na")
    offered("compare", "--columns", "")
    assert files(project) == before


def test_while_somebody_writes_the_index(project: Path) -> None:
    """What is not committed is not there, what stands beside the file is, and nobody waits."""
    index = open_index(project / "runs")
    write_search(project / "runs" / "later" / ("d" * 12), [a_trial(0.1, 1)], id="d" * 12)
    catch_up(index, project / "runs")  # in the file beside it
    with index.writing():
        index.database.execute("DELETE FROM search")
        assert offered("compare", "") == ["later", "my texts", "names"]
    index.close()


SHELL = """
eval "$(_TOOLKIT_COMPLETE=bash_source toolkit)"
complete -p toolkit
ask() { COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _toolkit_completion toolkit
        printf '%s|' "${COMPREPLY[@]}"; echo; }
ask toolkit comp
ask toolkit show names@ | head -1
ask toolkit show names @
ask toolkit show names @ aaaa00000001
ask toolkit compare my
ask toolkit compare --metric = validation_l
ask toolkit compare --where '"lr < 1 and opt'
ask toolkit compare --sort -lr
ask toolkit nothing at all
"""


@pytest.fixture
def path_with_toolkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "toolkit"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m toolkit "$@"\n')
    script.chmod(0o755)
    yield f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_in_bash(project: Path, path_with_toolkit: str) -> None:
    """bash gives `names@aaaa` in three words, and asks for what is behind the name."""
    done = subprocess.run(
        ["bash", "--norc", "-c", SHELL],
        env={**os.environ, "PATH": path_with_toolkit},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o nosort -F _toolkit_completion toolkit",
        "compare|",
        f"@{NEW}|@{OLD}|",
        f"@{NEW}|@{OLD}|",
        f"@{OLD}|",
        rf"my\ texts|my\ texts@{OTHER}|",
        "validation_loss|",
        "lr < 1 and optimizer.lr|",
        "-lr|",
        "|",
    ]


def test_words_that_bash_takes_apart_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = _Bash(group, {}, "toolkit", "_TOOLKIT_COMPLETE")
    monkeypatch.setenv("COMP_WORDS", "toolkit\ndiff\na\n@\n1\nb@2\n--runs\n=\nx\ny\n@")
    monkeypatch.setenv("COMP_CWORD", "10")
    assert shell.get_completion_args() == (["diff", "a@1", "b@2", "--runs=x"], "y@")


@pytest.mark.parametrize(
    "words",
    [
        *("show na", "diff na", "replay na", "compare na", "sync na", "prune na"),
        *("compare --metric v", "compare --columns l"),
    ],
)
def test_few_modules_are_loaded(project: Path, words: str) -> None:
    """A tenth of a second is all there is, and half of it goes to Python and click."""
    code = (
        "import sys\nfrom toolkit.cli import main\n"
        "try: main()\nfinally: print('\\n'.join(sys.modules), file=sys.__stderr__)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_TOOLKIT_COMPLETE": "zsh_complete",
            "COMP_WORDS": f"toolkit {words}",
            "COMP_CWORD": str(len(words.split())),
        },
        capture_output=True,
        text=True,
    )
    assert "plain" in done.stdout
    loaded = set(done.stderr.splitlines())
    assert {name for name in loaded if name.startswith("toolkit")} <= {
        *("toolkit", "toolkit.errors", "toolkit.cli", "toolkit.cli.asking_shell", "toolkit.cli.completing"),
        *(f"toolkit.cli.{name}" for name in ("show", "diff", "replay", "compare", "sync", "prune")),
        *("toolkit.cli.registering", "toolkit.runs.sizes"),
        *("toolkit.runs", "toolkit.runs.layout", "toolkit.runs.secrets"),
        *("toolkit.leaderboard", "toolkit.leaderboard.glancing", "toolkit.leaderboard.index_file"),
    }
    assert loaded.isdisjoint({"rich", "yaml", "numpy", "pandas", "filelock", "subprocess"})


def test_whatever_goes_wrong_nothing_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from toolkit.cli import main, COMMANDS\n"
        "COMMANDS['broken'] = ('toolkit.cli.no_such_module', 'It cannot be imported.')\nmain()"
    )
    asked = {"_TOOLKIT_COMPLETE": "bash_complete", "COMP_WORDS": "toolkit\nbroken\n", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**os.environ, **asked, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_every_search_and_run_argument_is_completed() -> None:
    """No command was forgotten: an argument that is called SEARCH or RUN offers some."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        for parameter in command.params:
            if parameter.name in ("searches", "address", "run", "a", "b"):
                assert parameter._custom_shell_complete is not None, f"{name} {parameter.name}"
